// What TypeScript may be in cells, and how cells see each other's names.
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notebook, shown, written, type Result } from "./kernel-notebook";

const top = mkdtempSync(join(tmpdir(), "residual-cells-"));
const folder = join(top, "notebooks");
mkdirSync(folder);
mkdirSync(join(top, "parts"));
const notebook = new Notebook(folder);

beforeAll(async () => {
  await notebook.command("start");
});

afterAll(async () => {
  await notebook.command("stop");
  rmSync(top, { recursive: true });
});

const values = (results: readonly Result[]): unknown[] =>
  results.map((result) => (result.reply["status"] === "ok" ? shown(result) : result.reply["evalue"]));
const run = async (...cells: string[]): Promise<unknown[]> => values(await notebook.run(...cells));

describe("a cell's names", () => {
  it("are seen by earlier functions as they are now, also after another cell declared them again", async () => {
    const seen = await run(
      "let level = 1; const read = () => level; async function later() { await null; return level; } read()",
      "level = 2; read()",
      "let level = 3; [read(), await later()]",
    );
    expect(seen).toEqual(["1", "2", "[ 3, 3 ]"]);
  });

  it("take a new type when declared again, and types keep the one they were declared with", async () => {
    const seen = await run(
      "interface Shape { width: number }\nconst shape: Shape = { width: 1 };",
      "interface Shape { width?: string; height: number }\nshape.width",
      "const other: Shape = { height: 2 }; other.height",
    );
    expect(seen).toEqual([undefined, "1", "2"]);
  });

  it("of an interface are those of the edited cell, where the client tells which cell runs again", async () => {
    const results = (await notebook.command("execute", {
      cells: [
        "interface Edited { older: number }",
        "interface Edited { more?: string }",
        "interface Edited { newer: number }",
        "const edited: Edited = { newer: 1, more: 'x' }; edited",
      ],
      ids: ["a", "b", "a", "c"],
    })) as Result[];
    expect(values(results).at(-1)).toBe("{ newer: 1, more: 'x' }");
  });

  it("of a var are undefined again where an earlier cell's was another kind's", async () => {
    const seen = await run(
      "const again = { a: 1 }, kept = () => again; let location = 5;",
      "console.log(again); var again: string | undefined; if (!again) var location: number | undefined; [again, location]",
      "again = 'x'; kept()",
      "var again: string | undefined; again",
    );
    expect(seen.slice(1)).toEqual(["[ undefined, undefined ]", "x", "x"]);
  });

  it("stay when the cell throws later, and only those that were reached", async () => {
    await notebook.one(
      'const early = [1, 2]; function made() { return "made"; } throw new Error("stop"); const unreached = 1;',
    );
    expect(await run("early.concat(3)", "made()")).toEqual(["[ 1, 2, 3 ]", "made"]);
    const missing = await notebook.one("unreached");
    expect(missing.reply["evalue"]).toBe("cell:1:1 - TS2304: Cannot find name 'unreached'.");
  });

  it("come from patterns, loops, classes, enums, namespaces, imports and exports alike", async () => {
    const seen = await run(
      "const { a, b: [c = 5] } = { a: 1, b: [] as number[] }; for (var i = 0; i < 3; i++) {} enum Colour { red = 1, green }",
      "class Counter { static made = 0; constructor() { Counter.made++; } } namespace Deep { export const value = 4; } new Counter();",
      'import path, { basename as base } from "node:path"; import * as os from "node:os"; export const shared = 7;',
      "[a, c, i, Colour.green, Counter.made, Deep.value, base('x/y'), typeof path.join, typeof os.cpus, shared].join(' ')",
    );
    expect(seen.at(-1)).toBe("1 5 3 2 1 4 y function function 7");
  });

  it("have the values of a loop after it ends, breaks, throws, or is followed by functions that see them", async () => {
    const seen = await run(
      "let sum = 0; for (let k = 0; k < 1e6; k++) sum += k; sum",
      "let steps = 0; outer: for (;;) { for (const step of [1, 2, 3]) { steps += step; if (steps > 9) break outer; } } steps",
      "let before = 0; try { for (let k = 0; ; k++) { before = k; if (k === 7) throw new Error(); } } catch {} before",
      "let both = 0; const add = (n: number) => { both += n; }; for (let k = 0; k < 5; k++) { both += 1; add(10); } both",
    );
    expect(seen).toEqual(["499999500000", "12", "7", "55"]);
  });
});

