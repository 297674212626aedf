// Which loops of a cell's top level hold variables, and which do not because somebody else could see them.
import { tmpdir } from "node:os";
import { beforeEach, describe, expect, it } from "vitest";
import { CellCompiler } from "./compiler";

const first = new CellCompiler(tmpdir());
let compiler = first;

beforeEach(() => {
  compiler = new CellCompiler(tmpdir(), first);
});

/** The variables that the loops of the last of some cells hold. */
function held(...cells: string[]): string[] {
  const compiled = cells.map((code) => {
    const { errors, cell } = compiler.compile(code);
    if (!cell) throw new Error(errors.map(({ messageText }) => messageText).join("\n"));
    cell.keep();
    return cell.output;
  });
  return [...compiled.at(-1)!.matchAll(/const held·0 = \{([^}]*)\}/g)].map(([, names]) => names!.trim());
}

const loop = "for (let i = 0; i < 3; i++) { sum += i; last = i; }";

describe("HeldLoops.of()", () => {
  it("holds what a loop assigns to, whether this cell declared it before or an earlier one", () => {
    expect(held(`let sum = 0, last = 0, other = 1; ${loop}`)).toEqual(["sum, last"]);
    expect(held("let sum = 0; var last = 0;", loop)).toEqual(["sum, last"]);
    expect(
      held(
        "let a = 1, b = 2;",
        "outer: while (a < 9) do { [a, b] = [b, a + 1]; continue outer; } while (true);",
      ),
    ).toEqual(["a, b"]);
    expect(held("var v = 0; if (v) for (v of [1]) ; else for (var w = 0; w < 2; ) w++;")).toEqual(["v", "w"]);
  });

  it("holds one under the name by which it runs", () => {
    expect(held("let performance = 0; while (performance < 3) performance++;")).toEqual(["performance·"]);
  });

  it("holds none that a function or a class of any cell names", () => {
    const functions = [
      "function f() { return last; }",
      "const f = () => last;",
      "class f { static n = last; }",
      "const f = { get n() { return last; } };",
    ];
    for (const one of functions) {
      compiler = new CellCompiler(tmpdir(), first);
      expect(held("let sum = 0, last = 0;", one, loop), one).toEqual(["sum"]);
      compiler = new CellCompiler(tmpdir(), first);
      expect(held(`let sum = 0, last = 0; ${loop} ${one}`), one).toEqual(["sum"]);
    }
    expect(
      held("let sum = 0, last = 0; [1].forEach((n) => { for (;;) { sum += last; break; } });", loop),
    ).toEqual([]);
  });

  it("holds one whose name a function uses for a variable of its own, or for a property", () => {
    expect(
      held(
        "const f = (sum: number) => { let last = sum; return { last }.last; };",
        `let sum = 0, last = 0; ${loop}`,
      ),
    ).toEqual(["sum, last"]);
  });

  it("holds none in a loop that waits", () => {
    expect(held("let n = 0; while (n < 3) { n++; await null; for (let i = 0; i < 2; i++) n += i; }")).toEqual(
      ["n"],
    );
    expect(held("let n = 0; for await (const one of [1]) n += one;")).toEqual([]);
  });

  it("holds none that has no value yet", () => {
    expect(held("// @ts-nocheck\nfor (let i = 0; i < 1; i++) n = i;\nlet n = 1;")).toEqual([]);
  });

  it("holds none once a cell may run code made from strings", () => {
    for (const one of [
      "eval('1')",
      "new Function()",
      "(() => 1).constructor('return 1')()",
      'import { runInThisContext } from "node:vm"; runInThisContext("1")',
    ]) {
      compiler = new CellCompiler(tmpdir(), first);
      expect(held(`let sum = 0, last = 0;`, one, loop), one).toEqual([]);
    }
  });
});
