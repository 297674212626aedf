// What is graded of a bottleneck's cost: units of every kind, and what known mistakes give for them.
import { check } from "residual";

type Case = {
  readonly size: number;
  readonly inChannels: number;
  readonly width: number;
  readonly stride: number;
  readonly strideOn: string;
};

/** What a mistake changes in the count. */
interface Changes {
  readonly perChannel?: number;
  readonly perProjectedChannel?: number;
  readonly kernelArea?: number;
  readonly projects?: boolean;
  readonly firstSide?: number;
  readonly middleSide?: number;
  readonly projectionSide?: number;
}

function cost({ size, inChannels, width, stride, strideOn }: Case, changes: Changes = {}) {
  const half = size / stride;
  const wide = 4 * width;
  const {
    perChannel = 2,
    perProjectedChannel = perChannel,
    kernelArea = 9,
    projects = stride === 2 || inChannels !== wide,
    firstSide = strideOn === "1x1" ? half : size,
    middleSide = half,
    projectionSide = half,
  } = changes;
  const projected = projects ? inChannels * wide : 0;
  return {
    parameters:
      inChannels * width +
      (kernelArea + 4) * width ** 2 +
      projected +
      perChannel * 6 * width +
      (projects ? perProjectedChannel * wide : 0),
    multiplyAdds:
      inChannels * width * firstSide ** 2 +
      kernelArea * width ** 2 * middleSide ** 2 +
      4 * width ** 2 * half ** 2 +
      projected * projectionSide ** 2,
  };
}

/** A mistake in the multiply-adds alone. */
const adding = (unit: Case, multiplyAdds: number) => ({ ...cost(unit), multiplyAdds });

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "projects-by-channels-alone",
    message:
      "a unit whose stride is 2 has no projection here: its input has the output's channels, but not its size",
    gives: (unit) => cost(unit, { projects: unit.inChannels !== 4 * unit.width }),
  },
  {
    mistake: "projects-where-channels-grow",
    message:
      "a unit of stride 1 that takes in more channels than it gives has no projection here: the shapes differ",
    gives: (unit) => cost(unit, { projects: unit.stride === 2 || unit.inChannels < 4 * unit.width }),
  },
  {
    mistake: "projects-by-the-stride-alone",
    message:
      "a unit of stride 1 has no projection here: its input has the output's size, but not its channels",
    gives: (unit) => cost(unit, { projects: unit.stride === 2 }),
  },
  {
    mistake: "forgets-the-projection",
    message: "the shortcut's convolution is missing: where shapes differ, option B projects",
    gives: (unit) => cost(unit, { projects: false }),
  },
  {
    mistake: "forgets-the-projections-norm",
    message: "the shortcut's convolution is normalised too",
    gives: (unit) => cost(unit, { perProjectedChannel: 0 }),
  },
  {
    mistake: "projects-before-the-stride",
    message: "the shortcut's convolution is counted for every pixel of its input: it has the unit's stride",
    gives: (unit) => cost(unit, { projectionSide: unit.size }),
  },
  {
    mistake: "ignores-where-the-stride-is",
    message: "the first convolution is counted at half the size though the stride is on the 3x3",
    gives: (unit) => cost(unit, { firstSide: unit.size / unit.stride }),
  },
  {
    mistake: "turns-the-stride-around",
    message:
      "the first convolution is counted at the wrong size: with the stride on itself, what side does it give?",
    gives: (unit) => cost(unit, { firstSide: unit.strideOn === "1x1" ? unit.size : unit.size / unit.stride }),
  },
  {
    mistake: "counts-the-3x3-at-its-input",
    message:
      "a 3x3 convolution with a stride is counted for each pixel of its input: it computes its output's pixels only",
    gives: (unit) =>
      cost(unit, { middleSide: unit.strideOn === "3x3" ? unit.size : unit.size / unit.stride }),
  },
  {
    mistake: "counts-at-the-input",
    message:
      "a convolution with a stride is counted once for each pixel of its input: it computes its output's pixels only",
    gives: (unit) => cost(unit, { firstSide: unit.size, projectionSide: unit.size }),
  },
  {
    mistake: "projects-always",
    message: "the shortcut is projected where its input has the output's shape: there it is the identity",
    gives: (unit) => cost(unit, { projects: true }),
  },
  {
    mistake: "bias-in-front-of-norm",
    message:
      "each convolution has a bias here: a normalisation follows, whose shift makes it useless, so there is none",
    gives: (unit) => cost(unit, { perChannel: 3 }),
  },
  {
    mistake: "forgets-the-norms",
    message: "the normalisations' scales and shifts are not counted",
    gives: (unit) => cost(unit, { perChannel: 0 }),
  },
  {
    mistake: "counts-one-number-a-channel",
    message: "one number for each channel of a normalisation is counted: it trains a scale and a shift",
    gives: (unit) => cost(unit, { perChannel: 1 }),
  },
  {
    mistake: "counts-running-statistics",
    message: "running means and variances are counted: they are not trained",
    gives: (unit) => cost(unit, { perChannel: 4 }),
  },
  {
    mistake: "counts-a-row-of-the-kernel",
    message:
      "the middle convolution has 3 weights for each pair of channels here: how many has a 3x3 kernel?",
    gives: (unit) => cost(unit, { kernelArea: 3 }),
  },
  {
    mistake: "counts-a-side-for-an-area",
    message: "each weight is counted once for each pixel of a row: an image has as many rows",
    gives: (unit) => {
      const { size, inChannels, width, stride, strideOn } = unit;
      const [half, wide] = [size / stride, 4 * width];
      const projected = stride === 2 || inChannels !== wide ? inChannels * wide * half : 0;
      const first = inChannels * width * (strideOn === "1x1" ? half : size);
      return adding(unit, first + 13 * width ** 2 * half + projected);
    },
  },
  {
    mistake: "counts-operations-twice",
    message: "multiplications and additions are counted apart: a multiply-add is one of each",
    gives: (unit) => adding(unit, 2 * cost(unit).multiplyAdds),
  },
  {
    mistake: "counts-the-norms-operations",
    message: "the normalisations are counted among the multiply-adds: only convolutions are asked for",
    gives: (unit) => {
      const { size, width, stride, strideOn, inChannels } = unit;
      const pixels = (size / stride) ** 2;
      const first = strideOn === "1x1" ? pixels : size ** 2;
      const channels = stride === 2 || inChannels !== 4 * width ? 9 * width : 5 * width;
      return adding(unit, cost(unit).multiplyAdds + 2 * (first * width + pixels * channels));
    },
  },
];