/** Loops, and what they leave: at a cell's top level they are taken apart, and must mean what they mean in a function. */
const loops: Readonly<Record<string, readonly [loop: string, left: string]>> = {
  "a condition with an effect": [
    "let asked = 0, turns = 0; while (asked++ < 5000) turns++;",
    "[asked, turns]",
  ],
  "a head of several variables, and commas": [
    "let total = 0, seen = 0; for (let i = 0, j = 100; seen++, i < j; i += 2, j--) total += i * j;",
    "[total, seen]",
  ],
  "no condition, left by break": [
    "let found = 0; for (let i = 1; ; i++) { if (i % 777 === 0) break; found = i; }",
    "found",
  ],
  continue: ["let odd = 0; for (let i = 0; i < 1000; i++) { if (i % 2 === 0) continue; odd += i; }", "odd"],
  "labels, inwards and outwards": [
    "let log = 0; outer: for (let i = 0; i < 60; i++) { inner: for (let j = 0; j < 60; j++) { if (j === i) continue outer; if (j > 40) break inner; if (i > 50) break outer; log += i * j; } log++; }",
    "log",
  ],
  "do, with continue and an effect in its condition": [
    "let asked = 0, done = 0; do { if (asked % 3 === 0) continue; done++; } while (asked++ < 5000); do done++; while (false);",
    "[asked, done]",
  ],
  "loops of every kind in each other": [
    "let sum = 0, left = 3; do { for (const a of [1, 2, 3]) for (const key in { x: 1, y: 2 }) { let n = 20; while (n-- > 0) { if (n === a) continue; sum += n * key.length; } } } while (--left > 0);",
    "[sum, left]",
  ],
  "a head that functions see": [
    "let made = 0; const all: (() => number)[] = []; for (let i = 0; i < 50; i++) { made++; all.push(() => i++); i++; }",
    "[made, ...all.map((one) => one())]",
  ],
  "a head without a declaration": ["let i = 0, s = 0; for (i = 5; i < 500; i++) s += i;", "[i, s]"],
  "an exception caught in a loop": [
    "let caught = 0, k = 0; while (k < 300) { try { for (let j = 0; ; j++) { k++; if (j === 7) throw new Error(); } } catch { caught++; } }",
    "[caught, k]",
  ],
  "a condition that throws": [
    "let calls = 0, last = ''; const nothing: any = null; try { while (calls < 100 || nothing.x) calls++; } catch (error) { last = (error as Error).name; }",
    "[calls, last]",
  ],
};

