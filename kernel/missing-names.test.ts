// A cell that runs before those above it is told so in one sentence.
import { expect, test } from "vitest";
import { CellCompiler } from "./compiler";
import { withMissingNames } from "./missing-names";

/** What a cell is told, as messages. */
function told(code: string, ...before: readonly string[]): readonly string[] {
  const compiler = new CellCompiler(__dirname);
  for (const cell of before) compiler.compile(cell).cell!.keep();
  const { errors = [] } = compiler.compile(code);
  return withMissingNames(errors, code).map(({ messageText }) => messageText);
}

const check =
  'await check.run([], () => 1, { residualBlock }, { read: "../../notebooks/02-residual-learning.ipynb#One-addition" });';

test("withMissingNames() names all that a check lacks, and says to run the cells above", () => {
  expect(told(check)).toEqual([
    "Cannot find names 'check' and 'residualBlock': run the cells above first (Run > Run All Above).",
  ]);
  expect(told(check, 'import { check } from "residual";')).toEqual([
    "Cannot find name 'residualBlock': run the cells above first (Run > Run All Above).",
  ]);
});

test("withMissingNames() says the same of any cell that lacks two names or more, and leaves out what follows from it", () => {
  expect(told("const rows = trained.map((one) => one.loss); plot.table(rows); new Sessions()")).toEqual([
    "Cannot find names 'trained', 'plot' and 'Sessions': run the cells above first (Run > Run All Above).",
  ]);
});

test("withMissingNames() leaves one name, as likely misspelt, and every other error in TypeScript's words", () => {
  expect(told("netwrok")).toEqual(["Cannot find name 'netwrok'."]);
  expect(told("const network = 1; const wrong: string = network;")).toEqual([
    "Type 'number' is not assignable to type 'string'.",
  ]);
});
