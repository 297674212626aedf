// The hidden cases of batch normalisation's gradient: dx itself, by the tape in float64, and what known mistakes give.
import { autodiff, type check } from "residual";
import { channels, judgeEntry, properties, type Channel, type Gradients } from "./public";

/** The gradients by reverse mode on the tape. */
function derived({ dy, x, scale, epsilon }: Channel): Gradients {
  const { pullback } = autodiff.vjp(
    (value, gamma, beta) => autodiff.batchNorm(value, gamma, beta, { epsilon }),
    [autodiff.array([...x], [x.length, 1]), autodiff.array([scale]), autodiff.array([0])],
  );
  const [dx, dscale, dshift] = pullback(autodiff.array([...dy], [x.length, 1])).map(({ data }) =>
    Array.from(data),
  );
  return { dx: dx!, dscale: dscale![0]!, dshift: dshift![0]! };
}

/** dx with what a mistake makes of the three terms; `count` is what the variance is divided by. */
function mistaken(
  { dy, x, scale, epsilon }: Channel,
  term: (d: number, meanDy: number, normalised: number, meanDyNormalised: number) => number,
  factor: (deviation: number) => number = (deviation) => scale / deviation,
  count = x.length,
): number[] {
  const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const mean = average(x);
  const variance = (average(x.map((value) => (value - mean) ** 2)) * x.length) / count;
  const deviation = Math.sqrt(variance + epsilon);
  const normalised = x.map((value) => (value - mean) / deviation);
  const meanDyNormalised = average(dy.map((d, i) => d * normalised[i]!));
  return dy.map((d, i) => factor(deviation) * term(d, average(dy), normalised[i]!, meanDyNormalised));
}

function slips(channel: Channel): check.Slip[] {
  const { x, scale } = channel;
  const whole = (d: number, meanDy: number, normalised: number, both: number) =>
    d - meanDy - normalised * both;
  return [
    {
      mistake: "forgets-the-variance-term",
      message: "the way through the variance is missing: each x also changes the divisor",
      gives: () => mistaken(channel, (d, meanDy) => d - meanDy),
    },
    {
      mistake: "forgets-the-mean-term",
      message: "the way through the mean is missing",
      gives: () => mistaken(channel, (d, _, normalised, both) => d - normalised * both),
    },
    {
      mistake: "treats-statistics-as-constants",
      message: "mean and variance are taken for constants, as in inference: in training each x moves both",
      gives: () => mistaken(channel, (d) => d),
    },
    {
      mistake: "forgets-the-scale",
      message: "dx lacks the factor scale",
      gives: () => mistaken(channel, whole, (deviation) => 1 / deviation),
    },
    {
      mistake: "divides-by-the-variance",
      message: "dx is divided by the variance: the forward pass divides by its root",
      gives: () => mistaken(channel, whole, (deviation) => scale / deviation ** 2),
    },
    {
      mistake: "unbiased-variance",
      message: "the variance is divided by m - 1: batch normalisation divides by m in training",
      gives: () => mistaken(channel, whole, undefined, x.length - 1),
    },
    {
      mistake: "forgets-epsilon",
      message: "epsilon is missing under the root",
      gives: () => mistaken({ ...channel, epsilon: 0 }, whole),
    },
  ];
}

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "batch-norm-vjp",
    title: "The gradient of batch normalisation, all three terms",
    needs: ["batchNormVjp"],
    properties: [
      ...properties,
      {
        id: "dx",
        title: "dx has all three terms",
        points: 4,
        cases: (seed) => channels(seed + 1, [2, 5, 9]).map((channel) => ({ ...channel })),
        judge(input, output) {
          const channel = input as unknown as Channel;
          return judgeEntry("dx", output, derived(channel), slips(channel));
        },
      },
    ],
  },
];