describe("a loop at a cell's top level", () => {
  it.each(Object.entries(loops))("means the same as in a function: %s", async (_what, [loop, left]) => {
    const [top, inFunction] = await run(`${loop}\n${left}`, `(() => { ${loop}\nreturn ${left}; })()`);
    expect(top).toMatch(/^[[\d]/);
    expect(top).toBe(inFunction);
  });
});

describe("TypeScript in cells", () => {
  it.each([
    [
      "using",
      'const log: string[] = []; { using r = { [Symbol.dispose]() { log.push("closed"); } }; log.push("open"); } log',
      "[ 'open', 'closed' ]",
    ],
    [
      "decorators",
      "const named: string[] = []; function mark(_: unknown, context: ClassMethodDecoratorContext) { named.push(String(context.name)); } class Marked { @mark go() {} } named",
      "[ 'go' ]",
    ],
    [
      "for await",
      "const got: number[] = []; for await (const n of (async function* () { yield 1; yield 2; })()) got.push(n); got",
      "[ 1, 2 ]",
    ],
    [
      "import type",
      'import type { Stats } from "node:fs"; const stats: Stats | undefined = undefined; typeof stats',
      "undefined",
    ],
    [
      "dynamic import",
      'const { pathToFileURL } = await import("node:url"); typeof pathToFileURL',
      "function",
    ],
    [
      "names of functions",
      "const arrow = () => 1; [arrow.name, (class Named {}).name]",
      "[ 'arrow', 'Named' ]",
    ],
    ["await before a bracket", "await (async () => 7)()", "7"],
    ["package subpaths", 'import * as plots from "residual/plot"; typeof plots', "object"],
  ])("%s", async (_what, cell, expected) => {
    expect(await run(cell)).toEqual([expected]);
  });

  it("imports an ES module that awaits at its top level", async () => {
    writeFileSync(join(folder, "waits.mjs"), "export const value = await Promise.resolve(42);\n");
    expect(
      await run(
        'const waits = await import("./waits.mjs"); waits.value',
        'import { value } from "./waits.mjs"; value',
      ),
    ).toEqual(["42", "42"]);
  });

  it("reads local modules anew after a change, of their own or of what they import, also outside of the folder", async () => {
    const deep = join(top, "parts", "deep.ts");
    writeFileSync(deep, "export const factor: number = 2;\n");
    writeFileSync(
      join(folder, "near.ts"),
      'import { factor } from "../parts/deep";\nexport const twice = (n: number): number => n * factor;\n',
    );
    const cell =
      'import { twice } from "./near"; import { factor } from "../parts/deep"; [twice(10), factor]';
    expect(await run(cell)).toEqual(["[ 20, 2 ]"]);
    writeFileSync(deep, "export const factor: number = 3; // changed\n");
    expect(await run(cell)).toEqual(["[ 30, 3 ]"]);
    writeFileSync(deep, 'export const factor: number = "x";\n');
    expect(await run(cell)).toEqual([expect.stringMatching(/^\.\.\/parts\/deep\.ts:1:14 - TS2322/)]);
  });

  it("warns of what is deprecated, and runs the cell", async () => {
    await notebook.one("/** @deprecated use newer() */\nfunction older() { return 1; }");
    const result = await notebook.one("older()");
    expect(shown(result)).toBe("1");
    expect(written(result, "stderr")).toMatch(/^warning cell:1:1 - TS6387: .*deprecated/);
  });

  it("leads an error in the library to the library's source", async () => {
    const result = await notebook.one(
      'import { nn } from "residual";\nnn.cifarResNet({ depth: 21, shortcut: "A", inputShape: [8, 8, 1], classes: 2, seed: 1 })',
    );
    const traceback = (result.reply["traceback"] as string[]).join("\n");
    expect(traceback).toMatch(/lib\/nn\/cifar\.ts:\d+:\d+/);
    expect(traceback).toMatch(/cell\[\d+\]:2:4/);
    expect(traceback).not.toMatch(/dist\/cjs|·/);
  });
});

describe("a package of one's own", () => {
  it("is installed beside the notebook by the command that an error names, and leaves the package.json above alone", async () => {
    const above = JSON.stringify({ name: "course", private: true, workspaces: ["parts"] });
    writeFileSync(join(top, "package.json"), above);
    mkdirSync(join(top, "own-package"));
    writeFileSync(join(top, "own-package", "package.json"), '{ "name": "own-package", "main": "i.js" }');
    writeFileSync(join(top, "own-package", "i.js"), "exports.answer = 42;");
    const missing = await notebook.one('import { answer } from "own-package"; answer');
    const [command] = /install\(.*?\)/.exec(String(missing.reply["evalue"]))!;
    // From a folder, because the tests have no registry.
    const [, installed] = await run(
      command.replace("own-package", "../own-package"),
      'import { answer } from "own-package"; answer',
    );
    expect(installed).toBe("42");
    expect(readFileSync(join(top, "package.json"), "utf8")).toBe(above);
    expect(readdirSync(folder)).toContain("package.json");
  });
});
