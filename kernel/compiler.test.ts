// What the compiler says of cells that are not finished: the commonest slip, a missing brace, must be named as that; and what it
// offers and explains while one is written.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext, Script } from "node:vm";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { CellCompiler } from "./compiler";
import { explained } from "./foreign";

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

it.each([
  "var { a } = { a: 1 }, b = 2;",
  "var u: any, { y } = { y: 2 }, z = y;",
  "export var { x } = { x: 1 }, [y] = [2];",
  "var {} = {}, q = 5;",
  "/* a */ var /* b */ { // c\n a } = { a: 1 } /* d */, // e\n b = 2;",
  "var { performance = 3 } = {} as any, b = 2;",
  "if (1) var { a } = { a: 1 }, b = 2; else var { c } = { c: 1 }, d = 1;",
  "switch (1) { case 1: var { a } = { a: 1 }, b = 2; }",
  "do var { a } = { a: 1 }, b = 2; while (b < 0);",
  "for (var { a } = { a: 1 }, b = 2; b < 3; b++) label: { var { c } = { c: b }, d = c; break label; }",
  "for (var async of [1]) ;",
])("compile() makes JavaScript of the var in %j", (code) => {
  const { cell } = new CellCompiler(folder, compiler).compile(code);
  expect(() => new Script(cell!.output)).not.toThrow();
});

it.each(["function () {}", "async () => 1", "class {}", "class { static own = this.name; }"])(
  "compile() calls %j default where it is exported so",
  (value) => {
    const { cell } = new CellCompiler(folder, compiler).compile(`export default ${value}`);
    const gate = 'false["residual.kernel"]';
    const code = `Boolean.prototype["residual.kernel"] = {}; ${cell!.output}; const { name, own = name } = ${gate}.result; name + own`;
    expect(runInNewContext(code)).toBe("defaultdefault");
  },
);

it.each([
  "(c as any) = 2",
  "(<any>c)++",
  "[(c! as any)] = [2]",
  "for ((c as any) of [2]);",
  "(c as any) ??= 2",
])("compile() makes an error of %j where c is a constant", (assigned) => {
  const { output } = new CellCompiler(folder, compiler).compile(`const c = 1; ${assigned}`).cell!;
  expect(output).toContain('false["residual.kernel"].constant');
});

/** The statements that the checker refuses. */
function refused(statements: readonly string[]): string[] {
  const { errors = [] } = new CellCompiler(folder, compiler).compile(statements.join("\n"));
  return [...new Set(errors.map(({ start }) => statements[start.line]!))];
}

