// Grades a property inside the kernel, for nbgrader, which knows no other place: same cases, same points, without the walls.
import { basename, dirname } from "node:path";
import type { Drives, Question } from "../question";
import { decode, encode } from "../learner/wire";
import { seedOf } from "../seed";

/** Throws what is wrong with the answers, in the words of the course's own grader. nbgrader's folder names the learner. */
export type GradeInKernel = (
  question: string,
  property: string,
  names: Readonly<Record<string, unknown>>,
) => Promise<void>;

/** Makes an exercise's grade cells work. */
export function gradeWith(drives: Drives, questions: readonly Question[]): GradeInKernel {
  return async (questionId, propertyId, names) => {
    const question = questions.find(({ id }) => id === questionId);
    const property = question?.properties.find(({ id }) => id === propertyId);
    if (!property || "types" in property) throw new Error(`no cases of ${questionId}-${propertyId}`);
    const learner = basename(dirname(process.cwd()));
    for (const input of property.cases(seedOf("residual", learner, questionId, propertyId))) {
      const finding = await property.judge(
        input,
        await outputOf(async () => drives[questionId]!(names, input)),
      );
      if (finding) throw new Error(finding.message);
    }
  };
}

async function outputOf(call: () => Promise<Awaited<ReturnType<Drives[string]>>>) {
  try {
    // Through JSON's own limits, as in the course's grader: what is not plain data is no answer.
    return { value: decode(encode(await call())) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
    return { error: { name, message } };
  }
}
