// What the notebook checks of the schedule: the middle of each part, where nothing hangs on an edge.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "middles",
    title: "it has the right level in the middle of each part",
    points: 2,
    ...check.worked(
      [
        {
          input: { steps: [1000, 40_000, 60_000], warmUp: 0 },
          right: [0.1, 0.01, 0.001],
          slips: [
            {
              mistake: "divides-once",
              message: "at 48,000 the rate is divided again: it is then a hundredth of the first",
              gives: [0.1, 0.01, 0.01],
            },
            {
              mistake: "counts-epochs",
              message:
                "the rate has fallen long before 32,000: the paper counts steps, each of one batch, not epochs",
              gives: [0.001, 0.001, 0.001],
            },
          ],
        },
        {
          input: { steps: [200, 1000], warmUp: 400 },
          right: [0.01, 0.1],
          slips: [
            {
              mistake: "ignores-the-warm-up",
              message: "the first steps are taken at 0.1 although a warm-up is asked for",
              gives: [0.1, 0.1],
            },
          ],
        },
      ],
      { what: "the list of rates" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
