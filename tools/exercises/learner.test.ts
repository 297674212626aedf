// The learner's notebook of an exercise whose answer promises a type.
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { joined } from "../notebooks/notebook";
import { learnerNotebook } from "./learner";
import { inOrder, readMaster, stubOf } from "./master";
import { verdictLinks } from "./verdict-links";

const root = resolve(__dirname, "..", "..");

test("learnerNotebook() has a locked cell behind the check that compiles only if the promised type holds", () => {
  const slug = "03-growing-unit";
  const promise = {
    id: "type",
    title: "its type promises Images<16, 16, 32>",
    points: 1,
    types: "// @ts-expect-error it has 32 channels\nconst narrow: 16 = growingUnit();",
    otherwise: { mistake: "promises-another-shape", message: "it does not compile" },
  };
  const question = { id: "growing-unit", title: "", needs: ["growingUnit"], properties: [promise] };
  const { cells } = learnerNotebook(readMaster(root, slug), question);
  const check = cells.findIndex(({ source }) => joined(source).includes("check.run("));
  const behind = cells[check + 1]!;
  expect(joined(behind.source)).toMatch(
    /^\/\/ This cell compiles only if its type promises Images<16, 16, 32>\./,
  );
  expect(joined(behind.source)).toContain("// @ts-expect-error it has 32 channels");
  expect(behind.metadata["nbgrader"]).toMatchObject({ locked: true, grade: false, solution: false });
});

test("verdictLinks() every exercise's passage is a heading of its chapter, and every exercise but the last has a next one", () => {
  const all = inOrder(root);
  const links = all.map((master) => verdictLinks(root, master));
  expect(links.slice(0, -1).map(({ next }) => next)).toEqual(
    all.slice(1).map(({ slug }) => `../${slug}/${slug}.ipynb`),
  );
  expect(links.at(-1)).not.toHaveProperty("next");
  const lost = readMaster(root, "02-residual-block");
  const about = { ...lost.about, passage: "Another heading" };
  expect(() => verdictLinks(root, { ...lost, about })).toThrow(
    'passage must be a heading of notebooks/02-residual-learning.ts; got "Another heading" (there are: One addition;',
  );
});

test("every stub that throws says that nothing is written yet, in the words by which a check knows it", () => {
  const stubs = inOrder(root).map(({ cells }) => stubOf(cells.find(({ role }) => role === "answer")!.source));
  const throwing = stubs.filter((stub) => stub.includes("throw new Error("));
  expect(throwing.length).toBeGreaterThan(25);
  for (const stub of throwing) {
    for (const [, words] of stub.matchAll(/throw new Error\(["`](.*)/g))
      expect(words).toMatch(/^not written yet/);
  }
});

test("learnerNotebook() gives the check its links, and refuses a check that has no place for them", () => {
  const question = { id: "a", title: "", needs: [], properties: [] };
  const master = readMaster(root, "02-residual-block");
  const checkOf = (one: typeof master): string =>
    learnerNotebook(one, question, { read: "a.ipynb#b" })
      .cells.map(({ source }) => joined(source))
      .find((source) => source.includes("check.run("))!;
  expect(checkOf(master)).toContain('{ residualBlock }, {\n  read: "a.ipynb#b",\n});');
  const cells = master.cells.map((cell) =>
    cell.role === "check" ? { ...cell, source: "await check.run(\n);" } : cell,
  );
  expect(() => checkOf({ ...master, cells })).toThrow("a check cell calls check.run in one line");
});
