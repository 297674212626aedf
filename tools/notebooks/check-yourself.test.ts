// The chapters' questions and their sealed answers: each seal is that of the answer in solutions/check-yourself.ts.
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { check } from "residual";
import { expect, test } from "vitest";
import { answers } from "../../solutions/check-yourself";
import { listSources } from "./source";

const chapters = listSources(join(resolve(__dirname, "..", ".."), "notebooks")).map(({ source }) => ({
  number: basename(source).slice(0, 2),
  text: readFileSync(source, "utf8"),
}));

const asked = chapters.flatMap(({ number, text }) =>
  [...text.matchAll(/check\.answer\(\s*(\w+),\s*"([^"]+)"/g)].map(([, name, sealed]) => ({
    number,
    name: name!,
    sealed: sealed!,
  })),
);
const questions = asked.filter(({ name }) => !/^\d/.test(name));

test("seal() of each chapter's question is that of its answer", () => {
  const made = questions.map(({ number, name }) => {
    const { value, tolerance } = answers[number]![name]!;
    return `${number} ${name}: ${check.seal(value(), tolerance)}`;
  });
  expect(questions.map(({ number, name, sealed }) => `${number} ${name}: ${sealed}`)).toEqual(made);
});

test("every chapter asks what check-yourself.ts answers, and shows no answer in its code", () => {
  const known = Object.entries(answers).flatMap(([number, of]) =>
    Object.keys(of).map((name) => `${number} ${name}`),
  );
  expect(questions.map(({ number, name }) => `${number} ${name}`).sort()).toEqual(known.sort());
  const calls = chapters.flatMap(({ text }) => [...text.matchAll(/check\.answer\(/g)]);
  expect(calls).toHaveLength(asked.length);
});

test("answer() takes each of the answers, and none that is a little off", () => {
  for (const { number, name, sealed } of questions) {
    const { value, tolerance = 0 } = answers[number]![name]!;
    expect(check.answer(value(), sealed, { hint: "" }).state, name).toBe("right");
    expect(
      check.answer(value() + (tolerance === 0 ? 1 : 2.5 * tolerance), sealed, { hint: "" }).state,
      name,
    ).toBe("wrong");
  }
});
