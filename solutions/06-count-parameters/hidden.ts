// The hidden cases of the count: exact, for other depths and classes, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

type Case = { readonly depth: number; readonly classes: number };

/** What a mistake changes in the count. */
interface Changes {
  readonly n?: number;
  readonly perChannel?: number;
  readonly projections?: number;
  readonly classifierBias?: boolean;
  readonly narrowFirst?: boolean;
}

function count({ depth, classes }: Case, changes: Changes = {}): number {
  const {
    n = (depth - 2) / 6,
    perChannel = 2,
    projections = 0,
    classifierBias = true,
    narrowFirst = true,
  } = changes;
  const norms = perChannel * (16 + 2 * n * (16 + 32 + 64));
  const wide = 9 * (3 * 16 + 2 * n * (16 ** 2 + 32 ** 2 + 64 ** 2));
  // The first convolution of a stage gets half the channels.
  const saved = narrowFirst ? 9 * (16 * 32 + 32 * 64) : 0;
  return wide - saved + norms + projections + classes * (64 + Number(classifierBias));
}

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "bias-in-front-of-norm",
    message:
      "each convolution has a bias here: a normalisation follows, whose shift makes it useless, so there is none",
    gives: (network) => count(network, { perChannel: 3 }),
  },
  {
    mistake: "forgets-the-norms",
    message: "the normalisations' scales and shifts are not counted: two for each channel",
    gives: (network) => count(network, { perChannel: 0 }),
  },
  {
    mistake: "counts-running-statistics",
    message: "running means and variances are counted: they are not trained",
    gives: (network) => count(network, { perChannel: 4 }),
  },
  {
    mistake: "off-by-one-unit",
    message:
      "one unit in each stage too many or too few: depth = 6n + 2 counts the first convolution and the classifier",
    gives: (network) => count(network, { n: (network.depth + 4) / 6 }),
  },
  {
    mistake: "projects-the-shortcuts",
    message: "these are option B's shortcuts: on CIFAR-10 the paper takes option A, which has no parameters",
    gives: (network) => count(network, { projections: 16 * 32 + 64 + 32 * 64 + 128 }),
  },
  {
    mistake: "forgets-the-classifiers-bias",
    message: "the fully connected layer has a bias for each class: no normalisation follows it",
    gives: (network) => count(network, { classifierBias: false }),
  },
  {
    mistake: "widens-the-first-convolution",
    message:
      "a stage's first convolution is counted with the stage's channels on both sides: it still gets those of the stage before",
    gives: (network) => count(network, { narrowFirst: false }),
  },
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "count-parameters",
    title: "Count the parameters of ResNet-20, and of any other",
    needs: ["parameterCount"],
    properties: [
      ...byHand,
      {
        id: "exact",
        title: "it is exact for any depth and number of classes",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "count-parameters");
          return [20, 6 * (1 + draw.integer(40)) + 2].map((depth) => ({
            depth,
            classes: 10 + draw.integer(90),
          }));
        },
        ...check.judgeBy((network: Case) => count(network), mistakes, {
          what: "the number of parameters",
        }),
      },
    ],
  },
];
