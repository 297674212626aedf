// What the notebook checks of an error rate: a batch that can be counted by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Five images of four classes; the second and the last are told wrong. */
const logits = {
  shape: [5, 4],
  values: [2, 1, 0, -1, 3, 0, 1, 2, 1, 0, -2, 4, -1, 0, 5, 1, 0, 6, 5, 1],
};

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "by-hand",
    title: "two errors among five images are 40 %, and it is right for another small batch",
    points: 2,
    ...check.worked(
      [
        {
          input: { logits, labels: [0, 1, 3, 2, 2] },
          right: 40,
          slips: [
            {
              mistake: "gives-the-accuracy",
              message: "this is the share that is right: the tables give the share that is wrong",
              gives: 60,
            },
            {
              mistake: "gives-a-fraction",
              message: "this is a fraction of 1: it is asked for in percent",
              gives: 0.4,
            },
            {
              mistake: "counts-instead-of-averaging",
              message: "this counts the errors: divide by the number of images",
              gives: 200,
            },
          ],
        },
      ],
      { what: "the error" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