const judge = check.judgeBy((unit: Case) => cost(unit), mistakes, {
  what: "the cost",
  // float32 holds whole numbers up to 2^24, and rounds larger ones.
  within: (unit) => {
    const { multiplyAdds } = cost(unit);
    return multiplyAdds < 2 ** 24 ? 1 / 4 : check.float32(8, multiplyAdds);
  },
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "bottleneck-cost",
    title: "What does a bottleneck cost?",
    needs: ["bottleneckCost"],
    properties: [
      {
        id: "inside-a-stage",
        title: "it is right where the shortcut is the identity",
        points: 2,
        cases(seed) {
          const draw = check.stream(seed, "inside-a-stage");
          const unit = (size: number, width: number, strideOn: string): Case => ({
            size,
            inChannels: 4 * width,
            width,
            stride: 1,
            strideOn,
          });
          return [
            unit(3, 1, "1x1"),
            unit(7 + 2 * draw.integer(5), 5 + draw.integer(30), "3x3"),
            unit(6 + 2 * draw.integer(5), 5 + draw.integer(30), "1x1"),
            unit(1, 2, "3x3"),
          ];
        },
        ...judge,
      },
      {
        id: "first-of-a-stage",
        title: "it is right where channels change, the size, or both, with the stride in either place",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "first-of-a-stage");
          const wide = (stride: number, strideOn: string): Case => ({
            size: 8 + 2 * draw.integer(10),
            inChannels: 17 + draw.integer(30),
            width: 13 + draw.integer(20),
            stride,
            strideOn,
          });
          const same = (strideOn: string) => {
            const width = 3 + draw.integer(20);
            return { size: 10, inChannels: 4 * width, width, stride: 2, strideOn };
          };
          const units = () => [
            { size: 4, inChannels: 3, width: 1, stride: 2, strideOn: "1x1" },
            wide(2, "3x3"),
            wide(2, "1x1"),
            same("3x3"),
            same("1x1"),
            wide(1, "1x1"),
            { size: 7, inChannels: 67 + draw.integer(30), width: 16, stride: 1, strideOn: "1x1" },
            { size: 7, inChannels: 2048, width: 32, stride: 1, strideOn: "3x3" },
            { ...wide(1, "3x3"), size: 7 },
            { size: 2, inChannels: 1, width: 2, stride: 2, strideOn: "3x3" },
            { size: 56, inChannels: 256, width: 128, stride: 2, strideOn: "3x3" },
          ];
          return check.drawUntil(
            units,
            (drawn) => check.tells(judge, drawn),
            "units whose numbers of channels let no mistake cost what another does",
          );
        },
        ...judge,
      },
    ],
  },
];
