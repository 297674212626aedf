// One checker for many cells says what a new one for each would say: nothing that it found out for a cell is wrong for the next.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, expect, it } from "vitest";
import { compilerOptions } from "./compiler-options";
import { Programs, type CellProgram } from "./programs";

const folder = mkdtempSync(join(tmpdir(), "residual-programs-"));
writeFileSync(
  join(folder, "local.ts"),
  "export class Local { #own = 1; }\nexport const local = new Local();",
);
writeFileSync(join(folder, "added.ts"), "declare global { interface Array<T> { added: T } }\nexport {};");
const { options } = compilerOptions(folder);
const first = new Programs(folder, options);
const programs = (): Programs => new Programs(folder, options, first);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A cell, and the layers of declarations that it sees. */
type Step = readonly [code: string, ...layers: string[]];

const messages = ({ program, cell }: CellProgram): string[] =>
  program
    .getSemanticDiagnostics(cell)
    .map(
      ({ start, messageText }) => `${String(start)} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );

const inner = "export {};\ndeclare const b: A;";

const deep = `export {};
type Zeros<N extends number, A extends 0[] = []> = A["length"] extends N ? [] : [0, ...Zeros<N, [...A, 0]>];
type Five<A extends string> = \`\${A}\${A}\${A}\${A}\${A}\`;
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
declare const it: { [Symbol.iterator](): { next(): number } };
declare const food: 1;`;

/** A cell that is run so many times. */
const often = (times: number, code: string, layer: string): Step[] =>
  Array.from({ length: times }, () => [code, layer]);

it.each<[string, Step[]]>([
  ["the same cell again, with the same mistake", [["nope;"], ["nope;"], ["nope;"]]],
  [
    "a name with another type",
    [
      ["a.length;", "export {};\ndeclare let a: string;"],
      ["a.length;", "export {};\ndeclare let a: number;"],
    ],
  ],
  [
    "a class that another cell declared anew",
    [
      ["const one: A = new A();", "export {};\ndeclare class A { #x; }\ndeclare const a: A;"],
      ["const two: A = a;", "export {};\ndeclare class A { #x; y: 1; }\ndeclare const a: A;"],
    ],
  ],
  [
    "a layer around one that stays",
    [
      ["b.x;", "export {};\ndeclare class A { x: 1; }", inner],
      ["b.x;", "export {};\ndeclare class A { y: 1; }", inner],
      ["b.y;", "export {};\ndeclare class A { y: 1; }", inner],
    ],
  ],
  [
    "layers that come and go",
    [
      ["b.x;", "export {};\ndeclare class A { x: 1; }", inner],
      ["b;", "export {};\ndeclare class A { x: 1; }"],
      ["a;"],
    ],
  ],
  [
    "a module that only a layer names",
    [
      ['import { local } from "./local";\nlocal;'],
      ["const x: number = local;", 'export {};\nimport { local } from "./local";'],
      ["const x: number = local;", "export {};", 'export {};\ndeclare const local: import("./local").Local;'],
      ["const x: number = join;", 'export {};\nimport { join } from "path";'],
    ],
  ],
  [
    "a module that was never asked for",
    [["1;"], ["const x: number = local;", 'export {};\nimport { local } from "./local";']],
  ],
  [
    "a module that is not there",
    [["1;"], ["x;", 'export {};\nimport { x } from "./none";'], ['import { y } from "./none";']],
  ],
  [
    "what a cell adds to the platform",
    [
      ["export {};\ndeclare global { interface Array<T> { added: 1 } }"],
      ["[].added;"],
      ["[].added;", "export {};\ndeclare global { interface Array<T> { added: 1 } }"],
      ["[].added;", "export {};"],
    ],
  ],
  [
    "a comment that hides a mistake",
    [["// @ts-expect-error\nnope;"], ["// @ts-expect-error\n1;"], ["// @ts-nocheck\nnope;"], ["nope;"]],
  ],
  ["a type that is too deep", often(3, "let zeros: Zeros<60>;", deep)],
  ["a type that is too large", often(3, "let five: Five<Digit>;", deep)],
  ["an iterator without values", often(3, "for (const one of it) one;", deep)],
  ["a mistake that a comment hides", often(3, "// @ts-expect-error\nlet zeros: Zeros<60>;", deep)],
  [
    "a mistake in a cell that is not checked",
    [
      ["// @ts-nocheck\nexport let zeros: Zeros<60>;", deep],
      ["let zeros: Zeros<60>;", deep],
    ],
  ],
  ["a name that is nearly another's", often(12, "foode;", deep)],
  ["what a module adds to the platform", [['import "./added";\n[1].added;'], ["[1].added;"], ["[2].added;"]]],
  [
    "what a module adds to the platform, which a layer imports",
    [
      ['import "./added";'],
      ["[1].added;", 'import "./added";'],
      ["[2].added;", 'import "./added";'],
      ["[3].added;"],
    ],
  ],
  [
    "more layers than a program is made with",
    Array.from(
      { length: 12 },
      (_, i) =>
        [
          `v${String(i)}; w;`,
          ...Array.from(
            { length: i + 1 },
            (_, j) => `export {};\ndeclare const v${String(j)}: ${String(j)};`,
          ),
        ] as const,
    ),
  ],
])("with() says of %s what a new checker says", (_what, steps) => {
  const [going, anew] = [programs(), programs()];
  const told = (one: Programs, isNew: boolean): string[][] =>
    steps.map(([code, ...layers]) => one.with(code, layers, messages, isNew));
  expect(told(going, false)).toEqual(told(anew, true));
});

it("with() goes on with one checker, for so much text, where a cell imports and adds nothing", () => {
  const all = programs();
  const used = (code: string): ts.Program =>
    all.with(code, ["export {};\ndeclare const a: 1;"], ({ program }) => program);
  const one = used("a;");
  expect(used("a + 1;")).toBe(one);
  const other = used('import "node:fs";');
  expect(other).not.toBe(one);
  expect(used("a;")).toBe(other);
  expect(used("export {};\ndeclare global { var z: 1 }")).not.toBe(other);
  const local = used('import "./local";');
  expect(used("a;")).not.toBe(local);
  const imports = (code: string): ts.Program =>
    all.with(code, ['import "./local";'], ({ program }) => program);
  const imported = imports('import "./local";');
  expect(imports("a;")).toBe(imported);
  const third = used("a;");
  expect(used("b;")).toBe(third);
  expect(used(`/* ${"x".repeat(100_000)} */`)).toBe(third);
  expect(used("a;")).not.toBe(third);
});

it("with() takes a new checker where it found a mistake, but for a member that is not there", () => {
  const all = programs();
  const used = (code: string): ts.Program =>
    all.with(code, [deep], ({ program, cell }) => {
      program.getSemanticDiagnostics(cell);
      return program;
    });
  const one = used("food;");
  expect(used("food.missing;")).toBe(one);
  expect(used("missing;")).toBe(one);
  expect(used("food;")).not.toBe(one);
});

it("with() takes a new checker after an error of its own", () => {
  const all = programs();
  const used = (): ts.Program => all.with("1;", [], ({ program }) => program);
  const one = used();
  expect(() =>
    all.with("1;", [], () => {
      throw new RangeError("deep");
    }),
  ).toThrow("deep");
  expect(used()).not.toBe(one);
});
