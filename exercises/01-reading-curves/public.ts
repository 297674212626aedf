// What the notebook checks of a reading: two pairs of short curves.
import { check } from "residual";
import { cases } from "./cases";

const shallow = { training: [50, 12, 8], test: [55, 16, 14] };

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "short-curves",
    title: "it reads short pairs of curves",
    points: 2,
    ...check.worked(
      [
        {
          input: { shallow, deep: { training: [60, 20, 16], test: [65, 22, 20] }, last: 2, margin: 1 },
          right: { training: 8, test: 6, verdict: "degradation" },
          slips: [
            {
              mistake: "swaps-the-networks",
              message:
                "the differences have the wrong sign: they are the deep network's errors less the shallow one's",
              gives: { training: -8, test: -6, verdict: "depth helps" },
            },
          ],
        },
        {
          input: { shallow, deep: { training: [40, 6, 2], test: [55, 21, 19] }, last: 2, margin: 1 },
          right: { training: -6, test: 5, verdict: "overfitting" },
          slips: [
            {
              mistake: "judges-by-the-test-error",
              message:
                "called degradation because of the test error: on the training set this deep network is the better one",
              gives: { training: -6, test: 5, verdict: "degradation" },
            },
          ],
        },
        {
          input: { shallow, deep: { training: [45, 12.5, 7.5], test: [50, 15.5, 14.5] }, last: 2, margin: 1 },
          right: { training: 0, test: 0, verdict: "no difference" },
        },
      ],
      { what: "the reading" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
