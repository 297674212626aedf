// What the notebook checks of batch normalisation's gradient: it must agree with what the loss does when x moves a little.
import { check } from "residual";

/** One channel and the gradient that arrives. */
export interface Channel {
  readonly dy: readonly number[];
  readonly x: readonly number[];
  readonly scale: number;
  readonly epsilon: number;
}

/** What an answer gives. */
export type Gradients = { readonly dx: readonly number[]; readonly dscale: number; readonly dshift: number };

/** Channels drawn from a seed. epsilon is large, so that forgetting it shows. */
export function channels(seed: number, lengths: readonly number[]): readonly Channel[] {
  const draw = check.stream(seed, "batch-norm-vjp");
  return lengths.map((length) => ({
    dy: check.oddNumbers(draw, length),
    x: check.oddNumbers(draw, length),
    scale: 0.5 + draw.uniform(),
    epsilon: 0.05 + 0.1 * draw.uniform(),
  }));
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** sum of dy y, whose gradients are what is asked for. */
function loss({ dy, x, scale, epsilon }: Channel, shift: number): number {
  const mean = sum(x) / x.length;
  const variance = sum(x.map((value) => (value - mean) ** 2)) / x.length;
  return sum(
    x.map((value, i) => dy[i]! * ((scale * (value - mean)) / Math.sqrt(variance + epsilon) + shift)),
  );
}

/** The gradients by central differences in float64: right to about 1e-9. */
export function measured(channel: Channel): Gradients {
  const step = 1e-5;
  const slope = (at: (by: number) => number) => (at(step) - at(-step)) / (2 * step);
  return {
    dx: channel.x.map((value, i) => slope((by) => loss({ ...channel, x: channel.x.with(i, value + by) }, 0))),
    dscale: slope((by) => loss({ ...channel, scale: channel.scale + by }, 0)),
    dshift: slope((by) => loss(channel, by)),
  };
}

/** Whether a value has the form of an answer. */
export function isGradients(value: check.Plain): value is Gradients {
  const { dx, dscale, dshift } = (value ?? {}) as Record<string, unknown>;
  return check.isNumbers(dx) && typeof dscale === "number" && typeof dshift === "number";
}

/** Judges one entry of the answer. */
export function judgeEntry(
  name: keyof Gradients,
  output: check.Output,
  expected: Gradients,
  slips: readonly check.Slip[] = [],
): check.Finding | undefined {
  if ("error" in output) return check.compare(output, null);
  if (!isGradients(output.value)) {
    return { mistake: "wrong-kind", message: "the answer needs a list dx and the numbers dscale and dshift" };
  }
  return check.compare({ value: output.value[name] }, expected[name], { tolerance: 1e-6, what: name, slips });
}

/** The properties. */
export const properties: readonly check.CaseProperty[] = [
  {
    id: "a-common-shift",
    title: "moving every x by the same amount changes nothing, so dx adds up to zero",
    points: 1,
    cases: (seed) => channels(seed, [4, 7]).map((channel) => ({ ...channel })),
    judge(input, output) {
      const channel = input as unknown as Channel;
      if ("error" in output || !isGradients(output.value)) return judgeEntry("dx", output, measured(channel));
      const { dx } = output.value;
      if (dx.length !== channel.x.length || dx.every((value) => value === 0)) {
        return { mistake: "wrong-shape", message: "dx needs one number for each x, and not all zeros" };
      }
      const total = sum(dx);
      return Math.abs(total) < 1e-9
        ? undefined
        : {
            mistake: "forgets-the-mean-term",
            message:
              "dx does not add up to zero: each x also moves the mean, and this way back is missing or wrong",
            detail: `got ${check.show(dx)}, which add up to ${check.show(total)}; expected 0`,
          };
    },
  },
  {
    id: "scale-and-shift",
    title: "dscale and dshift agree with small changes of scale and shift",
    points: 2,
    cases: (seed) => channels(seed, [3, 6]).map((channel) => ({ ...channel })),
    judge(input, output) {
      const channel = input as unknown as Channel;
      const expected = measured(channel);
      return (
        judgeEntry("dshift", output, expected, [
          {
            mistake: "averages-instead-of-summing",
            message: "dshift is a mean over the batch: shift enters every y, so its gradient is a sum",
            gives: () => expected.dshift / channel.x.length,
          },
        ]) ??
        judgeEntry("dscale", output, expected, [
          {
            mistake: "takes-x-for-its-normalised-value",
            message: "dscale sums dy times x: scale multiplies the normalised x",
            gives: () => sum(channel.dy.map((d, i) => d * channel.x[i]!)),
          },
        ])
      );
    },
  },
];
