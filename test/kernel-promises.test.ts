// What a notebook's reader may take for granted of the kernel: names, types, everything printed or thrown, modules, memory.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notebook, ofType, shown, written, type Result } from "./kernel-notebook";

const folder = mkdtempSync(join(tmpdir(), "residual-promises-"));
const notebook = new Notebook(folder);

function file(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeAll(async () => {
  file("node_modules/untyped/package.json", '{ "name": "untyped", "version": "1.0.0", "main": "index.js" }');
  file("node_modules/untyped/index.js", "module.exports = (name) => `hello ${name}`;");
  file("live.ts", "export let counter = 0;\nexport const bump = (): number => ++counter;\n");
  file(
    "places.ts",
    'import { readFileSync } from "node:fs";\n' +
      'export const text = (): string => readFileSync(new URL("data.json", import.meta.url), "utf8");\n' +
      'export const folder: string = __dirname;\nexport const joined: string = require("node:path").join("a", "b");\n',
  );
  file("data.json", '{ "depth": 20 }');
  await notebook.command("start");
});

afterAll(async () => {
  await notebook.command("stop");
  rmSync(folder, { recursive: true });
});

/** What each cell shows, or why it failed. */
const run = async (...cells: string[]): Promise<unknown[]> =>
  (await notebook.run(...cells)).map((result) =>
    result.reply["status"] === "ok"
      ? shown(result)
      : `${String(result.reply["ename"])}: ${String(result.reply["evalue"])}`,
  );

/** What a reader sees of an error: the traceback, less its colours. */
function traceback(result: Result): string {
  const [error] = ofType(result, "error");
  // eslint-disable-next-line no-control-regex -- the escape that begins a colour
  return (error?.content["traceback"] as string[]).join("\n").replaceAll(/\x1b\[[0-9;]*m/g, "");
}

describe("a declaration", () => {
  it("of a list may use the names before it, with a value and after a cell that gave others", async () => {
    const seen = await run(
      "const a = 1, b = a + 1; b",
      "const a = 10, b = a + 1; b",
      "let w = 4, h = w * 2, area = w * h; area",
      "const { p = 1, q = p + 1 } = {} as { p?: number; q?: number }; [p, q]",
      "const [u, v = u] = [3] as number[]; v",
      "for (var i = 2, n = i + 5; i < n; i++); [i, n]",
      "const items = [1, 2, 3], length = items.length; length",
    );
    expect(seen).toEqual(["2", "11", "32", "[ 1, 2 ]", "3", "[ 7, 7 ]", "3"]);
  });

  it("of any kind replaces one of another kind", async () => {
    const forms = [
      "const f = () => 1;",
      "function f() { return 2; }",
      "let f = () => 3;",
      "var f = () => 4;",
    ];
    const others = ["class f { static call() { return 5; } }", "enum f { a = 6 }"];
    const all = [...forms, ...others];
    for (const first of all)
      for (const second of all) {
        const [, last] = await run(first, `${second} typeof f`);
        expect(last, `${first} then ${second}`).toBe(second === others[1] ? "object" : "function");
      }
    expect(await run("f.a", "const f = 8;", "f")).toEqual(["6", undefined, "8"]);
  });

  it("named kernel or cell is the cell's own, as any is", async () => {
    const seen = await run(
      "const kernel = [[1, 0], [0, 1]]\nkernel.length",
      "kernel",
      "let kernel = { size: 3 }\nconst s = kernel.size * 2\ns",
      "const { kernel, stride } = { kernel: 3, stride: 1 };\n[kernel, stride]",
      "function kernel(x: number) { return x * x }\nkernel(3)",
      "const cell = 'my cell'\nasync function mine() { await 1; return cell }\nawait mine()",
      "await mine()",
    );
    expect(seen).toEqual(["2", "[ [ 1, 0 ], [ 0, 1 ] ]", "6", "[ 3, 1 ]", "9", "my cell", "my cell"]);
  });

  it("of a class may extend an import, a class of an earlier cell, and an expression", async () => {
    const seen = await run(
      "import { EventEmitter } from 'node:events'\nclass D extends EventEmitter {}\nnew D() instanceof EventEmitter",
      "class A { hi() { return 'hi' } }",
      "class B extends A {}\nnew B().hi()",
      "const C = class extends A {}\nnew C().hi()",
      "const id = <T,>(x: T) => x",
      "const ids = id<string>\nids('x')",
      "class A { hi() { return 'new' } }",
      "class B extends A {}\nnew B().hi()",
    );
    expect(seen).toEqual(["true", undefined, "hi", "hi", undefined, "x", undefined, "new"]);
  });

  it("of what is only declared is the global's", async () => {
    expect(
      await run(
        "(globalThis as any).fromScript = 5;\ndeclare const fromScript: number;\nfromScript",
        "fromScript + 1",
      ),
    ).toEqual(["5", "6"]);
  });

  it("of an import is live: it has the value that its module has now", async () => {
    expect(await run('import { counter, bump } from "./live"; bump(); counter', "bump(); counter")).toEqual([
      "1",
      "2",
    ]);
  });
});

describe("a name's type", () => {
  it("is remembered though TypeScript can write no declaration of another name of the cell", async () => {
    const seen = await run(
      "function makeCounter() { class Counter { private n = 0; inc() { return ++this.n } } return new Counter() }\nconst counter = makeCounter(), other = 5\ncounter.inc()",
      "other.toFixed(1)",
      "counter.inc()",
      "function load() { interface Row { id: number } return [{ id: 1 }] as Row[] }\nconst rows = load()\nrows.length",
      "rows[0].id",
      "const Mixed = (B => class extends B { private secret = 1 })(Date as new () => Date)\nconst after = 1",
      "after",
      "new Mixed() instanceof Date",
    );
    expect(seen).toEqual(["1", "5.0", "2", "1", "1", undefined, "1", "true"]);
    expect(await run("other.missing")).toEqual([
      expect.stringMatching(/TS2339: Property 'missing' does not exist on type/),
    ]);
  });

  it("and its value live side by side, as in a file", async () => {
    const seen = await run(
      "interface Rate { v: number }",
      "const Rate = 5;",
      "const rate: Rate = { v: Rate }; rate.v",
      "const Mode = { a: 1 } as const;",
      "type Mode = keyof typeof Mode;",
      "const mode: Mode = 'a'; Mode[mode]",
    );
    expect([seen[2], seen[5]]).toEqual(["5", "1"]);
  });

  it("is not asked for in a cell that says // @ts-nocheck", async () => {
    expect(await run("// @ts-nocheck\nlet loose: number = 'text'; loose", "loose")).toEqual(["text", "text"]);
  });
});

describe("an import", () => {
  it("of a missing package says how to install it", async () => {
    const { reply } = await notebook.one("import { x } from 'not-installed-anywhere'");
    expect(String(reply["evalue"])).toContain("npm install not-installed-anywhere");
  });

  it("of what is asked for at run time: require, __dirname, import.meta and import() with attributes", async () => {
    const seen = await run(
      "import.meta.url",
      "require('node:path').join('a', 'b')",
      "__dirname",
      "(await import('./data.json', { with: { type: 'json' } })).default.depth",
      "import { text, folder, joined } from './places'; [JSON.parse(text()).depth, folder === __dirname, joined]",
      "#!/usr/bin/env node\n5",
    );
    expect(seen).toEqual([
      expect.stringMatching(/^file:\/\/.*residual-promises-/),
      "a/b",
      folder,
      "20",
      "[ 20, true, 'a/b' ]",
      "5",
    ]);
  });

  it("of tslab shows what its display functions are given", async () => {
    const result = await notebook.one("import * as tslab from 'tslab'\ntslab.display.html('<b>bold</b>')");
    expect(ofType(result, "display_data").map(({ content }) => content["data"])).toEqual([
      { "text/html": "<b>bold</b>" },
    ]);
    expect(result.reply["status"]).toBe("ok");
  });
});

describe("what is shown", () => {
  it("by display() as the last expression is shown once", async () => {
    for (const cell of ["display(5)", "display({ 'text/html': '<b>x</b>' })"]) {
      const result = await notebook.one(cell);
      expect(ofType(result, "execute_result")).toEqual([]);
      expect(ofType(result, "display_data")).toHaveLength(1);
    }
  });

  it("is well-formed text", async () => {
    const half = "'hi 😀'.slice(0, 4)";
    const [printed, result, error] = await notebook.run(
      `console.log(${half})`,
      half,
      `throw new Error(${half})`,
    );
    expect(written(printed!, "stdout")).toBe("hi \ufffd\n");
    expect(shown(result!)).toBe("hi \ufffd");
    expect(ofType(error!, "error")[0]!.content["evalue"]).toBe("hi \ufffd");
  });

  it("is bounded, with a note, also where one value is all of it", async () => {
    for (const cell of [
      "Object.fromEntries(Array.from({ length: 1e6 }, (_, i) => ['k' + i, i]))",
      "'x'.repeat(3e7)",
      "display('y'.repeat(3e7))",
    ]) {
      const { outputs, reply } = await notebook.one(cell);
      expect(reply["status"]).toBe("ok");
      expect(JSON.stringify(outputs).length).toBeLessThan(12e6);
      expect(JSON.stringify(outputs)).toMatch(/999,000 more properties|the first 1.0 are shown/);
    }
  });
});

describe("an error", () => {
  const typed =
    "interface Foo {\n  a: number;\n  b: string;\n}\ntype Bar = { c: number };\n\nfunction boom(x: Foo): never {\n  throw new Error('boom');\n}\n";

  it("that is printed, traced, shown or read has the cell's own lines, and no frames of the kernel's", async () => {
    const ways = [
      "console.error(e)",
      "console.log(e)",
      "console.error((e as Error).stack)",
      "console.error({ e })",
    ];
    for (const way of ways) {
      const result = await notebook.one(
        `${typed}try {\n  boom({ a: 1, b: '' });\n} catch (e) {\n  ${way};\n}`,
      );
      const text = written(result, "stdout") + written(result, "stderr");
      expect(text, way).toMatch(/cell\[\d+\]:8:9/);
      expect(text, way).toMatch(/cell\[\d+\]:11:3/);
      expect(text, way).not.toMatch(/kernel\/|node:internal|node:vm/);
    }
    const [value, traced] = await notebook.run(
      "1;\nnew Error('as a value')",
      "interface A {\n}\nconsole.trace('here')",
    );
    expect(shown(value!)).toMatch(/^Error: as a value\n\s+at cell\[\d+\]:2:1$/);
    expect(written(traced!, "stderr")).toMatch(/^Trace: here\n\s+at cell\[\d+\]:3:9\n$/);
  });

  it("with properties shows them whole", async () => {
    expect(traceback(await notebook.one("throw Object.assign(new Error('mine'), { code: 42 })"))).toMatch(
      /\{\s+code: 42\s+\}/,
    );
  });

  it("of the kernel's own is an error of the cell, never an empty one", async () => {
    const cells = [`const line = ${"1+".repeat(5000)}1; line`, "({ 'application/json': { a: 10n } })"];
    const circular = "const round: any = {}; round.round = round; ({ 'application/json': round })";
    for (const cell of [...cells, circular]) {
      const result = await notebook.one(cell);
      expect(
        result.outputs.filter(({ type }) => type === "error" || type === "execute_result").length,
        cell.slice(0, 40),
      ).toBe(1);
    }
  });
});
