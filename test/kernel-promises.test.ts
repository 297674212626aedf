// What a notebook's reader may take for granted of the kernel: names, types, everything printed or thrown, modules.
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

  it("by an import alias, or exported without a name, runs", async () => {
    const seen = await run(
      "namespace NS { export namespace In { export const z = 9 } }\nimport Al = NS.In\nAl.z",
      "Al.z + 1",
      "export default class { x = 1 }",
      "export default function () { return 1 }",
      "Al.z + 2",
    );
    expect([seen[0], seen[1], seen[4]]).toEqual(["9", "10", "11"]);
    expect(seen.filter((one) => String(one).includes("Error"))).toEqual([]);
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
  it("of a package without types runs, with a warning", async () => {
    const result = await notebook.one("import greet from 'untyped'\ngreet('you')");
    expect(shown(result)).toBe("hello you");
    expect(written(result, "stderr")).toMatch(/untyped/);
  });

  it("of a missing package says how to install it", async () => {
    const { reply } = await notebook.one("import { x } from 'not-installed-anywhere'");
    expect(String(reply["evalue"])).toContain('install("not-installed-anywhere")');
  });

  it("of what is asked for at run time: require, __dirname, import.meta and import() with attributes", async () => {
    const seen = await run(
      "import.meta.url",
      "require('node:path').join('a', 'b')",
      "__dirname",
      "(await import('./data.json', { with: { type: 'json' } })).default.depth",
      "import { text, folder, joined } from './places'; [JSON.parse(text()).depth, folder === __dirname, joined]",
      "#!/usr/bin/env node\n5",
      "(() => { try { return require('not-there'); } catch (error) { return (error as { requireStack?: string[] }).requireStack; } })()",
      "[setTimeout, clearTimeout, clearInterval, clearImmediate].map(({ name, length }) => `${name} ${length}`).join()",
    );
    expect(seen).toEqual([
      expect.stringMatching(/^file:\/\/.*residual-promises-/),
      "a/b",
      folder,
      "20",
      "[ 20, true, 'a/b' ]",
      "5",
      `[ '${join(folder, "cell.js")}' ]`,
      "setTimeout 5,clearTimeout 1,clearInterval 1,clearImmediate 1",
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

  it("includes what children and file descriptors write", async () => {
    const [child, raw] = await notebook.run(
      "import { execSync } from 'node:child_process'\nexecSync('echo from a child; echo trouble >&2', { stdio: 'inherit' }); 1",
      "import { writeSync } from 'node:fs'\nwriteSync(1, 'raw\\n'); writeSync(2, 'raw trouble\\n'); 2",
    );
    expect(written(child!, "stdout")).toBe("from a child\n");
    expect(written(child!, "stderr")).toBe("trouble\n");
    expect(written(raw!, "stdout")).toBe("raw\n");
    expect(written(raw!, "stderr")).toBe("raw trouble\n");
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

  it("that a cell's own Error.prepareStackTrace has told, is told by the cell's lines again once that is taken away", async () => {
    const [frames, after] = await notebook.run(
      "const own = Error.prepareStackTrace; Error.prepareStackTrace = (_error, all) => all; const frames = new Error().stack as unknown as NodeJS.CallSite[];\nObject.assign(Error, { prepareStackTrace: undefined }); frames[0]!.getColumnNumber()! > 0",
      "Error.prepareStackTrace === own && console.log('again');\n`${{ toString: null, valueOf: null }}`",
    );
    expect(shown(frames!)).toBe("true");
    expect(written(after!, "stdout")).toBe("again\n");
    expect(traceback(after!)).toMatch(/\n {4}at cell\[\d+\]:2:\d+\n2 \| `/);
  });

  it("of what TypeScript adds to a cell, has the cell's own frames alone", async () => {
    const result = await notebook.one(
      "{\n  using a = { [Symbol.dispose]() { throw new Error('close'); } };\n  throw new Error('body');\n}",
    );
    const places = [...traceback(result).matchAll(/at (.*) ?\(?cell\[\d+\]:(\d+):/g)].map(([, , line]) =>
      Number(line),
    );
    expect(places.length).toBeGreaterThan(2);
    expect(places.every((line) => line <= 4)).toBe(true);
  });

  it("that nobody handles is told once: by the kernel, or by whoever listens for it, as in Node", async () => {
    const raise = `
      void Promise.reject(new Error("one")); setTimeout(() => { throw new Error("two") });
      await new Promise((done) => setTimeout(done, 50));`;
    const alone = await notebook.one(raise);
    const heard = await notebook.one(`
      const tell = (error: unknown) => console.log("heard", String(error));
      process.on("unhandledRejection", tell).on("uncaughtException", tell); ${raise}
      process.off("unhandledRejection", tell).off("uncaughtException", tell); 0`);
    expect(written(alone, "stderr").match(/Error: (one|two)/g)).toEqual(["Error: one", "Error: two"]);
    expect(written(heard, "stdout")).toBe("heard Error: one\nheard Error: two\n");
    expect(written(heard, "stderr")).toBe("");
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
      expect(written(result, "stderr"), "what the error says already").toBe("");
    }
    await notebook.one("const keptString = globalThis.String; globalThis.String = (() => '') as never;");
    expect(written(await notebook.one("console.log('still here')"), "stdout")).toBe("still here\n");
    await notebook.one("globalThis.String = keptString;");
  });

  it("is none for a cell that patches the prototypes of everything", async () => {
    const results = await notebook.run(
      "const iterator = Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator] = (function* () { yield 1; }) as never; Array.prototype.map = (() => []) as never;",
      "Object.defineProperty(Object.prototype, 'status', { get: () => 'patched', set() {}, configurable: true }); 1",
      "console.log('printed'); 'shown'",
      "delete (Object.prototype as any).status; Array.prototype[Symbol.iterator] = iterator; 'put back'",
    );
    expect(results.map(({ reply }) => reply["status"])).toEqual(["ok", "ok", "ok", "ok"]);
    expect(written(results[2]!, "stdout")).toBe("printed\n");
    expect(shown(results[2]!)).toBe("shown");
    await notebook.command("restart");
  });
});

describe("a cell that changes JavaScript's own library", () => {
  const index = (object: string): string =>
    `Object.defineProperty(${object}.prototype, "0", { get: () => "index", set() {}, configurable: true });`;
  const broken = (...names: string[]): string =>
    `${names.map((name) => `${name} = `).join("")}(() => { throw new Error("patched"); }) as never;`;

  it.each([
    ["an accessor for an index of every object", index("Object")],
    ["an accessor for an index of every array", index("Array")],
    [
      "frozen prototypes",
      "for (const { prototype } of [Object, Array, Function, Promise, Map]) Object.freeze(prototype);",
    ],
    [
      "parts of descriptors",
      'Reflect.defineProperty(Object.prototype, "value", { get: () => 5, configurable: true });',
    ],
    [
      "another prototype of arrays",
      "Object.setPrototypeOf(Array.prototype, new Proxy(Object.prototype, {}));",
    ],
    ["promises", broken("Promise.prototype.then")],
    [
      "maps and sets",
      broken(
        "Map.prototype.get",
        "Map.prototype.set",
        "Map.prototype.delete",
        "Set.prototype.has",
        "Set.prototype.add",
      ),
    ],
    [
      "arrays",
      broken(
        "Array.prototype[Symbol.iterator]",
        "Array.prototype.push",
        "Array.prototype.shift",
        "Array.prototype.join",
        "Array.prototype.map",
      ),
    ],
    ["JSON", broken("JSON.parse", "JSON.stringify")],
    ["functions", broken("Function.prototype.call", "Function.prototype.apply", "Function.prototype.bind")],
    [
      "objects",
      broken("Object.assign", "Object.entries", "Object.defineProperty", "Reflect.apply", "Reflect.get"),
    ],
    ["clocks", broken("performance.now", "(globalThis as any).queueMicrotask")],
    [
      "globals",
      "Buffer = undefined as never; Date = undefined as never; Promise = undefined as never; process = undefined as never;",
    ],
  ])("by %s prints, waits and shows its value, and so do those after it", async (_what, change) => {
    const results = await notebook.run(
      `${change} console.log("same turn"); await null; console.log("after a wait"); await new globalThis.Promise((done) => setTimeout(done, 5)); console.log("after a timer"); "value"`.replace(
        change.includes("Promise = ") ? /await new .*?; / : /^$/,
        "",
      ),
      'console.log("next"); await null; "next value"',
    );
    expect(results.map((one) => one.reply["evalue"])).toEqual([undefined, undefined]);
    expect(written(results[0]!, "stdout")).toBe("same turn\nafter a wait\nafter a timer\n");
    expect(written(results[1]!, "stdout")).toBe("next\n");
    expect(results.map(shown)).toEqual(["value", "next value"]);
    await notebook.command("restart");
  });
});

describe("an end", () => {
  it("of a child that a synchronous call waits for comes with the interrupt", async () => {
    await notebook.one("import { execSync } from 'node:child_process'");
    const cell = "console.log('begun'); execSync('sleep 600')";
    const result = await notebook.one(cell, { interrupt_on: "begun", interrupt_after: 0.3 });
    expect(result.reply["status"]).toBe("error");
    expect(await run("1 + 1")).toEqual(["2"]);
  });

  it("by process.exit() writes what was printed, and has the code that was asked for", async () => {
    const ending = new Notebook(folder);
    await ending.command("start");
    const { code, text } = (await ending.command("ending", {
      cell: "console.log('bye'); process.exit(3)",
    })) as {
      code: number;
      text: string;
    };
    ending.abandon();
    expect({ code, text }).toEqual({ code: 3, text: "bye\n" });
  });
});

describe("what a cell is told", () => {
  it("of a package, names none that Node or a URL's scheme is called like", async () => {
    const builtin = await notebook.one('await import("node:no-such-module")');
    const scheme = await notebook.one(
      'import "data:text/javascript,1"; import five from "data:text/javascript,export default 5"; five',
    );
    expect(String(builtin.reply["evalue"])).toMatch(/Cannot find module 'node:no-such-module'/);
    expect(String(builtin.reply["evalue"])).not.toMatch(/npm install/);
    expect(scheme.reply["status"]).toBe("ok");
  });

  it("of an error in a local module, has the module's lines and the cell's, and no others", async () => {
    await notebook.one(
      `const { writeFileSync } = require("node:fs"); writeFileSync("outer.ts", "import './inner'; export const x = 5;");
       writeFileSync("inner.ts", "export const x = 5;\\nfunction f() { throw new Error('at load'); }\\nf();");`,
    );
    const { reply } = await notebook.one('import { x } from "./outer"; x');
    const frames = (reply["traceback"] as string[]).join("\n").match(/(\w+\.ts|cell\[\d+\]):\d+:\d+/g);
    expect(frames).toEqual([
      "inner.ts:2:22",
      "inner.ts:3:1",
      "outer.ts:1:1",
      expect.stringMatching(/^cell\[\d+\]:1:1$/),
    ]);
  });

  it("of code that is made of text, says where the cell made it, and nothing of the compiled code", async () => {
    const thrown = await notebook.one("const two = 2;\n  eval('throw new Error(\"x\")')");
    expect(traceback(thrown)).toMatch(
      /at eval \(eval at <anonymous> \(cell\[\d+\]:2:3\), <anonymous>:1:7\)\n/,
    );
    const [, later] = await notebook.run(
      "const made = new Function('throw new Error()'), within = (() => eval('() => { throw new Error() }'))();",
      "try { made(); } catch (e) { console.log((e as Error).stack) } within();",
    );
    expect(written(later!, "stdout")).toMatch(/at eval \(eval at <anonymous>, <anonymous>:3:7\)\n/);
    expect(traceback(later!)).toMatch(/at eval \(eval at <anonymous>, <anonymous>:1:15\)\n/);
  });

  it("of a local module that waits at its top level, is what to do instead, at its place", async () => {
    file("waiting.ts", "// x\n\nexport const t = await Promise.resolve(5)");
    const result = await notebook.one('import { t } from "./waiting"');
    expect(result.reply["evalue"]).toMatch(/^waiting\.ts:3:18 - TS1378: .* make it an \.mjs file$/);
  });

  it("of an instance, knows the class that made it from a later one of its name, also where that is the platform's", async () => {
    for (const name of ["Picture", "Image"])
      expect(
        await run(
          `class ${name} { make() { return new ${name}(); } } const old = new ${name}();`,
          `class ${name} { other = 1 } old.make() instanceof ${name}`,
        ),
      ).toEqual([undefined, "false"]);
  });

  it("of an export that is not there, is an error, as in Node", async () => {
    const { reply } = await notebook.one('import { missing } from "untyped"; missing');
    expect(reply["evalue"]).toBe("The requested module does not provide an export named 'missing'");
  });

  it("of a file, is what it says now, also by way of other files", async () => {
    const write = (a: number): string =>
      `require("node:fs").writeFileSync("changing.json", '{ "a": ${String(a)} }');`;
    const read =
      'import data from "./changing.json"; import { t } from "./through"; [data.a, require("./chain.js").a, t]';
    const sources = `require("node:fs").writeFileSync("chain.js", 'exports.a = require("./changing.json").a'); require("node:fs").writeFileSync("through.ts", 'import d from "./changing.json"; export const t = d.a;');`;
    const seen = await run(
      `${write(1)} ${sources}`,
      read,
      `await new Promise((done) => setTimeout(done, 20)); ${write(2)}`,
      read,
    );
    expect([seen[1], seen[3]]).toEqual(["[ 1, 1, 1 ]", "[ 2, 2, 2 ]"]);
  });

  it("of an ES module, is what it and what it imports say now, each made once", async () => {
    const write = (name: string, code: string): string =>
      `require("node:fs").writeFileSync("${name}.mjs", ${JSON.stringify(code)});`;
    const same =
      "(globalThis as any).made = ((globalThis as any).made ?? 0) + 1; export const same = {};".replaceAll(
        " as any",
        "",
      );
    const door =
      "import { same } from './same.mjs'; export * from './deep.mjs'; export { same }; export const fail = () => new Error('here').stack;";
    const read =
      'import { v, same as one, fail } from "./door.mjs"; import { same as two } from "./same.mjs"; [v, one === two, (globalThis as any).made, (await import("./door.mjs")).v, fail()!.split("\\n")[1]!.trim()]';
    const seen = await run(
      write("deep", "export const v = 1") + write("same", same) + write("door", door),
      read,
      write("deep", "export let v = 2"),
      read,
      write("deep", "export let v = 3;") + write("same", `${same} // x`),
      read,
    );
    const place = `'at fail \\(file:///.*/door\\.mjs:1:\\d+\\)'`;
    const shows = (text: string): unknown =>
      expect.stringMatching(new RegExp(`^\\[\\s+${text},\\s+${place}\\s+\\]$`));
    expect([seen[1], seen[3], seen[5]]).toEqual([
      shows("1,\\s+true,\\s+1,\\s+1"),
      shows("2,\\s+true,\\s+1,\\s+2"),
      shows("3,\\s+true,\\s+2,\\s+3"),
    ]);
  });
});

it("a tsconfig.json beside the notebook is read: strictness, paths and decorators; what is not understood is told once", async () => {
  const own = mkdtempSync(join(tmpdir(), "residual-own-"));
  const compilerOptions = {
    noImplicitAny: false,
    paths: { "@app/*": ["./app/*"] },
    experimentalDecorators: true,
    bogus: 1,
    outDir: "x",
  };
  writeFileSync(join(own, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [] }));
  mkdirSync(join(own, "app"));
  writeFileSync(join(own, "app", "one.ts"), 'import { b } from "@app/two"; export const a = b + 1;');
  writeFileSync(join(own, "app", "two.ts"), "export const b = 41;");
  const project = new Notebook(own);
  await project.command("start");
  const results = await project.run(
    "function same(x) { return x; } same(3)",
    'import { a } from "@app/one"; [a, (await import("@app/two")).b]',
    'function old(_target: object, key: string) { console.log("decorated", key); } class A { @old m() {} }',
    "const n: number = null;",
  );
  await project.command("stop");
  rmSync(own, { recursive: true });
  expect(results.slice(0, 2).map(shown)).toEqual(["3", "[ 42, 41 ]"]);
  expect(results.map((one) => written(one, "stderr"))).toEqual([
    expect.stringContaining("'bogus'"),
    "",
    "",
    "",
  ]);
  expect(written(results[2]!, "stdout")).toBe("decorated m\n");
  expect(results[3]!.reply["evalue"]).toMatch(/'null' is not assignable/);
});
