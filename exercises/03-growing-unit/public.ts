// What the notebook checks: every graded property, on public cases that hold numbers and no rule.
import { check } from "residual";
import { cases as publicCases } from "./cases";

/** Images and two kernels. */
export interface Case {
  readonly x: check.PlainTensor;
  readonly first: check.PlainTensor;
  readonly second: check.PlainTensor;
}

/** Cases with so many images each, and the kernels that `kernel` gives. */
function cases(
  seed: number,
  batches: readonly number[],
  kernel: (draw: ReturnType<typeof check.stream>, shape: readonly number[]) => check.PlainTensor,
): readonly check.Plain[] {
  const draw = check.stream(seed, "growing-unit");
  return batches.map((images) => ({
    x: check.oddTensor(draw, [images, 32, 32, 16]),
    first: kernel(draw, [3, 3, 16, 32]),
    second: kernel(draw, [3, 3, 32, 32]),
  }));
}

const zeros = (_: unknown, shape: readonly number[]) => ({
  shape,
  values: Array<number>(shape.reduce((a, b) => a * b)).fill(0),
});

/** Images and kernels are too large to be written down: they are drawn. */
export const inputs = {
  shortcut: (seed: number): readonly check.Plain[] => cases(seed, [1, 9], zeros),
  values: (seed: number): readonly check.Plain[] => cases(seed, [1, 2], check.oddTensor),
};

/** The properties. */
export const properties: readonly check.CaseProperty[] = check.published(publicCases, inputs);