describe("what the checker knows of this Node", () => {
  it("compile() knows all that JavaScript's own library has here", () => {
    // What TypeScript has no types of: what is older than it would have, or newer. And of `console` Node's are others.
    const isUntyped =
      /__|toGMTString|[gs]etYear|awJSON|WebAssembly\.(JSTag|Suspend|promising)|console|globalThis/;
    const names = runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[];
    const members = names.flatMap((name) => {
      const value = (globalThis as Record<string, unknown>)[name] as { prototype?: object } | undefined;
      const own = (path: string, object: unknown): string[] =>
        Object.getOwnPropertyNames(object ?? {}).map((member) => `${path}.${member}`);
      return [name, ...own(name, value), ...own(`${name}.prototype`, value?.prototype)];
    });
    const isPath = /^\w+(\.prototype)?(\.(?!arguments|caller|prototype)[a-zA-Z]\w*)?$/;
    const asked = members.filter((path) => isPath.test(path) && !isUntyped.test(path));
    expect(asked.length).toBeGreaterThan(500);
    expect(refused(asked.map((path) => `void ${path};`))).toEqual([]);
  });

  it("compile() refuses what newer editions of JavaScript have and this Node has not", () => {
    const library = join(import.meta.dirname, "..", "node_modules", "typescript", "lib");
    const files = readdirSync(library).filter((file) => /^lib\.es(202[4-9]|next)\.\w+\.d\.ts$/.test(file));
    const members = files.flatMap((file) => {
      const { statements } = ts.createSourceFile(
        file,
        readFileSync(join(library, file), "utf8"),
        ts.ScriptTarget.Latest,
      );
      return statements.filter(ts.isInterfaceDeclaration).flatMap((one) => {
        const [, holder = "", isStatic] = /^(.*?)(Constructor)?$/.exec(one.name.text)!;
        const value = (globalThis as Record<string, unknown>)[holder] as { prototype?: object } | undefined;
        const object = isStatic === undefined ? value?.prototype : value;
        const named = one.members.flatMap(({ name }) => (name && ts.isIdentifier(name) ? name.text : []));
        return object
          ? named.map((name) => ({
              path: `${holder}${isStatic === undefined ? ".prototype" : ""}.${name}`,
              isThere: name in object,
            }))
          : [];
      });
    });
    // TypeScript has them in one part with `ArrayBuffer.prototype.resize`; a decorator's `metadata` is TypeScript's own; and instances have the rest.
    const isKnown = (path: string): boolean => /^ArrayBuffer|^Symbol.metadata$|^SuppressedError/.test(path);
    const asked = members.filter(({ path }) => !isKnown(path));
    expect(asked.length).toBeGreaterThan(30);
    const missing = asked.filter(({ isThere }) => !isThere).map(({ path }) => path);
    expect(new Set(refused(asked.map(({ path }) => `void ${path};`)))).toEqual(
      new Set(missing.map((path) => `void ${path};`)),
    );
  });

  it("compile() takes a global that Node's types do not have, where Node has it", () => {
    const newer = ["navigator", "URLPattern", "CloseEvent", "notThere"];
    expect(refused(newer)).toEqual(newer.filter((name) => !(name in globalThis)));
  });

  it.each([
    ["new Set([1]).union(new Set([2]));", /since ES2025: it needs a newer Node than v|^$/],
    ["document;", /It is a browser's, and cells run in Node/],
    ['import x from "node:no-such";', /^Cannot find module 'node:no-such'. Node v.* has none of that name/],
  ])("compile() says of %j what is missing here, not what a project would change", (code, message) => {
    const { errors } = new CellCompiler(folder, compiler).compile(code);
    expect(errors?.[0]?.messageText ?? "").toMatch(message);
  });

  it.each([
    "const v = /[\\p{L}--[a-z]]/v.test('A');",
    "const w = new WebAssembly.Memory({ initial: 1 }).buffer.byteLength;",
    "const { instance } = await WebAssembly.instantiate(new Uint8Array(8)); instance.exports['go'](1);",
    "const p = performance instanceof Performance && crypto.subtle instanceof SubtleCrypto;",
  ])("compile() takes %j, which Node runs", (code) => {
    expect(refused([code])).toEqual([]);
  });
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

  it.each([
    [
      "an interface before a class",
      "interface A { a(): number }",
      "class A { b = 1 }",
      "new A().a() + new A().b;",
    ],
    [
      "an interface after a class",
      "class A { #p = 1; b = 1 }",
      "interface A { a: number }",
      "new A().a + new A().b;",
    ],
    [
      "namespaces within a path",
      "namespace A.B { export const x = 1 }",
      "namespace A.B { export const y = 2 }",
      "A.B.x + A.B.y;",
    ],
    [
      "interfaces within namespaces",
      "namespace A { export interface I { x: 1 } }",
      "namespace A { export interface I { y: 2 } }",
      "const i: A.I = { x: 1, y: 2 };",
    ],
    ["an enum after a namespace", "namespace A { export const x = 1 }", "enum A { y }", "A.x + A.y;"],
    ["a namespace after an enum", "enum A { y }", "namespace A { export const x = 1 }", "A.x + A.y;"],
    [
      "a namespace that counts with an enum",
      "enum A { y }",
      "namespace A { export const x = A.y + 1 }",
      "A.x;",
    ],
    [
      "a class after a namespace of types",
      "namespace A { export type T = 1 }",
      "class A { t: A.T = 1 }",
      "const t: A.T = new A().t;",
    ],
    [
      "a function before a namespace",
      "function A() { return A.x }",
      "namespace A { export const x = 1 }",
      "A() + A.x;",
    ],
  ])("compile() merges %s, in two cells as in one", (_what, first, second, use) => {
    const declared = first.replace("A.x }", "1 }");
    expect(after([first, second, use].join("\n"))).toEqual([]);
    expect(after(declared, second, use)).toEqual([]);
    // Either cell may run again, as it is.
    expect(after(declared, second, declared, second, use)).toEqual([]);
  });

  it.each([
    ["a member", "interface A { x: 1 }", "interface A { x: 2 }", "const a: A = { x: 2 };"],
    [
      "a call signature",
      "interface A { (a: number): 1 }",
      "interface A { (a: string): 2 }",
      "const a: A = (_: string) => 2;",
    ],
    [
      "an index signature",
      "interface A { [a: string]: 1 }",
      "interface A { [a: string]: 2 }",
      "const a: A = { q: 2 };",
    ],
    [
      "a symbol",
      "interface A { [Symbol.iterator]: 1 }",
      "interface A { [Symbol.iterator]: 2 }",
      "const a: A = { [Symbol.iterator]: 2 };",
    ],
    ["other type parameters", "interface A<T> { x: T }", "interface A { y: 2 }", "const a: A = { y: 2 };"],
    [
      "a name of a path",
      "namespace A.B { export const x = 1 }",
      "namespace A.B { export const x = 2 }",
      "const x: 2 = A.B.x;",
    ],
    ["a class", "class A { x = 1 }", "class A { y = 2 }", "const key: 'y' = null! as keyof A;"],
    ["a function", "function A(a: number) { return a }", "function A(a: string) { return a }", "A('a');"],
  ])("compile() takes a declaration that repeats %s for a new version", (_what, first, second, use) => {
    expect(after(first, second, use)).toEqual([]);
  });

  it("compile() replaces what the same cell declared when it ran before, and goes on with the parts of others", () => {
    const own = new CellCompiler(folder, compiler);
    const messages = (code: string, name?: string): string[] => {
      const { errors, cell } = own.compile(code, name);
      cell?.keep();
      return (errors ?? []).map(({ messageText }) => messageText);
    };
    messages("interface P { a: number }", "one");
    messages("interface P { c: number }", "two");
    expect(messages("interface P { b: string }", "one")).toEqual([]);
    expect(messages("const p: P = { b: 'x', c: 1 };")).toEqual([]);
    expect(messages("interface P { d: string }", "two")).toEqual([]);
    expect(messages("const p: P = { b: 'x', d: 'y' };")).toEqual([]);
    // A part that goes on with another cell's may run again, as it is and edited.
    messages("enum E { A = 1 } namespace N { export const a = 1 } class K { a = 1 }", "three");
    const part =
      "enum E { B = A + 1 } namespace N { export const b = a } namespace K { export const k = new K().a }";
    for (let i = 0; i < 2; i++) expect(messages(part, "four")).toEqual([]);
    expect(messages(part.replace("{ B", "{ C"), "four")).toEqual([]);
    expect(messages("const keys: 'A' | 'C' = null! as keyof typeof E; new K().a + K.k + N.b;")).toEqual([]);
  });

  it.each([
    ["with the type it had", "var v = 1;", "var v: number; v.toFixed();", []],
    ["that reads itself", "var v = 1;", "var v = v + 1; v.toFixed();", []],
    ["exported, that reads itself", "export var v = 1;", "export var v = v + 1; v.toFixed();", []],
    ["exported, with nothing behind it", "export var v = 1;", "export var v = v + 1; v", []],
    ["exported only now", "var v = 1;", "export var v: number; v.toFixed();", []],
    ["no longer exported", "export var v = 1;", "var v = v + 1; v.toFixed();", []],
    ["of a list", "var u = 0, v = 'a';", "var v: string; v.length;", []],
    ["of a loop", "for (var v = 0; v < 1; v++);", "var v: number; v.toFixed();", []],
    [
      "by a function",
      "function v(): number;\nfunction v(a: string): string;\nfunction v(a?: unknown): unknown { return a ?? 1; }",
      "var v = v; v().toFixed() + v('a').length;",
      [],
    ],
    [
      "with another type than the function it is",
      "function v() { return 1; }",
      "var v: number; v;",
      [/same type/],
    ],
    ["of a type that cannot be written", "var v = new (class { #p = 1; q = 1 })();", "var v = v; v.q;", []],
    ["with another type, which it does not have", "var v = 1;", "var v: string; v;", [/same type/]],
    ["with another type and value", "var v = 1;", "var v = 'a'; v.length;", []],
    [
      "that a function of another type reads",
      "var v = 1;",
      "var v = (n: number): number => n && v(n - 1);",
      [],
    ],
    ["by a pattern that reads it", "var v = 1;", "var { v } = { v: v + 1 }; v.toFixed();", []],
    ["by a loop's head that reads it", "var v = 1;", "for (var v = v * 2; v < 4; v++); v.toFixed();", []],
    ["by the head of a loop over it", "var v: any = [[1]];", "for (var v of v) v.length;", []],
    ["within a block, where it reads itself", "var v = 1;", "if (v) { var v = v + 1; } v.toFixed();", []],
    ["within a block, without a value", "var v = 1;", "{ var v: number; } v.toFixed();", []],
    ["by the head of a loop over keys", "var v = 1;", "for (var v in {}) v.length;", []],
    ["that was a constant", "const v = 1;", "var v: number; v;", [/before being assigned/]],
  ])(
    "compile() takes a var that is declared again, %s, for the one it was",
    (_what, first, second, found) => {
      expect(after(first, second)).toEqual(found.map((one: RegExp) => expect.stringMatching(one) as unknown));
    },
  );

  it.each([
    [
      "an index signature",
      "interface P { a: number }\nconst p: P = { a: 1 };",
      "interface P { [key: string]: number }",
      "const q: P = p; q.z + p.z;",
    ],
    [
      "an optional member",
      "interface P { a: number }\nconst p: P = { a: 1 };",
      "interface P { b?: string }",
      "p.b?.length;",
    ],
    [
      "a member of a type beside it",
      "interface P { a: number }\nconst p: P = { a: 1 };",
      "type Q = 5;\ninterface P { b?: Q }",
      "const q: 5 | undefined = p.b;",
    ],
    [
      "an optional member of a class",
      "class P { a = 1 }\nconst p = new P();",
      "interface P { b?: string }",
      "p.b?.length;",
    ],
    ["an enum's member", "enum P { A }\nfunction f(p: P) {}", "enum P { B = 1 }", "f(P.B);"],
    [
      "a namespace's type",
      "namespace N { export interface P { a: number } }\nconst p: N.P = { a: 1 };",
      "namespace N { export interface P { b?: 1 } }",
      "p.b?.toFixed();",
    ],
  ])(
    "compile() has what earlier cells made know %s that a later cell adds, in that cell and after it",
    (_what, first, second, use) => {
      expect(after(`${first}\n${second}\n${use}`)).toEqual([]);
      expect(after(first, `${second}\n${use}`, use.replace("q: ", "r: "))).toEqual([]);
    },
  );

  it("compile() has a later part of an interface reach what an earlier cell has used already", () => {
    const [first, part] = ["interface P { a: number }\nconst p: P = { a: 1 };", "interface P { b?: number }"];
    expect(after(first, "p.a;", `${part}\np.b?.toFixed();`, "p.b?.toFixed();")).toEqual([]);
  });

  it("compile() has a later part of an interface reach far back, exported or not, unless it names a type of its own cell", () => {
    const first = "interface P { a: number }\nconst p: P = { a: 1 };";
    const lines = Array.from({ length: 70 }, (_, i) => `const n${String(i)} = 1;`).join("\n");
    const use = "p.b?.toFixed();";
    expect(after(first, lines, "const last = 1;", "export interface P { b?: number }", use)).toEqual([]);
    expect(after(first, lines, "const last = 1;", "type Q = 5; interface P { b?: Q }", use)).toHaveLength(1);
  });

  it.each([
    ["a function", "let c = 1; const set = () => { c = 2; };", "const c = 3;"],
    ["a method, by a pattern", "let c = 1; class A { set() { [c] = [2]; } }", "const { c } = { c: 3 };"],
    [
      "a function, where it is an import now",
      "let c = 1; function set() { c++; }",
      'import { sep as c } from "node:path";',
    ],
    ["a function, where it is an enum now,", "let c = 1; function set() { c++; }", "enum c { A }"],
    ["a function, where it is a class now,", "let c = 1; function set() { c++; }", "class c {}"],
  ])(
    "compile() warns of what is no variable and %s of an earlier cell assigns to",
    (_what, first, second) => {
      expect(after(first, second)).toEqual([
        expect.stringContaining("a function of an earlier cell assigns to c,"),
      ]);
      expect(
        after(first, second.replace("const", "let").replace(/(import|enum|class).*/, "let c = 3;")),
      ).toEqual([]);
      expect(after(first.replace(/\bc\b/g, "d"), second)).toEqual([]);
    },
  );

  it("compile() no longer warns of a constant once the cell that assigned to it has run without", () => {
    const own = new CellCompiler(folder, compiler);
    const warned = (code: string, cell: string): number => own.compile(code, cell).cell!.warnings.length;
    warned("let c = 1; const set = () => { c = 2; };", "one");
    expect(warned("const c = 3;", "two")).toBe(1);
    expect(warned("const c = 1; const set = () => 2;", "one")).toBe(0);
    expect(warned("const c = 3;", "two")).toBe(0);
  });

  it("compile() keeps a type where a value takes its name, and the other way round", () => {
    expect(after("interface A { q: number }", "const A = 5;", "const a: A = { q: A };")).toEqual([]);
    expect(after("const B = 5;", "type B = string;", "const b: B = 'x'; B + 1;")).toEqual([]);
  });

  it("compile() tells what of tsconfig.json is not understood until a cell has run, and then no more", () => {
    const own = mkdtempSync(join(tmpdir(), "residual-compiler-"));
    writeFileSync(join(own, "tsconfig.json"), '{ "compilerOptions": { "bogus": 1 } }');
    const cells = new CellCompiler(own, compiler);
    const told = (): boolean =>
      cells.compile("1;").cell!.warnings.some(({ messageText }) => messageText.includes("bogus"));
    // The kernel compiles such a cell before any that a reader runs, to be quick.
    expect([told(), told()]).toEqual([true, true]);
    cells.compile("1;").cell!.keep();
    expect(told()).toBe(false);
    rmSync(own, { recursive: true });
  });

  it("compile() says how a missing package is installed, and leaves a @ts-nocheck cell alone", () => {
    expect(after('import x from "not-there";')).toEqual([
      expect.stringContaining('run install("not-there") in a cell'),
    ]);
    expect(after('import "not-there";')).toEqual([
      expect.stringContaining('run install("not-there") in a cell'),
    ]);
    expect(after("// @ts-nocheck\nconst wrong: number = 'x';")).toEqual([]);
  });
});

it("compile() takes a cell that exports its names itself, under these or others, and keeps them all", () => {
  const cells = new CellCompiler(folder, compiler);
  const { cell } = cells.compile(
    "const a = 1, b = 'b'; export { a }; export { a as b, type T }; type T = string; class C {} export { C as default };",
  );
  cell!.keep();
  const code = "const sum: number = a + 1, text: T = b.concat('c'), made = new C(); void [sum, text, made];";
  expect(cells.compile(code).errors).toBeUndefined();
});

it("compile() warns of a label that nothing uses, as in { a: 1 }, which shows nothing", () => {
  const warned = (code: string): number[] => compiler.compile(code).cell!.warnings.map((one) => one.code);
  expect(warned("{ a: 1 }")).toEqual([7028]);
  expect(warned("({ a: 1 })")).toEqual([]);
  expect(warned("a: for (;;) break a;")).toEqual([]);
});

it("explained() says where JSX may stand, and nothing of tags in a text", () => {
  const told = (code: string): string =>
    explained(compiler.compile(code).errors!, code)
      .map(({ messageText }) => messageText)
      .join("\n");
  for (const open of ["<div>", '<div id="a">'])
    expect(told(`const view = ${open}hi</div>;`)).toMatch(/^.*JSX .* \.tsx.*$/);
  expect(told('const html: number = "<b>hi</b>";')).not.toContain("JSX");
});

describe("complete()", () => {
  const offered = (code: string): string[] =>
    compiler.complete(code, code.length).matches.map(({ name }) => name);

  it("complete() offers what older editions of JavaScript have before what newer ones added", () => {
    expect(offered("Math.f")).toEqual(["floor", "fround", ...("f16round" in Math ? ["f16round"] : [])]);
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

  it("complete() offers a name once, also one that is a keyword too", () => {
    expect(offered("modul")).toEqual(["module"]);
    expect(offered("const type = 1; typ")).toEqual(["type", "typeof", "TypeError"]);
  });
});

describe("inspect()", () => {
  const told = (code: string, name: string): string => {
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
    expect(told('import { double } from "./door"; double(1)', "double")).toBe(signature);
    expect(told('import * as door from "./door"; door.double(1)', "double")).toBe(signature);
    expect(told('import * as door from "./door"; door.double(1)', "door")).toBe("import door\n");
    expect(told('import { basename } from "node:path"; basename("a")', "basename")).toMatch(
      /^\(method\) path\.PlatformPath\.basename\(path: string, suffix\?: string\): string\nReturn the last portion of a path/,
    );
  });

  it("inspect() reads the platform's comments, also where they link to another name", () => {
    for (const name of [
      "''.replace",
      "process.argv",
      "process.exitCode",
      "Buffer.alloc",
      "Buffer.concat",
      "''.at",
    ])
      expect(told(`void ${name};`, name.split(".")[1]!), name).toMatch(/\n.*\w/);
    expect(told("void process.argv;", "argv")).toContain("{@link execPath}");
  });
});
