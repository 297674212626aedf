// What the notebook checks: examples that can be worked by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "zero-residual",
    title: "with zero matrices the gradient comes back through the shortcut alone",
    points: 1,
    ...check.worked(
      [
        // Zero matrices: z = x, so the gradient comes back through the shortcut and the last ReLU alone.
        {
          input: {
            x: [1, -2],
            first: [
              [0, 0],
              [0, 0],
            ],
            second: [
              [0, 0],
              [0, 0],
            ],
            dy: [3, 5],
          },
          right: {
            dx: [3, 0],
            dFirst: [
              [0, 0],
              [0, 0],
            ],
            dSecond: [
              [0, 0],
              [0, 0],
            ],
          },
          slips: [
            {
              mistake: "forgets-the-identity-term",
              message:
                "with F = 0 nothing comes back: x is used twice, in F and in the addition, and the second way back is missing",
              gives: {
                dx: [0, 0],
                dFirst: [
                  [0, 0],
                  [0, 0],
                ],
                dSecond: [
                  [0, 0],
                  [0, 0],
                ],
              },
            },
            {
              mistake: "shortcut-skips-the-last-relu",
              message:
                "the shortcut's term is dy itself: the addition stands before the last ReLU, so it too must pass it",
              gives: {
                dx: [3, 5],
                dFirst: [
                  [0, 0],
                  [0, 0],
                ],
                dSecond: [
                  [0, 0],
                  [0, 0],
                ],
              },
            },
          ],
        },
      ],
      { what: "the gradients" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
