// What the notebook checks of an identity layer, and what the grader checks with other sizes.
import { check } from "residual";

/** What an identity layer is asked for. */
interface Case {
  readonly size: number;
  readonly channels: number;
  readonly epsilon: number;
}

/** The part of an output that a property looks at; an error stays one. */
function part(output: check.Output, name: "kernel" | "norm"): check.Output {
  if ("error" in output) return output;
  const value = output.value as Record<string, check.Plain> | null;
  return { value: value?.[name] ?? null };
}

/** A kernel by its rule, row-major. */
function kernelOf(
  { size, channels }: Case,
  weight: (i: number, j: number, a: number, b: number) => number,
): check.PlainTensor {
  const sides = Array.from({ length: size }, (_, i) => i);
  const each = Array.from({ length: channels }, (_, c) => c);
  const values = sides.flatMap((i) =>
    sides.flatMap((j) => each.flatMap((a) => each.map((b) => weight(i, j, a, b)))),
  );
  return { shape: [size, size, channels, channels], values };
}

function judgeKernel(input: check.Plain, output: check.Output): check.Finding | undefined {
  const drawn = input as unknown as Case;
  const middle = (drawn.size - 1) / 2;
  const kernel = (weight: Parameters<typeof kernelOf>[1]) => () => kernelOf(drawn, weight);
  const atMiddle = (i: number, j: number) => i === middle && j === middle;
  return check.compare(
    part(output, "kernel"),
    kernelOf(drawn, (i, j, a, b) => Number(atMiddle(i, j) && a === b)),
    {
      what: "the kernel",
      slips: [
        {
          mistake: "mixes-the-channels",
          message: "every output channel sums all input channels: channel b should hear channel b only",
          gives: kernel((i, j) => Number(atMiddle(i, j))),
        },
        {
          mistake: "blurs",
          message: "the kernel sums the whole window: only the middle pixel should count",
          gives: kernel((_i, _j, a, b) => Number(a === b)),
        },
        {
          mistake: "blurs",
          message: "the kernel averages the window: only the middle pixel should count",
          gives: kernel((_i, _j, a, b) => Number(a === b) / drawn.size ** 2),
        },
        {
          mistake: "shifts-the-image",
          message: "the 1 stands in the window's corner, so the image moves: it belongs in the middle",
          gives: kernel((i, j, a, b) => Number(i === 0 && j === 0 && a === b)),
        },
        {
          mistake: "assumes-three-by-three",
          message: "the 1 stands where the middle of a 3x3 kernel is: where is it in a kernel of this size?",
          gives: kernel((i, j, a, b) => Number(i === 1 && j === 1 && a === b)),
        },
        {
          mistake: "stops-at-eight-channels",
          message: "some channels are lost: each of them needs its own 1",
          gives: kernel((i, j, a, b) => Number(atMiddle(i, j) && a === b && a < 8)),
        },
        {
          mistake: "gives-zeros",
          message:
            "the kernel is all zeros: the output would be F(x) = 0, and this is a plain layer without a shortcut",
          gives: kernel(() => 0),
        },
      ],
    },
  );
}

/** Numbers for which the normalisation must give themselves. */
const probes = [-2, 0, 1, 3];

function judgeNorm(input: check.Plain, output: check.Output): check.Finding | undefined {
  const { epsilon } = input as unknown as Case;
  const norm = part(output, "norm");
  if ("error" in norm) return check.compare(norm, null);
  if (!check.isNumbers(norm.value) || norm.value.length !== 4) {
    return { mistake: "wrong-kind", message: "norm needs scale, shift, mean and variance, each a number" };
  }
  const [scale, shift, mean, variance] = norm.value as [number, number, number, number];
  const normalised = (spread: number) =>
    probes.map((x) => (scale * (x - mean)) / Math.sqrt(spread + epsilon) + shift);
  const value = normalised(variance);
  // epsilon is drawn so large that forgetting it shows far above this tolerance.
  const finding = check.compare({ value }, probes, {
    within: check.float32(8, check.largest(probes) + Math.abs(shift)),
    what: "the normalised numbers",
  });
  if (!finding) return undefined;
  const detail = `for x = ${check.show(probes)} it gives ${check.show(value)}`;
  const ratio = (variance + epsilon) / scale ** 2;
  const near = (wanted: number) => Math.abs(ratio - wanted) < epsilon / 100;
  if (shift === 0 && mean === 0 && near(1 + epsilon)) {
    return {
      mistake: "forgets-epsilon",
      message: "variance 1 makes sqrt(1 + epsilon) of the divisor: epsilon has to be taken off",
      detail,
    };
  }
  if (shift === 0 && mean === 0 && near(1 + 2 * epsilon)) {
    return {
      mistake: "adds-epsilon-again",
      message: "epsilon is added to the variance already: take it off, do not add it once more",
      detail,
    };
  }
  return { ...finding, detail };
}

function sizes(seed: number): readonly check.Plain[] {
  const draw = check.stream(seed, "identity-layers");
  // Kernels from one pixel to more than five, one channel to more than eight.
  const kinds = [[3, 3], [1, 2], [5, 1], [7, 2], [3, 11]] as const; // prettier-ignore
  return kinds.map(([size, channels]) => ({
    size,
    channels,
    epsilon: Number((0.001 * (1 + draw.integer(9))).toFixed(3)),
  }));
}

/** The properties. */
export const properties: readonly check.CaseProperty[] = [
  {
    id: "kernel",
    title: "its convolution gives back its input",
    points: 3,
    cases: sizes,
    judge: judgeKernel,
  },
  { id: "norm", title: "its normalisation gives back its input", points: 2, cases: sizes, judge: judgeNorm },
];
