// What the notebook checks: examples that can be worked by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "by-hand",
    title: "for a plan in round numbers",
    points: 2,
    ...check.worked(
      [
        // 7200 s of training and 1800 s of testing a run.
        {
          input: {
            trainingImages: 36_000,
            testImages: 9000,
            batch: 100,
            steps: 7200,
            trainingRate: 100,
            testRate: 50,
            evaluations: 10,
            hours: 7,
          },
          right: { epochs: 20, hoursPerRun: 2.5, runs: 2 },
          slips: [
            {
              mistake: "forgets-the-evaluations",
              message: "testing takes time too: each evaluation classifies the whole test set",
              gives: { epochs: 20, hoursPerRun: 2, runs: 3 },
            },
            {
              mistake: "rounds-up",
              message: "the last run would not finish: only whole runs fit",
              gives: { epochs: 20, hoursPerRun: 2.5, runs: 3 },
            },
            {
              mistake: "counts-steps-as-images",
              message: "a step takes a whole batch of images",
              gives: { epochs: 0.2, hoursPerRun: 0.52, runs: 13 },
            },
          ],
        },
      ],
      { what: "the plan" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
