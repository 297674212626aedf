// What is graded of the count: exact for the family of Table 6 and beyond, and what known mistakes give.
import { check } from "residual";

type Network = {
  readonly depth: number;
  readonly width: number;
  readonly shortcuts: string;
  readonly classes: number;
};

/** What a mistake changes in the count. */
interface Changes {
  readonly n?: number;
  readonly perChannel?: number;
  readonly first?: number;
  readonly projections?: number;
  readonly classifier?: number;
  readonly narrowFirst?: boolean;
}

/** Summed by kinds of parameters, not by layers. */
function count({ depth, width, shortcuts, classes }: Network, changes: Changes = {}): number {
  const {
    n = (depth - 2) / 6,
    perChannel = 2,
    first = 27 * width + perChannel * width,
    projections = shortcuts === "B" ? 10 * width ** 2 + perChannel * 6 * width : 0,
    classifier = (4 * width + 1) * classes,
    narrowFirst = true,
  } = changes;
  const norms = perChannel * 2 * n * 7 * width;
  const kernels = 9 * 2 * n * 21 * width ** 2;
  // The first convolution of a stage gets half the channels.
  const saved = narrowFirst ? 9 * (2 + 8) * width ** 2 : 0;
  return first + kernels - saved + norms + projections + classifier;
}

const isB = ({ shortcuts }: Network) => shortcuts === "B";

const mistakes: readonly check.Mistake<Network>[] = [
  {
    mistake: "takes-one-class-for-none",
    message:
      "with one class the fully connected layer has another size here: it has a weight for each channel and a bias",
    gives: (network) => count(network, network.classes === 1 ? { classifier: 4 * network.width } : {}),
  },
  {
    mistake: "stops-at-100-classes",
    message: "there are limits on the number of classes here: it may be 1, and it may be 1000",
    gives: (network) => count({ ...network, classes: Math.min(Math.max(network.classes, 2), 100) }),
  },
  {
    mistake: "takes-two-classes-for-one",
    message: "two classes are counted as one number here: the fully connected layer gives one for each class",
    gives: (network) => count({ ...network, classes: network.classes === 2 ? 1 : network.classes }),
  },
  {
    mistake: "stops-at-1000-classes",
    message: "more than 1000 classes are counted as 1000: there may be any number of them",
    gives: (network) => count({ ...network, classes: Math.min(network.classes, 1000) }),
  },
  {
    mistake: "stops-at-1202-layers",
    message: "networks of more than 1202 layers are counted as 1202: the family goes on",
    gives: (network) => count({ ...network, depth: Math.min(network.depth, 1202) }),
  },
  {
    mistake: "stops-at-160-channels",
    message: "more than 160 channels are counted as 160: the width may be any number from 1",
    gives: (network) => count({ ...network, width: Math.min(network.width, 160) }),
  },
  {
    mistake: "starts-at-20-layers",
    message: "networks of fewer than 20 layers are counted as 20: the family begins at n = 1",
    gives: (network) => count({ ...network, depth: Math.max(network.depth, 20) }),
  },
  {
    mistake: "keeps-the-first-width",
    message:
      "the first convolution gives 16 channels, whatever the width: it gives as many as the first stage has",
    gives: (network) => count(network, { first: 27 * 16 + 2 * 16 }),
  },
  {
    mistake: "never-projects",
    message: "option B's shortcuts have parameters: which ones, and where?",
    gives: (network) => count(network, { projections: 0 }),
  },
  {
    mistake: "projects-always",
    message: "option A's shortcuts have no parameters: the new channels are zeros",
    gives: (network) => count({ ...network, shortcuts: "B" }),
  },
  {
    mistake: "projects-the-first-stage-too",
    message: "the first stage has a projection here: its input has its number of channels already",
    gives: (network) => count(network) + (isB(network) ? network.width ** 2 + 2 * network.width : 0),
  },
  {
    mistake: "projects-every-unit",
    message:
      "every unit has a projection here, which is option C: option B projects only where shapes change",
    gives: (network) => {
      const n = (network.depth - 2) / 6;
      const later = (channels: number) => channels ** 2 + 2 * channels;
      const w = network.width;
      return count(network) + (isB(network) ? n * later(w) + (n - 1) * (later(2 * w) + later(4 * w)) : 0);
    },
  },
  {
    mistake: "forgets-the-projections-norms",
    message: "a projection is a convolution too: batch normalisation follows it",
    gives: (network) => count(network, isB(network) ? { projections: 10 * network.width ** 2 } : {}),
  },
  {
    mistake: "projects-by-3x3",
    message: "the projections are counted with 3x3 kernels: they are 1x1",
    gives: (network) =>
      count(network, isB(network) ? { projections: 90 * network.width ** 2 + 12 * network.width } : {}),
  },
  {
    mistake: "bias-in-front-of-norm",
    message:
      "each convolution has a bias here: a normalisation follows, whose shift makes it useless, so there is none",
    gives: (network) => count(network, { perChannel: 3 }),
  },
  {
    mistake: "forgets-the-norms",
    message: "the normalisations' scales and shifts are not counted",
    gives: (network) => count(network, { perChannel: 0 }),
  },
  {
    mistake: "counts-one-number-a-channel",
    message: "one number for each channel of a normalisation is counted: it trains a scale and a shift",
    gives: (network) => count(network, { perChannel: 1 }),
  },
  {
    mistake: "counts-running-statistics",
    message: "running means and variances are counted: they are not trained",
    gives: (network) => count(network, { perChannel: 4 }),
  },
  {
    mistake: "off-by-one-unit",
    message:
      "one unit in each stage is too many: depth = 6n + 2 counts the first convolution and the classifier",
    gives: (network) => count(network, { n: (network.depth + 4) / 6 }),
  },
  {
    mistake: "forgets-the-classifiers-bias",
    message: "the fully connected layer has a bias for each class: no normalisation follows it",
    gives: (network) => count(network, { classifier: 4 * network.width * network.classes }),
  },
  {
    mistake: "forgets-the-classifier",
    message: "the fully connected layer is missing",
    gives: (network) => count(network, { classifier: 0 }),
  },
  {
    mistake: "forgets-the-first-convolution",
    message: "the convolution in front of the stages is missing",
    gives: (network) => count(network, { first: 0 }),
  },
  {
    mistake: "sees-grey-images",
    message: "the first convolution gets one channel: the images have three colours",
    gives: (network) => count(network, { first: 11 * network.width }),
  },
  {
    mistake: "widens-the-first-convolution",
    message:
      "a stage's first convolution is counted with the stage's channels on both sides: it still gets those of the stage before",
    gives: (network) => count(network, { narrowFirst: false }),
  },
];

