// The hidden cases of batch normalisation's gradient: dx itself, by the tape in float64, and what known mistakes give.
import { autodiff, check } from "residual";
import { byHand, channels, rounding, type Channel } from "./public";

/** The gradients by reverse mode on the tape. */
function derived({ dy, x, scale, epsilon }: Channel) {
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

const whole = (d: number, meanDy: number, normalised: number, both: number) => d - meanDy - normalised * both;

const mistakes: readonly check.Mistake<Channel>[] = [
  {
    mistake: "takes-a-scale-of-0-for-none",
    message: "a scale of 0 counts like one of 1: it makes y the same whatever x is",
    gives: (channel) => mistaken({ ...channel, scale: channel.scale || 1 }, whole),
  },
  {
    mistake: "forgets-the-variance-term",
    message: "the way through the variance is missing: each x also changes the divisor",
    gives: (channel) => mistaken(channel, (d, meanDy) => d - meanDy),
  },
  {
    mistake: "forgets-the-mean-term",
    message: "the way through the mean is missing",
    gives: (channel) => mistaken(channel, (d, _, normalised, both) => d - normalised * both),
  },
  {
    mistake: "treats-statistics-as-constants",
    message: "mean and variance are taken for constants, as in inference: in training each x moves both",
    gives: (channel) => mistaken(channel, (d) => d),
  },
  {
    mistake: "forgets-the-scale",
    message: "dx lacks the factor scale",
    gives: (channel) => mistaken(channel, whole, (deviation) => 1 / deviation),
  },
  {
    mistake: "divides-by-the-variance",
    message: "dx is divided by the variance: the forward pass divides by its root",
    gives: (channel) => mistaken(channel, whole, (deviation) => channel.scale / deviation ** 2),
  },
  {
    mistake: "unbiased-variance",
    message: "the variance is divided by m - 1: batch normalisation divides by m in training",
    gives: (channel) => mistaken(channel, whole, undefined, channel.x.length - 1),
  },
  {
    mistake: "forgets-epsilon",
    message:
      "epsilon is not under the root, or is not the one that is given: the divisor is sqrt(variance + epsilon)",
    gives: (channel) => mistaken({ ...channel, epsilon: 0 }, whole),
  },
  {
    mistake: "ignores-the-sign-of-the-scale",
    message: "dx has the wrong sign where the scale is negative",
    gives: (channel) => mistaken({ ...channel, scale: Math.abs(channel.scale) }, whole),
  },
  {
    mistake: "gives-up-without-variance",
    message: "where all x are equal dx is not zero: epsilon keeps the divisor above zero",
    gives: ({ x }) => x.map(() => 0),
  },
];

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** x less its mean, divided by a deviation whose count a mistake may change. */
function normalised({ x, epsilon }: Channel, count = x.length): number[] {
  const centred = x.map((value) => value - sum(x) / x.length);
  return centred.map((value) => value / Math.sqrt(sum(centred.map((c) => c * c)) / count + epsilon));
}

/** The sum of dy times something of each x. */
const weighted = ({ dy }: Channel, values: readonly number[]) => sum(dy.map((d, i) => d * values[i]!));

const dscaleMistakes: readonly check.Mistake<Channel>[] = [
  {
    mistake: "takes-x-for-its-normalised-value",
    message: "dscale sums dy times x: scale multiplies the normalised x",
    gives: (channel) => weighted(channel, channel.x),
  },
  {
    mistake: "averages-instead-of-summing",
    message: "dscale is a mean over the batch: scale enters every y, so its gradient is a sum",
    gives: (channel) => weighted(channel, normalised(channel)) / channel.x.length,
  },
  {
    mistake: "unbiased-variance",
    message: "the variance is divided by m - 1: batch normalisation divides by m in training",
    gives: (channel) => weighted(channel, normalised(channel, channel.x.length - 1)),
  },
  {
    mistake: "forgets-epsilon",
    message: "epsilon is not under the root, or is not the one that is given",
    gives: (channel) => weighted(channel, normalised({ ...channel, epsilon: 0 })),
  },
];

const judgedDx = check.judgeBy<Channel>((channel) => derived(channel).dx, mistakes, {
  part: "dx",
  within: rounding,
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "batch-norm-vjp",
    title: "The gradient of batch normalisation, all three terms",
    needs: ["batchNormVjp"],
    properties: [
      ...byHand,
      {
        id: "dshift",
        title: "dshift is right for any channel",
        points: 1,
        cases: (seed) => channels(check.stream(seed, "dshift")),
        ...check.judgeBy<Channel>(
          (channel) => derived(channel).dshift,
          [
            {
              mistake: "averages-instead-of-summing",
              message: "dshift is a mean over the batch: shift enters every y, so its gradient is a sum",
              gives: ({ dy }) => sum(dy) / dy.length,
            },
          ],
          { part: "dshift", within: rounding },
        ),
      },
      {
        id: "dscale",
        title: "dscale is right for any channel",
        points: 1,
        cases: (seed) => channels(check.stream(seed, "dscale")),
        ...check.judgeBy<Channel>((channel) => derived(channel).dscale, dscaleMistakes, {
          part: "dscale",
          within: rounding,
        }),
      },
      {
        id: "dx",
        title: "dx has all three terms, for any channel",
        points: 4,
        cases(seed) {
          const draw = check.stream(seed, "dx");
          return check.drawUntil(
            () => channels(draw),
            (drawn) => check.tells(judgedDx, drawn),
            "channels on which no mistake looks like another, as where a scale is -1",
          );
        },
        ...judgedDx,
      },
    ],
  },
];
