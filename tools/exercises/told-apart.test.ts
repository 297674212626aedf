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

async function questionsOf(slug: string): Promise<readonly [check.Question]> {
  const hidden = (await import(join(root, "solutions", slug, "hidden.ts"))) as unknown;
  return (hidden as { readonly questions: readonly [check.Question] }).questions;
}

test("misnamed() finds no mistake that one of forty learners, or the notebook, would call by another's name", async () => {
  const problems: string[] = [];
  for (const slug of slugs(root).filter((each) => !slow.has(each))) {
    const questions = await questionsOf(slug);
    const learners = [check.publicSeed, ...seedsOf(40)].map((seed) => drawn(questions[0].properties, seed));
    problems.push(...misnamed(slug, listAnswers(root, slug), learners));
  }
  expect(problems).toEqual([]);
});

// The notebook's own check holds those cases with what is right for each, so a table of its numbers has their points.
test("no exercise gives more than two points, nor more than half of its points, for cases that all learners share", async () => {
  const isShared = (property: check.Property) =>
    "cases" in property && new Set(seedsOf(3).map((seed) => JSON.stringify(property.cases(seed)))).size === 1;
  const sum = (properties: readonly check.Property[]) =>
    properties.reduce((total, { points }) => total + points, 0);
  const points: { slug: string; shared: number; all: number }[] = [];
  // The capstone's one case is the row to reproduce, and its answer the learner's own records.
  for (const slug of slugs(root).filter((each) => each !== "11-reproduce-a-row")) {
    const [{ properties }] = await questionsOf(slug);
    points.push({ slug, shared: sum(properties.filter(isShared)), all: sum(properties) });
  }
  expect(points.filter(({ shared, all }) => shared > 2 || 2 * shared > all)).toEqual([]);
  expect(points.some(({ shared }) => shared > 0)).toBe(true);
});
