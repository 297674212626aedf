// What the notebook checks: examples that can be worked by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "by-hand",
    title: "for a slice of five points, and one that never rises",
    points: 2,
    ...check.worked(
      [
        // The level is 2.5: a quarter of the way from -1 to -2, and an eighth of the way from 1 to 2.
        {
          input: { alphas: [-2, -1, 0, 1, 2], losses: [4, 2, 1, 2, 6], rise: 1.5 },
          right: 2.375,
          slips: [
            {
              mistake: "snaps-to-the-points",
              message: "the width ends at points of the list: the curve meets the level between two of them",
              gives: 2,
            },
            {
              mistake: "takes-the-rise-for-the-level",
              message: "the level is the rise itself: it is the loss at 0 plus the rise",
              gives: 1,
            },
            {
              mistake: "doubles-one-side",
              message: "one side is measured and doubled: a valley need not be symmetric",
              gives: 2.25,
            },
          ],
        },
        { input: { alphas: [-1, 0, 0.5], losses: [1, 1, 1], rise: 1 }, right: 1.5 },
      ],
      { what: "the width", within: 1e-6 },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
