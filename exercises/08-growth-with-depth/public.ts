// What the notebook checks: examples that can be worked by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "by-hand",
    title: "for three units of each kind",
    points: 2,
    ...check.worked(
      [
        {
          input: {
            start: 1,
            units: Array(3).fill({ factor: 1, residual: { kind: "proportional", gain: 1 } }),
          },
          right: [1, 2, 4, 8],
          slips: [
            {
              mistake: "adds-deviations",
              message: "standard deviations are added: of uncorrelated things the variances add",
              gives: [1, 4, 16, 64],
            },
            {
              mistake: "forgets-the-start",
              message: "the list begins with the variance of x_0, the start",
              gives: [2, 4, 8],
            },
          ],
        },
        {
          input: {
            start: 4,
            units: Array(3).fill({ factor: 0.5, residual: { kind: "normalised", variance: 1 } }),
          },
          right: [4, 2, 1.5, 1.375],
          slips: [
            {
              mistake: "forgets-to-square-the-factor",
              message: "a factor of 0.5 halves the signal, so it quarters the variance",
              gives: [4, 3, 2.5, 2.25],
            },
          ],
        },
      ],
      { what: "the list of variances" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
