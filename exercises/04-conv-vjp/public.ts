// What the notebook checks: examples that can be worked by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "by-hand",
    title: "for a kernel of two at two places, as written out by hand",
    points: 2,
    ...check.worked(
      [
        // y_0 = 2 x_0 + 3 x_1 and y_1 = 2 x_1 + 3 x_2.
        {
          input: { dy: [1, 10], x: [5, 7, 11], w: [2, 3], stride: 1, padding: 0 },
          right: { dx: [2, 23, 30], dw: [75, 117] },
          slips: [
            {
              mistake: "reads-the-kernel-backwards",
              message:
                "each y_i meets the kernel the wrong way round: w_0 belongs to the first pixel of its window",
              gives: { dx: [3, 32, 20], dw: [75, 117] },
            },
            {
              mistake: "averages-over-places",
              message: "dw is a mean over the places: w enters every y_i, so its gradient is a sum",
              gives: { dx: [2, 23, 30], dw: [37.5, 58.5] },
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
