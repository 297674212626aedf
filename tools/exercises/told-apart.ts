// Whether each learner is told the mistake that was made, and not another one that gives the same.
import { check } from "residual";
import type { Answer, Asked } from "./answers";

/**
 * The mistakes that a learner would be told by another's name, a line each. No answer is run: what each mistake gives is known, so many
 * learners cost little.
 *
 * @param answers the exercise's: a wrong one says by its lines `// Also NAME: reason` which other names are true of it
 * @param learners what each is asked
 */
export function misnamed(slug: string, answers: readonly Answer[], learners: readonly Asked[]): string[] {
  const also = new Set(
    answers.flatMap(({ expected }) =>
      typeof expected === "object"
        ? [...expected.also.keys()].map((name) => `${expected.mistake} is called ${name}`)
        : [],
    ),
  );
  const problems = new Map<string, string>();
  for (const { seed, properties } of learners) {
    for (const property of properties) {
      if (!("cases" in property) || !property.publish) continue;
      const { id, cases, publish } = property;
      for (const { mistake, name } of check.calledOn({ publish }, cases(seed))) {
        const what = `${mistake} is called ${name}`;
        if (mistake === name || also.has(what) || problems.has(what)) continue;
        problems.set(
          what,
          `${slug}, ${id}: ${what} (the cases of seed ${seed}): draw until check.tells, or say in wrong/${mistake}.ts why it is true too`,
        );
      }
    }
  }
  return [...problems.values()];
}
