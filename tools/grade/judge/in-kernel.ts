// Grades a property inside the kernel, for nbgrader, which knows no other place: same cases, same points, without the walls.
import { basename, dirname } from "node:path";
import { check } from "residual";
import { decode, encode } from "../learner/wire";
import { seedOf } from "../seed";

/** Throws what is wrong with the answers, in the words of the course's own grader. nbgrader's folder names the learner. */
export type GradeInKernel = (
  question: string,
  property: string,
  names: Readonly<Record<string, unknown>>,
) => Promise<void>;

/** Makes an exercise's grade cells work. */
export function gradeWith(
  drives: Readonly<Record<string, check.Drive>>,
  questions: readonly check.Question[],
  secret: string,
): GradeInKernel {
  return async (questionId, propertyId, names) => {
    const question = questions.find(({ id }) => id === questionId);
    const property = question?.properties.find(({ id }) => id === propertyId);
    if (!property || "types" in property) throw new Error(`no cases of ${questionId}-${propertyId}`);
    const drive = drives[questionId]!;
    // Through the wire's own limits, as in the course's grader: what is not plain data is no answer.
    const plainly: check.Drive = async (given, input) => decode(encode(await drive(given, input)));
    const learner = basename(dirname(process.cwd()));
    const seed = seedOf(secret, { learner, attempt: "", question: questionId, property: propertyId });
    const { finding } = await check.examine(property, plainly, names, seed);
    if (finding) throw new Error(finding.message);
  };
}
