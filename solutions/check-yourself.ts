// The answers to the chapters' "check yourself", by the name that a reader gives a number to; the chapters hold them sealed.
// A test compares the two, so a seal is never typed by hand: `check.seal(value(), tolerance)`.
import { analysis, autodiff, nn } from "residual";

/** One answer. */
export interface Asked {
  /** Computes it, by the library where it can. */
  readonly value: () => number;
  /** How far off still counts as right; a whole number is exact. */
  readonly tolerance?: number;
}

const convolutions = (depth: number) => 2 * nn.cifarArchitecture({ depth }).units.length;

/** Half of the 95 % interval of a mean over five runs that spread like the six that chapters 06 and 11 quote. */
function halfOfFive(): number {
  const sixRuns = [7.4, 7.29, 7.4, 6.89, 8.42, 7.95];
  return (2.776 * analysis.meanInterval(sixRuns).deviation) / Math.sqrt(5);
}

/** The sum of a batch normalisation's gradients over one channel. */
function sumOfGradient(): number {
  const column = (values: readonly number[]) => autodiff.array([...values], [values.length, 1]);
  const { pullback } = autodiff.vjp(
    (x) => autodiff.batchNorm(x, autodiff.array([1.3], [1]), autodiff.array([0], [1])),
    [column([0.3, -1.1, 0.7, 2.2, -0.4])],
  );
  return pullback(column([0.5, -0.2, 1.7, 0.1, -0.9]))[0]!.data.reduce((a, b) => a + b, 0);
}

/** What one more unit adds to the third stage. */
function oneMoreUnit(): number {
  const inThird = (depth: number) =>
    Object.entries(nn.cifarArchitecture({ depth }).parts)
      .filter(([name]) => name.startsWith("stage3."))
      .reduce((sum, [name, part]) => sum + nn.parameterCount({ parts: { [name]: part } }), 0);
  return inThird(26) - inThird(20);
}

function channelsAfter(): number {
  let shape: readonly number[] = [32, 32, 3];
  for (const [name, part] of Object.entries(nn.cifarDenseNetArchitecture({ depth: 40, growth: 12 }).parts)) {
    if (name === "transition1") break;
    shape = part.outputShape(shape);
  }
  return shape.at(-1)!;
}

/** By chapter and name. */
export const answers: Readonly<Record<string, Readonly<Record<string, Asked>>>> = {
  "00": { numbersInBatch: { value: () => 128 * 14 * 14 } },
  "01": {
    convolutionsInAStage: { value: () => convolutions(56) / 3 },
    layersAdded: { value: () => convolutions(56) - convolutions(20) },
  },
  "02": {
    sumOfOutputs: { value: () => [2, -3].reduce((sum, x) => sum + Math.max(x, 0), 0) },
    partLeft: { value: () => 0.7 ** 2, tolerance: 0.001 },
    chord: { value: () => 2 * Math.sin(Math.PI / 4), tolerance: 0.01 },
  },
  "03": {
    padding: { value: () => (5 - 1) / 2 },
    projectionParameters: {
      value: () =>
        nn
          .projection({ inChannels: 64, outChannels: 128, stride: 2 })
          .rows([56, 56, 64])
          .reduce((sum, { parameters }) => sum + parameters, 0),
    },
    firstTerm: { value: () => 0.8 ** 20, tolerance: 1e-4 },
  },
  "04": {
    slopeOfUnit: {
      value: () =>
        autodiff
          .grad((x) => autodiff.add(x, autodiff.scale(autodiff.multiply(x, x), { factor: 0.5 })))(-3)[0]!
          .item(),
      tolerance: 1e-6,
    },
    sumOfGradient: { value: sumOfGradient, tolerance: 1e-6 },
    powerOfLambda: { value: () => convolutions(56) },
  },
  "05": {
    millions: {
      value: () => nn.conv2d(64, 128, { kernel: 3, stride: 2 }).rows([56, 56, 64])[0]!.multiplyAdds / 1e6,
      tolerance: 0.5,
    },
    layersOf: { value: () => 3 * nn.imageNetDepths[101].counts.reduce((a, b) => a + b, 0) + 2 },
    fieldOfTwo: {
      value: () =>
        nn
          .sequential({ first: nn.conv2d(1, 1), second: nn.conv2d(1, 1) })
          .receptiveField({ size: 1, step: 1 }).size,
    },
  },
  "06": {
    unitsInStage: { value: () => nn.cifarArchitecture({ depth: 1202 }).units.length / 3 },
    oneMoreUnit: { value: oneMoreUnit },
    deviationInPoints: { value: () => 100 * Math.sqrt((0.05 * 0.95) / 10_000), tolerance: 0.005 },
  },
  "07": {
    secondNumber: { value: () => Math.hypot(3, 4), tolerance: 1e-6 },
    roughnessOfLine: { value: () => analysis.roughness([1, 3, 5, 7, 9]) },
    evaluations: { value: () => 17 ** 2 },
  },
  "08": {
    unitsOf164: { value: () => nn.cifarArchitecture({ depth: 164, kind: "bottleneck" }).units.length },
    sizeAfter48: { value: () => Math.sqrt(1 + 48), tolerance: 0.01 },
    exactOrders: {
      value: () =>
        Object.values(nn.unitOrders).filter(({ afterAddition }) => afterAddition.length === 0).length,
    },
  },
  "09": {
    pathsOfLengthThree: { value: () => analysis.pathCounts(10)[3]! },
    shareLeft: {
      value: () => analysis.enumeratePaths(9).length / analysis.enumeratePaths(10).length,
      tolerance: 1e-6,
    },
    afterTwoSteps: { value: () => [0, 1].reduce((x) => x + 0.5 * -x, 1), tolerance: 1e-6 },
  },
  "10": {
    channelsAfter: { value: channelsAfter },
    unitsOnAverage: {
      value: () => Array.from({ length: 10 }, (_, l) => 1 - (l + 1) / 20).reduce((a, b) => a + b, 0),
      tolerance: 1e-6,
    },
    weightsOfUnit: { value: () => 32 * (256 * 4 + 9 * 4 ** 2 + 4 * 256) },
  },
  "11": {
    passes: { value: () => 3 },
    halfOfFive: { value: halfOfFive, tolerance: 0.01 },
  },
  "12": {
    grownBy: { value: () => (1 + 1 / 100) ** 100, tolerance: 0.01 },
    fixupFactor: { value: () => 16 ** (-1 / (2 * 3 - 2)), tolerance: 1e-6 },
    clippedNorm: { value: () => Math.min(0.5, 0.1 * 2), tolerance: 1e-6 },
  },
};
