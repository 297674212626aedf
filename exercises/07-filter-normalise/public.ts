// What the notebook checks: examples that can be worked by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "by-hand",
    title: "for two filters that can be measured by hand, and one that is zero",
    points: 2,
    ...check.worked(
      [
        // Two filters: numbers 0 and 2, and numbers 1 and 3.
        {
          input: { direction: [3, 6, 4, 8], weights: [0, 0, 1, 2], outChannels: 2 },
          right: [0.6, 1.2, 0.8, 1.6],
          slips: [
            {
              mistake: "takes-filters-for-blocks",
              message:
                "the numbers of a filter are taken to lie side by side: here the output channel is the last axis",
              gives: [0, 0, 4 * Math.sqrt(5 / 80), 8 * Math.sqrt(5 / 80)],
            },
            {
              mistake: "makes-unit-filters",
              message: "each filter has length 1: it should have the length of the network's own filter",
              gives: [0.6, 0.6, 0.8, 0.8],
            },
          ],
        },
        { input: { direction: [0, 2], weights: [5, 6], outChannels: 2 }, right: [0, 6] },
      ],
      { what: "the direction", within: 1e-5 },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
