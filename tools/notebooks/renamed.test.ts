// Cells in which only names changed, beside cells that look alike and do something else.
import { expect, test } from "vitest";
import type { Cell } from "./notebook";
import { onlyRenamed, parseRenamings } from "./renamed";

const cell = (source: string, text = ""): Cell => ({
  id: "",
  cell_type: "code",
  metadata: {},
  source,
  outputs: [{ output_type: "stream", name: "stdout", text }],
});
const renamings = parseRenamings(["rate=learningRate", "onDevice=batches"]);

test.each([
  ["a name", "f({ rate: 1 }).rate(2);", "f({ learningRate: 1 }).learningRate(2);"],
  ["two names, one of which stays in places", "a.rate(onDevice(rate));", "a.learningRate(batches(rate));"],
  ["the layout", "f({ rate: 1, b });", "f({\n  learningRate: 1,\n  b,\n});"],
  ["a comment", "f(rate); // rate", "// learning rate\nf(learningRate);"],
  ["within a template", "`rate ${s.rate(1)} /s`;", "`rate ${s.learningRate(1)} /s`;"],
])("onlyRenamed() takes a cell in which %s changed", (_, ran, wanted) => {
  expect(onlyRenamed(cell(ran, "y: rate (logarithmic)"), cell(wanted), renamings)).toBe(true);
});

test.each([
  ["a number", "f({ rate: 1 });", "f({ learningRate: 2 });", ""],
  ["another name", "f({ rate: 1 });", "f({ speed: 1 });", ""],
  ["a string", 'f("rate");', 'f("learningRate");', ""],
  ["a string's blanks", 'f(rate, "a b");', 'f(learningRate, "ab");', ""],
  ["a template's words", "`rate ${rate}`;", "`learningRate ${rate}`;", ""],
  ["the way back", "f(learningRate);", "f(rate);", ""],
  ["a shorthand", "f({ rate });", "f({ learningRate: rate });", ""],
  ["an argument more", "f(rate);", "f(learningRate, 1);", ""],
  ["nothing but the name, which is printed as a field", "log(rate);", "log(learningRate);", "{ rate: 0.1 }"],
  ["nothing but the name, which heads a column", "log(rate);", "log(learningRate);", "<th>rate</th>"],
  [
    "nothing but the name, which an error names",
    "log(rate);",
    "log(learningRate);",
    "x.rate is not a function",
  ],
])("onlyRenamed() refuses a cell in which %s changed", (_, ran, wanted, printed) => {
  expect(onlyRenamed(cell(ran, printed), cell(wanted), renamings)).toBe(false);
});

test("parseRenamings() refuses what is no pair of names", () => {
  for (const given of ["rate", "rate=", "=b", "a=b=c", "a b=c"])
    expect(() => parseRenamings([given])).toThrow(
      `--renamed takes two names, such as rate=learningRate; got ${given}`,
    );
});
