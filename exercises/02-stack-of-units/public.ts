// What the notebook checks of a stack: no units, and units whose residual is zero.
import { check } from "residual";
import { cases } from "./cases";

/** Images and the kernels of the residual functions. */
export type Case = { readonly x: check.PlainTensor; readonly kernels: readonly check.PlainTensor[] };

const zeros = { shape: [3, 3, 3, 3], values: Array<number>(81).fill(0) };

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "nothing-to-add",
    title: "units whose residual is zero give ReLU(x), however many they are",
    points: 1,
    cases(seed) {
      const draw = check.stream(seed, "stack-of-zeros");
      return [1, 4].map((units) => ({
        x: check.oddTensor(draw, [2, 6, 6, 3]),
        kernels: Array(units).fill(zeros),
      }));
    },
    judge: check.judgeBy<Case>(
      ({ x }) => ({ ...x, values: x.values.map((value) => Math.max(value, 0)) }),
      [
        {
          mistake: "forgets-the-shortcut",
          message: "with F = 0 nothing is left: each unit adds its input to what F gives",
          gives: ({ x }) => ({ ...x, values: x.values.map(() => 0) }),
        },
        {
          mistake: "forgets-the-relu",
          message: "negative numbers come out: a ReLU follows each addition",
          gives: ({ x }) => x,
        },
      ],
      { what: "the stack's output" },
    ).judge,
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
