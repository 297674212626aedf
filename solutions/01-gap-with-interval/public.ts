// What the notebook checks of the gap: runs that can be counted by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "by-hand",
    title: "for two runs of each, as counted by hand",
    points: 2,
    ...check.worked(
      [
        // Means 2 and 7; variances 2 and 8; se = sqrt(2/2 + 8/2) = sqrt(5).
        {
          input: { shallow: [1, 3], deep: [5, 9], t: 2 },
          right: { gap: 5, lower: 5 - 2 * Math.sqrt(5), upper: 5 + 2 * Math.sqrt(5) },
          slips: [
            {
              mistake: "reverses-the-sign",
              message: "the gap is negative though the deep network errs more: it is deep minus shallow",
              gives: { gap: -5, lower: -5 - 2 * Math.sqrt(5), upper: -5 + 2 * Math.sqrt(5) },
            },
            {
              mistake: "forgets-the-number-of-runs",
              message: "this is the spread of single runs: a mean of n runs strays less",
              gives: { gap: 5, lower: 5 - 2 * Math.sqrt(10), upper: 5 + 2 * Math.sqrt(10) },
            },
          ],
        },
        { input: { shallow: [4, 4], deep: [4, 4], t: 3 }, right: { gap: 0, lower: 0, upper: 0 } },
      ],
      { what: "the gap and its interval" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
