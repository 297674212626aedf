// No number of ours in a page lacks a record: marked ones are what the records give, and there are no others.
import { resolve } from "node:path";
import { runtime } from "residual";
import { beforeAll, describe, expect, it } from "vitest";
import { typedNumbers } from "../notebooks/typed-numbers";
import { readEvidence } from "../site/evidence";
import { evidenceFixture } from "../site/evidence.fixture";
import { readPages, withoutResults, withResults } from "./quoted";

const root = resolve(import.meta.dirname, "..", "..");
const mark = (of: string, text = "") => `It is <!-- result: ${of} -->${text}<!-- /result --> here.`;

beforeAll(async () => {
  await runtime.ready();
});

describe("withResults()", () => {
  const { studies } = evidenceFixture();

  it("writes the mean of the recorded seeds, with the lowest and the highest, in place of whatever stands there", () => {
    const text = mark("training error of narrow in study toy", "1 %");
    expect(withResults("a.md", text, studies)).toBe(mark("training error of narrow in study toy", "28.5 % (28.5 to 28.5, 2 seeds)")); // prettier-ignore
    expect(typedNumbers(withoutResults(text))).toEqual([]);
  });

  it("refuses what has no record, no such study, and marks that are not whole", () => {
    for (const [text, message] of [
      [mark("test error of narow in study toy"), "a.md: test error of narow in study toy has 0 of 0 records"],
      [mark("test error of narrow in study toi"), "0 of 0 records"],
      [mark("loss of narrow in study toy"), "a.md: a result stands between"],
      ["<!-- result: test error of narrow in study toy -->1", "a result stands between"],
    ] as const)
      expect(() => withResults("a.md", text, studies)).toThrow(message);
  });
});

describe("README.md, docs/ and results/README.md", () => {
  it("hold the numbers that the records give: npm run reproduce -- --pages writes them", async () => {
    const { studies } = await readEvidence(root);
    for (const [page, text] of readPages(root)) expect(withResults(page, text, studies), page).toBe(text);
  });

  it("have no result of ours without a mark", () => {
    // What is measured of the tools themselves, or fixed by them, is no result of an experiment.
    const ofTools = /^docs\/(?:internals|exercises|gpu|grading|kernel)\.md$/;
    const other =
      /\b(?:Node|Python|CUDA|Ubuntu|nbgrader)(?: \d+)? ?\(?\d+\.\d+[^.]*|\(\d+ MB\)|\d+ GB of free disk/g;
    const table = /<!-- notebooks:[^]*?<!-- \/notebooks -->/; // written from results/records/notebooks
    const typed = readPages(root)
      .filter(([page]) => !ofTools.test(page))
      .flatMap(
        ([page, text]) =>
        typedNumbers(withoutResults(text).replace(table, "").replaceAll(other, "")).map((one) => `${page}: ${one.text}`), // prettier-ignore
      );
    expect(typed).toEqual([]);
  });
});
