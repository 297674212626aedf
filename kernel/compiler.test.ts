// What the compiler says of cells that are not finished: the commonest slip, a missing brace, must be named as that.
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { CellCompiler } from "./compiler";

describe("compile()", () => {
  const compiler = new CellCompiler(tmpdir());

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
