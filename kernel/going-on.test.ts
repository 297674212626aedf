// What a compiler says of a cell does not depend on what it was asked before: earlier runs of the cell, other cells, completions.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CellCompiler } from "./compiler";
import { Programs } from "./programs";

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

it("compile() has later cells know a package's types that were installed after its first import, once it is imported again", () => {
  const install = (name: string, file: string, text: string): void => {
    mkdirSync(join(folder, "node_modules", name), { recursive: true });
    writeFileSync(join(folder, "node_modules", name, file), text);
  };
  install("plain", "index.js", "exports.x = 1;");
  const cells = new CellCompiler(folder, compiler);
  const load = 'import { x } from "plain"; x;';
  cells.compile(load).cell!.keep();
  expect(cells.compile("x.missing;").errors).toBeUndefined();
  install("@types/plain", "index.d.ts", "export const x: number;");
  cells.compile(load).cell!.keep();
  expect(cells.compile("x.missing;").errors).toHaveLength(1);
});

describe("a random session", () => {
  const oneOf = (...some: string[]): fc.Arbitrary<string> => fc.constantFrom(...some);
  const name = oneOf("a", "b", "f");
  const typeName = oneOf("A", "B");
  const member = oneOf("x", "y");
  const value = oneOf(
    ..."1|'x'|{ x: 1 }|[1, 'a'] as const|(n: number) => [n]|new (class { #own = 1; x = 2 })()|a|b.x|f(b)|new A()|foo|null".split(
      "|",
    ),
  );
  const type = oneOf(
    ..."number,A,A | B,Partial<A>,keyof B,typeof a,A extends B ? 1 : B[],`${number}px`,'q' | 'p',Zeros<60>,Five<Digit>".split(
      ",",
    ),
  );
  /** A text with a part for each `?`. */
  const text = (parts: string, ...some: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.tuple(...some).map((chosen) => chosen.reduce((all, one) => all.replace("?", () => one), parts));
  const statement = fc.oneof(
    text("? ? = ?;", oneOf("const", "let", "var"), name, value),
    text("let ?: ? = ? as any;", name, type, value),
    text("let ?: ? = null as any;", name, oneOf("Zeros<60>", "Five<Digit>")),
    text("function ?<T>(p: T) { return ?; }", name, value),
    text("type ? = ?;", typeName, type),
    text("interface ? { ?: ? }", typeName, member, type),
    text("class ? { ? = ?; #own = 1; }", typeName, member, value),
    text("enum ? { x, y = ? }", typeName, oneOf("2", "'s'")),
    text("namespace ? { export const ? = ?; }", typeName, member, value),
    text("?;", value),
    text("?.?; ?.missing;", name, member, name),
    text("const ?: ? = ?;", name, typeName, name),
    oneOf('import { a } from "./local";', 'import * as b from "./local";', 'import "./added";', "[1].added;"),
    text("declare global { interface Array<T> { global: ? } }", type),
    oneOf("[].global;", "// @ts-nocheck", "// @ts-expect-error\nnope;", "for (const one of it) one;", "("),
  );
  const lines = fc.array(statement, { minLength: 1, maxLength: 3 }).map((some) => some.join("\n"));
  const cell = fc.record({
    code: lines,
    id: fc.constantFrom(undefined, "one", "two"),
    /** How many statements the cell reached. */
    reached: fc.constantFrom(undefined, undefined, undefined, 1, -1),
  });
  const unfinished = fc.record({
    unfinished: fc.oneof(lines, text("?\n?.", lines, name), text("const q: ? = ?.", typeName, name)),
  });
  const edit = fc.record({ edit: oneOf("export const a = 1;", "export const a = 'x'; export class A {}") });
  const again = fc.record({ again: fc.nat(2) });
  const step = fc.oneof(
    { weight: 4, arbitrary: cell },
    { weight: 3, arbitrary: again },
    { weight: 2, arbitrary: unfinished },
    edit,
  );
  const first: {
    readonly code: string;
    readonly id?: string | undefined;
    readonly reached?: number | undefined;
  } = {
    code: `interface A { x: number } class B { y = 1; #own = 2; } const a = { x: 1 }; let b: unknown; function f(p: unknown) { return p; }
type Zeros<N extends number, A extends 0[] = []> = A["length"] extends N ? [] : [0, ...Zeros<N, [...A, 0]>];
type Five<A extends string> = \`\${A}\${A}\${A}\${A}\${A}\`; type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
declare const it: { [Symbol.iterator](): { next(): number } }; const food = 1;`,
  };

  /** Whether each cell gets a checker of its own, and what the compiler last told of earlier cells. */
  let [isAnew, known]: [boolean, readonly string[]] = [false, []];
  beforeEach(() => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the object that it was asked of
    const real = Programs.prototype.with;
    vi.spyOn(Programs.prototype, "with").mockImplementation(function (
      this: Programs,
      code,
      texts,
      use,
      anew,
    ) {
      known = texts;
      return real.call(this, code, texts, use, isAnew || anew);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** What is told, as words: in which order a union's types are written depends on which came up first. */
  const words = (told: unknown): string[] =>
    JSON.stringify(told)
      .split(/[^\w$]+/)
      .sort();

  function told(cells: CellCompiler, one: typeof first | { readonly unfinished: string }): unknown {
    if ("unfinished" in one) return [cells.complete(one.unfinished, one.unfinished.length).matches, known];
    const { errors, cell } = cells.compile(one.code, one.id);
    const seen = known;
    cell?.keep(one.reached);
    return [errors ?? [cell.warnings, cell.output], seen];
  }

  const seed = Number(process.env["CELLS_SEED"] ?? Date.now() % 1e9);
  /** How many sessions; `CELLS=500` runs more than CI does. */
  const count = Number(process.env["CELLS"] ?? 12);

  it(`says what it says with a checker for each cell (${String(count)} sessions; CELLS_SEED=${String(seed)})`, () => {
    const local = join(folder, "local.ts");
    // Compilers that share what they have read are not told of a change twice.
    const like = new CellCompiler(folder);
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 20, size: "max" }), (steps) => {
        writeFileSync(local, "export const a = { x: 1 };");
        const [going, anew] = [new CellCompiler(folder, compiler), new CellCompiler(folder, like)];
        const cells: (typeof first)[] = [];
        for (const next of [first, ...steps]) {
          if ("edit" in next) {
            writeFileSync(local, next.edit);
            continue;
          }
          // The last cells run again.
          const one = "again" in next ? (cells.at(-1 - next.again) ?? first) : next;
          if ("code" in one) cells.push(one);
          isAnew = false;
          const ours = told(going, one);
          isAnew = true;
          expect(words(ours), JSON.stringify(one)).toEqual(words(told(anew, one)));
        }
      }),
      { seed, numRuns: count },
    );
  });
});
