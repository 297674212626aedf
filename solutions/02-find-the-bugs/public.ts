// What the notebook checks: examples that can be worked by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "by-hand",
    title: "for a block whose residual is a constant",
    points: 2,
    ...check.worked(
      [
        // F is N_2's shift alone, since W_2 = 0.
        {
          input: {
            x: [4, -1],
            kernels: [
              [
                [1, 0],
                [0, 1],
              ],
              [
                [0, 0],
                [0, 0],
              ],
            ],
            norms: [
              { scale: [1, 1], shift: [2, 2] },
              { scale: [1, 1], shift: [-1, -3] },
            ],
          },
          right: [3, 0],
          slips: [
            {
              mistake: "overwrites-its-input",
              message: "what is added is no longer what came in",
              gives: [5, 0],
            },
            {
              mistake: "shares-the-norm",
              message: "the second product is normalised with the first norm",
              gives: [6, 1],
            },
            {
              mistake: "rectifies-before-the-addition",
              message: "the last ReLU stands before the addition",
              gives: [4, -1],
            },
            { mistake: "forgets-the-last-relu", message: "a ReLU follows the addition", gives: [3, -4] },
          ],
        },
      ],
      { what: "the block's output" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