const judge = check.judgeBy((network: Network) => count(network), mistakes, {
  what: "the number of parameters",
  // float32 holds whole numbers up to 2^24, and rounds larger ones.
  within: (network) => (count(network) < 2 ** 24 ? 1 / 4 : check.float32(8, count(network))),
});

const paper = { width: 16, shortcuts: "A", classes: 10 };

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "count-parameters",
    title: "Count the parameters of ResNet-20, and of any other",
    needs: ["parameterCount"],
    properties: [
      {
        id: "table-6",
        title: "it counts the networks of Table 6 exactly, and others between them",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "count-parameters by hand");
          const of = (depths: readonly number[]) => depths.map((depth): Network => ({ ...paper, depth }));
          return check.withDrawn(judge, of([20, 32, 44, 56, 110, 1202]), () =>
            of([0, 1, 2].map(() => 6 * (20 + draw.integer(180)) + 2)),
          );
        },
        ...judge,
      },
      {
        id: "exact",
        title: "it is exact for any depth, width and number of classes, with both kinds of shortcuts",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "count-parameters");
          const depth = () => 6 * (4 + draw.integer(30)) + 2;
          return [
            { ...paper, depth: depth(), classes: 3 + draw.integer(90) },
            { ...paper, depth: depth(), shortcuts: "B" },
            { depth: depth(), width: 17 + draw.integer(40), shortcuts: "A", classes: 11 + draw.integer(80) },
            { depth: depth(), width: 3 + draw.integer(12), shortcuts: "B", classes: 11 + draw.integer(80) },
            { depth: 8, width: 1, shortcuts: "B", classes: 5 },
            { depth: 14, width: 3, shortcuts: "A", classes: 1 },
            { ...paper, depth: 14, shortcuts: "B" },
            { depth: depth(), width: 1 + draw.integer(30), shortcuts: "A", classes: 101 + draw.integer(900) },
            { depth: 26, width: 160, shortcuts: "B", classes: 1 },
            // Past every limit that a table could suggest.
            { ...paper, depth: depth(), classes: 2 },
            { ...paper, depth: depth(), classes: 1001 + draw.integer(20000) },
            { ...paper, depth: 6 * (201 + draw.integer(50)) + 2 },
            { ...paper, depth: 14, width: 161 + draw.integer(200), shortcuts: "B" },
          ];
        },
        ...judge,
      },
    ],
  },
];
