// What the notebook checks: examples that can be worked by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "by-hand",
    title: "where nothing moves it stays, and one unit makes one step",
    points: 2,
    ...check.worked(
      [
        // f = 0 where A = 0: nothing moves.
        {
          input: {
            matrix: [
              [0, 0],
              [0, 0],
            ],
            x: [1, -2],
            time: 3,
            units: 2,
          },
          right: {
            states: [
              [1, -2],
              [1, -2],
              [1, -2],
            ],
            x: [1, -2],
          },
          slips: [
            {
              mistake: "forgets-the-shortcut",
              message: "with f = 0 the states are zero: each unit adds to its input",
              gives: {
                states: [
                  [1, -2],
                  [0, 0],
                  [0, 0],
                ],
                x: [1, -2],
              },
            },
          ],
        },
        {
          input: { matrix: [[1]], x: [0.5], time: 2, units: 1 },
          right: { states: [[0.5], [0.5 + 2 * Math.tanh(0.5)]], x: [0.5] },
          slips: [
            {
              mistake: "takes-whole-steps",
              message: "the step is 1, whatever the time: n units that cover T have the step T / n",
              gives: { states: [[0.5], [0.5 + Math.tanh(0.5)]], x: [0.5] },
            },
          ],
        },
      ],
      { what: "the states (and x after the call)" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
