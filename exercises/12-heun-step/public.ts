// What the notebook checks: every graded property, on public cases that hold numbers and no rule; and how often an answer asks for a slope.
import { check } from "residual";
import { cases } from "./cases";

/** A way along f(x, t) = tanh(A x + t b). */
export type Curve = {
  readonly matrix: readonly (readonly number[])[];
  readonly drift: readonly number[];
  readonly x: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly steps: number;
};

type Draw = ReturnType<typeof check.stream>;

/** A curve in so many dimensions, in so many steps, forwards or backwards in time. */
export function drawCurve(draw: Draw, size: number, steps: number, sign: 1 | -1 = 1): Curve {
  const numbers = (scale: number) =>
    check.oddNumbers(draw, size).map((value) => Number((value * scale).toFixed(3)));
  const from = Number((0.4 + draw.uniform()).toFixed(2));
  return {
    matrix: Array.from({ length: size }, () => numbers(1 / Math.sqrt(size))),
    drift: numbers(1),
    x: numbers(1),
    from,
    to: Number((from + sign * (1.2 + 0.6 * draw.uniform())).toFixed(2)),
    steps,
  };
}

/** What the prompt says in words: two slopes a step. */
const cost: check.CaseProperty = {
  id: "cost",
  title: "it asks for two slopes a step",
  points: 1,
  cases(seed) {
    const draw = check.stream(seed, "cost");
    return [drawCurve(draw, 3, 4), drawCurve(draw, 2, 1, -1)].map((curve) => ({ curve, counts: true }));
  },
  judge(input, output) {
    const { steps } = (input as { readonly curve: Curve }).curve;
    const slip = (mistake: string, message: string, gives: number) => ({
      mistake,
      message,
      gives: () => gives,
    });
    const finding = check.compare(output, 2 * steps, {
      what: "the number of slopes that were asked for",
      slips: [
        slip("takes-eulers-step", "one slope a step is asked for: Heun's method takes a second one", steps),
        slip(
          "reuses-the-last-slope",
          "the second slope of a step serves as the first of the next: it was taken where Euler's step leads, and that is not where the next step begins",
          steps + 1,
        ),
      ],
    });
    if (!("value" in output && typeof output.value === "number" && output.value > 2 * steps)) return finding;
    const message = "f is asked more than twice a step: keep each slope in a variable";
    return { ...finding, mistake: "asks-again-and-again", message };
  },
};

/** The properties. */
export const properties: readonly check.CaseProperty[] = [...check.published(cases), cost];

/** What is graded as it is published: it holds no more than the prompt. */
export const byHand: readonly check.CaseProperty[] = [cost];
