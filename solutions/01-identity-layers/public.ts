// What the notebook checks of an identity layer: its normalisation on numbers, and its kernel on public sizes.
import { check } from "residual";
import { cases } from "./cases";

/** Numbers for which the normalisation must give themselves. */
const probes = [-2, 0, 1, 3];

function judgeNorm(input: check.Plain, output: check.Output): check.Finding | undefined {
  const { epsilon } = input as { readonly epsilon: number };
  if ("error" in output) return check.compare(output, null);
  const norm = { value: (output.value as Record<string, check.Plain> | null)?.["norm"] ?? null };
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
      message: "with this variance the divisor is sqrt(1 + epsilon), which is not 1",
      detail,
    };
  }
  if (shift === 0 && mean === 0 && near(1 + 2 * epsilon)) {
    return {
      mistake: "adds-epsilon-again",
      message: "epsilon counts twice here: the normalisation adds it to the variance itself",
      detail,
    };
  }
  return { ...finding, detail };
}

/** The sizes that are asked for. */
export function sizes(seed: number): readonly check.Plain[] {
  const draw = check.stream(seed, "identity-layers");
  // Kernels from one pixel to more than nine, one channel to more than thirty-two.
  const kinds = [[3, 3], [1, 2], [5, 1], [7, 2], [1, 33], [11, 1]] as const; // prettier-ignore
  return kinds.map(([size, channels]) => ({
    size,
    channels,
    epsilon: Number((0.001 * (1 + draw.integer(9))).toFixed(3)),
  }));
}

/** What is asked without a rule that could be read off. */
export const byHand: readonly check.CaseProperty[] = [
  { id: "norm", title: "its normalisation gives back its input", points: 2, cases: sizes, judge: judgeNorm },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.CaseProperty[] = [...check.published(cases), ...byHand];
