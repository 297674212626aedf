// What the compiler says of cells that are not finished: the commonest slip, a missing brace, must be named as that; and what it
// offers and explains while one is written.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CellCompiler } from "./compiler";

const folder = mkdtempSync(join(tmpdir(), "residual-compiler-"));
const compiler = new CellCompiler(folder);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("compile()", () => {
  it.each([
    ["function f(x: number) {", "'}' expected."],
    ["class A {\n  x = 1;", "'}' expected."],
    ["const a = 1;\nconst b = [a, ", "']' expected."],
    ["let text = `a", "Unterminated template literal."],
  ])("compile() names what %j lacks, at the cell's end", (code, message) => {
    const { errors } = compiler.compile(code);
    expect(errors?.map(({ messageText }) => messageText)).toContain(message);
    for (const { start } of errors!) expect(start.offset).toBeLessThanOrEqual(code.length);
  });
});

it("compile() keeps every name that a cell has at its top level for the cells after it, and none of an end that was not reached", () => {
  const cells = new CellCompiler(folder);
  cells.compile("const before = 1;").cell!.keep();
  const { cell } = cells.compile(`const one = before, { two, three: [third] } = { two: 2, three: [3] };
let four = 4;
for (var index = 0; index < 1; index++) { const inner = index; void inner; }
function call() {} class Kind {} enum Choice { A }
const last = 5;`);
  cell!.keep(3);
  const unknown = (name: string): boolean => cells.compile(`void ${name};`).errors !== undefined;
  const reached = ["before", "one", "two", "third", "four", "index", "call"];
  const others = ["inner", "Kind", "Choice", "last"];
  expect([...reached, ...others].filter(unknown)).toEqual(others);
});

describe("complete()", () => {
  const offered = (code: string): string[] =>
    compiler.complete(code, code.length).matches.map(({ name }) => name);

  it("complete() offers what older editions of JavaScript have before what newer ones added", () => {
    expect(offered("Math.f")).toEqual(["floor", "fround", "f16round"]);
    expect(offered("[1].f")).toEqual([
      "filter",
      "forEach",
      "fill",
      "find",
      "findIndex",
      "flat",
      "flatMap",
      "findLast",
      "findLastIndex",
    ]);
  });

  it("complete() offers one's own names, in their own case, before everybody's", () => {
    expect(offered("const mathematics = 1, Mate = 2; mat")).toEqual(["mathematics", "Mate", "Math"]);
    expect(offered("const mathematics = 1, Mate = 2; Mat")).toEqual(["Mate", "Math", "mathematics"]);
  });
});

describe("inspect()", () => {
  const explained = (code: string, name: string): string => {
    const { displayParts = [], documentation = [] } = compiler.inspect(code, code.lastIndexOf(name) + 1)!;
    return [displayParts, documentation].map((parts) => parts.map(({ text }) => text).join("")).join("\n");
  };

  it("inspect() shows what an imported and exported name stands for, not its way here", () => {
    writeFileSync(
      join(folder, "deep.ts"),
      "/** Doubles a number. */\nexport function twice(n: number): number {\n  return 2 * n;\n}\n",
    );
    writeFileSync(join(folder, "door.ts"), 'export { twice as double } from "./deep";\n');
    const signature = "function twice(n: number): number\nDoubles a number.";
    expect(explained('import { double } from "./door"; double(1)', "double")).toBe(signature);
    expect(explained('import * as door from "./door"; door.double(1)', "double")).toBe(signature);
    expect(explained('import * as door from "./door"; door.double(1)', "door")).toBe("import door\n");
    expect(explained('import { basename } from "node:path"; basename("a")', "basename")).toMatch(
      /^\(method\) path\.PlatformPath\.basename\(path: string, suffix\?: string\): string\nReturn the last portion of a path/,
    );
  });
});
