// What a compiler says of a cell does not depend on what it was asked before: earlier runs of the cell, other cells, completions.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CellCompiler } from "./compiler";

const folder = mkdtempSync(join(tmpdir(), "residual-going-on-"));
const compiler = new CellCompiler(folder);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("what is said again", () => {
  const errorsOf = (cells: CellCompiler, code: string, name?: string): string[] => {
    const { errors = [], cell } = cells.compile(code, name);
    cell?.keep();
    return errors.map(({ messageText }) => messageText);
  };

  it("compile() says of a type that is too deep what it says the first time, also after a completion", () => {
    const cells = new CellCompiler(folder, compiler);
    errorsOf(
      cells,
      "type Zeros<N extends number, A extends 0[] = []> = A['length'] extends N ? [] : [0, ...Zeros<N, [...A, 0]>];",
    );
    cells.complete("let zeros: Zeros<60>; zeros.", 28);
    const tooDeep = [expect.stringContaining("excessively deep")];
    for (let i = 0; i < 2; i++) expect(errorsOf(cells, "let zeros: Zeros<60>;")).toEqual(tooDeep);
  });

  it("compile() keeps what an imported module adds to the platform, and nothing of one that was only asked about", () => {
    writeFileSync(
      join(folder, "added.ts"),
      "declare global { interface Array<T> { added: T } }\nexport {};\n",
    );
    const use = "[1].added;";
    const unknown = [expect.stringContaining("'added' does not exist")];
    const cells = new CellCompiler(folder, compiler);
    cells.complete(`import "./added"; ${use}`, 27);
    expect(errorsOf(cells, use)).toEqual(unknown);
    cells.compile(`import "./added"; ${use}`).cell!.keep(-1);
    expect(errorsOf(cells, use)).toEqual(unknown);
    for (const code of [`import "./added"; ${use}`, use, 'import "node:fs";', use])
      expect(errorsOf(cells, code)).toEqual([]);
    const typed = new CellCompiler(folder, compiler);
    for (const code of ['import type {} from "./added";', use]) expect(errorsOf(typed, code)).toEqual([]);
  });

  it.each([["by its name"], [undefined]])(
    "compile() replaces what a cell added to the platform when it ran before (known %s)",
    (name) => {
      const cells = new CellCompiler(folder, compiler);
      const code =
        "declare global { type Given = string; let given: Given; interface Array<T> { given: 1 } }";
      for (let i = 0; i < 3; i++) expect(errorsOf(cells, code, name)).toEqual([]);
      expect(errorsOf(cells, "given.length + [].given;")).toEqual([]);
      if (name === undefined) return;
      expect(errorsOf(cells, code.replace("= string", "= number").replace("1", "2"), name)).toEqual([]);
      expect(errorsOf(cells, "const two: 2 = [].given; given.toFixed();")).toEqual([]);
      expect(errorsOf(cells, "1;", name)).toEqual([]);
      expect(errorsOf(cells, "[].given;")).toHaveLength(1);
    },
  );

  it("compile() and complete() read a local module and local declarations anew when they have changed", () => {
    const cells = new CellCompiler(folder, compiler);
    const write = (text: string): void => {
      writeFileSync(join(folder, "changing.ts"), `export const ${text} = 1;`);
      writeFileSync(join(folder, "declared.d.ts"), `export const ${text}: 1;`);
    };
    write("one");
    writeFileSync(join(folder, "declared.js"), "");
    for (const module of ["changing", "declared"]) {
      write("one");
      expect(errorsOf(cells, `import { one } from "./${module}"; one;`)).toEqual([]);
      write("another");
      const matches = cells.complete(`import {  } from "./${module}";`, 9).matches.map((one) => one.name);
      expect(matches).toContain("another");
      expect(errorsOf(cells, `import { another } from "./${module}"; another;`)).toEqual([]);
    }
  });
});
