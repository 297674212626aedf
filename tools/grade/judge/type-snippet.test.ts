// Snippets of types inside a function: still checked, line by line.
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { diagnose } from "../../exercises/diagnose";
import { uncalled } from "./type-snippet";

const root = resolve(__dirname, "..", "..", "..");
const cell = "function first(xs: readonly number[] | string): number { return Number(xs[0]); }";
const problemsOf = (snippet: string): string[] => {
  const path = join(root, "snippet.ts");
  return diagnose(new Map([[path, `${cell}\n${uncalled(snippet)}`]])).get(path)!;
};

test("uncalled() keeps declared variables at their type, and what must not compile", () => {
  const snippet = [
    "declare const one: string, two: boolean;",
    "declare const either: number[] | string;",
    "first(one) + first(either);",
    "// @ts-expect-error a boolean has no first number",
    "first(two);",
    "// @ts-expect-error it may be text",
    "const numbers: number[] = either;",
    "void numbers;",
  ].join("\n");
  expect(problemsOf(snippet)).toEqual([]);
  expect(problemsOf(snippet.replace("first(two)", "first(one)"))).toEqual([
    "Unused '@ts-expect-error' directive.",
  ]);
  expect(problemsOf("declare const wrong: boolean;\nfirst(wrong);")).toHaveLength(1);
});

test("uncalled() refuses what a function cannot hold", () => {
  expect(() => uncalled('import { tf } from "residual";')).toThrow(/import by import/);
  expect(() => uncalled("declare function f(): void;")).toThrow(/may declare variables/);
});
