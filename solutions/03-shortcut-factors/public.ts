// What the notebook checks of the factors: two units, and that a clean shortcut has none.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "two-units",
    title: "it is right for two units",
    points: 1,
    ...check.worked(
      [
        {
          input: [0.5, 0.25],
          right: { carried: 0.125, residuals: [0.25, 1] },
          slips: [
            {
              mistake: "residuals-pass-freely",
              message: "F_0 arrives whole: it must pass the shortcut of the unit after it",
              gives: { carried: 0.125, residuals: [1, 1] },
            },
            {
              mistake: "counts-the-units-own-shortcut",
              message: "a unit's F is multiplied by the unit's own factor: it is added behind it",
              gives: { carried: 0.125, residuals: [0.125, 0.25] },
            },
          ],
        },
        { input: [1, 1, 1], right: { carried: 1, residuals: [1, 1, 1] } },
      ],
      { what: "the factors" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
