// A learner's record for tests: one exercise, one question, one property worth four points.
import type { LearnerRecord } from "../record";

export const record = (learner: string, points: number, mistake?: string): LearnerRecord => ({
  learner,
  score: points,
  outOf: 4,
  refused: [],
  exercises: [
    {
      learner,
      exercise: "03-option-a",
      file: `${learner}/03-option-a.ipynb`,
      sha256: "",
      submitted: "2026-11-01T10:00:00.000Z",
      points,
      outOf: 4,
      score: points,
      penalty: 0,
      attempts: 1,
      notes: [],
      questions: [
        {
          id: "option-a",
          title: "Option A",
          points,
          outOf: 4,
          properties: [
            {
              id: "pads",
              title: "pads with zeros",
              points,
              outOf: 4,
              ...(mistake === undefined ? {} : { mistake, message: `=HYPERLINK("${mistake}")` }),
            },
          ],
        },
      ],
    },
  ],
});
