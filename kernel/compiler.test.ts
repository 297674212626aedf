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

describe("what later cells know", () => {
  const after = (...cells: string[]): string[] => {
    const own = new CellCompiler(folder, compiler);
    const messages: string[] = [];
    for (const code of cells) {
      const { errors, cell } = own.compile(code);
      cell?.keep();
      for (const { messageText } of errors ?? cell.warnings) messages.push(messageText);
    }
    return messages;
  };

  it("compile() keeps every name of a cell whose types only that cell can name", () => {
    const cell =
      "function makeCounter() { class Counter { private n = 0; inc() { return ++this.n } } return new Counter() }\n" +
      "const counter = makeCounter(), other = 5;";
    expect(after(cell, "counter.inc() + other;")).toEqual([]);
    expect(after(cell, "counter.missing;")).toEqual([expect.stringContaining("'missing' does not exist")]);
  });

  it("compile() merges interfaces and namespaces of several cells, and replaces what repeats a member", () => {
    const parts = ["interface P { x: number }", "interface P { y: string }"];
    expect(after(...parts, "const p: P = { y: 'a' };")).toEqual([expect.stringContaining("'x' is missing")]);
    expect(after(...parts, "interface P { x: string }", "const p: P = { x: 'b', y: 'a' };")).toEqual([]);
    expect(
      after("namespace N { export const a = 1 }", "namespace N { export const b = a }", "N.a + N.b"),
    ).toEqual([]);
  });

  it("compile() keeps a type where a value takes its name, and the other way round", () => {
    expect(after("interface A { q: number }", "const A = 5;", "const a: A = { q: A };")).toEqual([]);
    expect(after("const B = 5;", "type B = string;", "const b: B = 'x'; B + 1;")).toEqual([]);
  });

  it("compile() says how a missing package is installed, and leaves a @ts-nocheck cell alone", () => {
    expect(after('import x from "not-there";')).toEqual([expect.stringContaining("npm install not-there")]);
    expect(after("// @ts-nocheck\nconst wrong: number = 'x';")).toEqual([]);
  });
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
