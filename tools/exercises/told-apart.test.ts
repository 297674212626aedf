// Many learners of each exercise are told the mistake that was made: a draw on which two mistakes give the same comes once in hundreds.
import { join, resolve } from "node:path";
import { check } from "residual";
import { expect, test } from "vitest";
import { drawn, listAnswers } from "./answers";
import { slugs } from "./master";
import { seedsOf } from "./proof";
import { misnamed } from "./told-apart";

const root = resolve(__dirname, "..", "..");

// Their cases are images, which go through the tape once for each mistake. `--prove` asks those learners whose cases it draws anyway.
const slow = new Set([
  "01-identity-layers",
  "02-residual-block",
  "02-stack-of-units",
  "03-growing-unit",
  "03-projection-shortcut",
  "05-bottleneck-unit",
  "08-pre-activation-unit",
  "10-dense-block",
]);

test("misnamed() finds no mistake that one of forty learners, or the notebook, would call by another's name", async () => {
  const problems: string[] = [];
  for (const slug of slugs(root).filter((each) => !slow.has(each))) {
    const { questions } = (await import(join(root, "solutions", slug, "hidden.ts"))) as {
      questions: readonly [check.Question];
    };
    const learners = [check.publicSeed, ...seedsOf(40)].map((seed) => drawn(questions[0].properties, seed));
    problems.push(...misnamed(slug, listAnswers(root, slug), learners));
  }
  expect(problems).toEqual([]);
});
