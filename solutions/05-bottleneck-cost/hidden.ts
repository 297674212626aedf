// The hidden cases of a bottleneck's cost: random units, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

type Case = {
  readonly size: number;
  readonly inChannels: number;
  readonly width: number;
  readonly stride: number;
  readonly strideOn: string;
};

/** What a mistake changes in the count. */
interface Changes {
  readonly bias?: boolean;
  readonly perChannel?: number;
  readonly kernelArea?: number;
  readonly projects?: boolean;
  readonly firstSide?: number;
  readonly projectionSide?: number;
}

function cost({ size, inChannels, width, stride, strideOn }: Case, changes: Changes = {}) {
  const half = size / stride;
  const wide = 4 * width;
  const {
    bias = false,
    perChannel = 2,
    kernelArea = 9,
    projects = stride === 2 || inChannels !== wide,
    firstSide = strideOn === "1x1" ? half : size,
    projectionSide = half,
  } = changes;
  let [parameters, multiplyAdds] = [0, 0];
  const count = (weights: number, channels: number, side: number) => {
    parameters += weights + channels * (perChannel + Number(bias));
    multiplyAdds += weights * side ** 2;
  };
  count(inChannels * width, width, firstSide);
  count(kernelArea * width ** 2, width, half);
  count(width * wide, wide, half);
  if (projects) count(inChannels * wide, wide, projectionSide);
  return { parameters, multiplyAdds };
}

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "bias-in-front-of-norm",
    message:
      "each convolution has a bias here: a normalisation follows, whose shift makes it useless, so there is none",
    gives: (unit) => cost(unit, { bias: true }),
  },
  {
    mistake: "forgets-the-norms",
    message: "the normalisations' scales and shifts are not counted: two for each channel",
    gives: (unit) => cost(unit, { perChannel: 0 }),
  },
  {
    mistake: "counts-running-statistics",
    message: "running means and variances are counted: they are not trained",
    gives: (unit) => cost(unit, { perChannel: 4 }),
  },
  {
    mistake: "forgets-the-projection",
    message: "the shortcut's convolution is missing: where shapes differ, option B projects",
    gives: (unit) => cost(unit, { projects: false }),
  },
  {
    mistake: "projects-always",
    message: "the shortcut is projected where its input has the output's shape: there it is the identity",
    gives: (unit) => cost(unit, { projects: true }),
  },
  {
    mistake: "counts-a-row-of-the-kernel",
    message: "the middle convolution has 3 weights for each pair of channels here: a 3x3 kernel has 9",
    gives: (unit) => cost(unit, { kernelArea: 3 }),
  },
  {
    mistake: "ignores-where-the-stride-is",
    message: "the first convolution is counted at half the size though the stride is on the 3x3",
    gives: (unit) => cost(unit, { firstSide: unit.size / unit.stride }),
  },
  {
    mistake: "counts-at-the-input",
    message:
      "a convolution with a stride is counted once for each pixel of its input: it computes its output's pixels only",
    gives: (unit) => cost(unit, { firstSide: unit.size, projectionSide: unit.size }),
  },
];

/** Units with and without a projection, with the stride in both places. */
function units(seed: number): readonly Case[] {
  const draw = check.stream(seed, "bottleneck-cost");
  return (
    [
      [2, "1x1"],
      [2, "3x3"],
      [1, "1x1"],
    ] as const
  ).map(([stride, strideOn]) => ({
    size: 8 + 2 * draw.integer(10),
    inChannels: 16 + draw.integer(60),
    width: 12 + draw.integer(20),
    stride,
    strideOn,
  }));
}

const judge = check.judgeBy((unit: Case) => cost(unit), mistakes, { what: "the cost" });

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "bottleneck-cost",
    title: "What does a bottleneck cost?",
    needs: ["bottleneckCost"],
    properties: [
      ...byHand,
      { id: "first-of-a-stage", title: "it is right where shapes change", points: 3, cases: units, ...judge },
      {
        id: "inside-a-stage",
        title: "it is right where they do not",
        points: 1,
        cases(seed) {
          const width = 16 + check.stream(seed, "inside-a-stage").integer(50);
          return [{ size: 14, inChannels: 4 * width, width, stride: 1, strideOn: "3x3" }];
        },
        ...judge,
      },
    ],
  },
];
