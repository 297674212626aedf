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

/** One input and nothing else says what is asked of a capstone: the row to reproduce. Its answer is records, which the grader trains again. */
const oneCase = "11-reproduce-a-row";

/** What an answer may give for an input that its table lacks. */
function otherwise(table: readonly check.Plain[]): check.Output[] {
  const error = { name: "RangeError", message: "not in the table" };
  return [{ error }, ...[null, 0, [], ...table].map((value) => ({ value }))];
}

/** The properties whose points a table of the notebook's numbers gains: by a guess for what it lacks, or by one of its own numbers. */
async function gainedByTable(slug: string, seed: number): Promise<string[]> {
  const [{ properties }] = await questionsOf(slug);
  const asked = (await import(join(root, "solutions", slug, "public.ts"))) as {
    readonly properties: readonly check.Property[];
  };
  const published = asked.properties.flatMap((property) =>
    "cases" in property ? property.cases(check.publicSeed) : [],
  );
  const known = new Set(published.map((input) => JSON.stringify(input)));
  const gained: string[] = [];
  for (const property of properties) {
    if (!("cases" in property)) continue;
    const unknown = property.cases(seed).filter((input) => !known.has(JSON.stringify(input)));
    // What is right for the images of the slow ones takes long to compute, and is no number that could be guessed.
    const { publish } = property;
    const table =
      publish && !slow.has(slug) ? property.cases(check.publicSeed).map((input) => publish(input).right) : [];
    for (const output of otherwise(table)) {
      let loses = false;
      for (const input of unknown) loses ||= (await property.judge(input, output)) !== undefined;
      if (!loses) gained.push(`${slug}, ${property.id}: ${check.show(output)} (the cases of seed ${seed})`);
    }
  }
  return gained;
}

test("a table of what the notebook holds, with a guess for all that it lacks, gains no points in any exercise", async () => {
  const gained: string[] = [];
  for (const slug of slugs(root).filter((each) => each !== oneCase))
    for (const seed of seedsOf(3)) gained.push(...(await gainedByTable(slug, seed)));
  expect(gained).toEqual([]);
});
