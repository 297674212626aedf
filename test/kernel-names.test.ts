// A user's variable may have any name: also those of the globals, and those that stand in the code which the kernel makes of cells.
import { tmpdir } from "node:os";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notebook, shown, written, type Result } from "./kernel-notebook";

const notebook = new Notebook(tmpdir());

beforeAll(async () => {
  await notebook.command("start");
});

afterAll(async () => {
  await notebook.command("stop");
});

/** Cells with one of everything that the kernel could want to write otherwise. */
const everything = [
  `import os, { EOL as eol } from "node:os"; import * as path from "node:path"; import "node:url";
   export const exported = eol.length; export default class Own { static #n = 1; static { void Own.#n; } }
   console.log(typeof os.cpus, path.sep, require("node:fs") === (await import("node:fs")).default, import.meta.url, __dirname);`,
  `enum Own2 { a } namespace Own3 { export const b = Own2.a; } import own4 = Own3.b;
   const { c = own4, ...d } = { e: 1 } as { c?: number; e: number }; var f = c, g: number[] = [];
   function h() { return f; } async function i() { await null; for await (const j of [1]) g.push(j); return h(); }
   { using k = { [Symbol.dispose]() { g.push(0); } }; void k; }
   const l = (v: unknown, _: DecoratorContext) => void v; class Own5 { @l m() { return String(this); } }
   outer: for (let n = 0; n < 2; n++) { await 0; g.push(await i()); continue outer; }
   try { throw new Error(String(d.e)); } catch (o) { void [o, Own5]; }
   g.length`,
  "await i(); exported",
];

/** Shows the scripts that V8 has of cells: what the kernel made of them. */
const scripts = `
  import inspector from "node:inspector";
  const session = new inspector.Session();
  session.connect();
  const found: string[] = [];
  session.on("Debugger.scriptParsed", ({ params }) => { if (/^cell\\[/.test(params.url)) found.push(params.scriptId); });
  await new Promise((done) => session.post("Debugger.enable", done));
  const sources: string[] = [];
  for (const scriptId of found)
    await new Promise<void>((done) => session.post("Debugger.getScriptSource", { scriptId }, (_error, { scriptSource }) => { sources.push(scriptSource); done(); }));
  session.post("Debugger.disable");
  session.disconnect();
  console.log(JSON.stringify(sources));`;

function identifiers(code: string): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    // A member's name is none of a variable's.
    const { parent } = node;
    const isMember =
      (ts.isPropertyAccessExpression(parent) ||
        ts.isPropertyAssignment(parent) ||
        ts.isMethodDeclaration(parent)) &&
      parent.name === node;
    if (ts.isIdentifier(node) && !isMember) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(ts.createSourceFile("code.ts", code, ts.ScriptTarget.Latest, true), visit);
  return found;
}

/** Names that the code of cells has and their text has not, and all that the global object has. */
async function names(): Promise<{ emitted: string[]; globals: string[] }> {
  const results = await notebook.run(...everything);
  expect(results.map(({ reply }) => reply["evalue"])).toEqual(everything.map(() => undefined));
  const [result] = await notebook.run(scripts);
  const sources = JSON.parse(written(result!, "stdout")) as string[];
  expect(sources.length).toBeGreaterThanOrEqual(everything.length);
  const own = identifiers([...everything, scripts].join("\n"));
  const emitted = [...identifiers(sources.join("\n"))].filter((name) => name !== "" && !own.has(name));
  const all =
    "const all: string[] = []; for (let at: object | null = globalThis; at; at = Object.getPrototypeOf(at)) all.push(...Object.getOwnPropertyNames(at)); console.log(all.join(' '));";
  const [listed] = await notebook.run(all);
  const globals = written(listed!, "stdout").trim().split(" ");
  return { emitted, globals: globals.filter((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) };
}

/** A declaration of each kind, and how its value 7 is read. */
const kinds: Readonly<Record<string, (name: string) => readonly [declaration: string, value: string]>> = {
  function: (name) => [`function ${name}() { return 7; }`, `${name}()`],
  let: (name) => [`let ${name} = 6;`, `++${name}`],
  class: (name) => [`class ${name} { static v = 7; }`, `${name}.v`],
  var: (name) => [`var ${name} = 7;`, name],
  "a pattern": (name) => [`const { v: ${name} } = { v: 7 };`, name],
  const: (name) => [`const ${name} = 7;`, name],
  "known later": (name) => ["", `(() => ${name})()`],
};

/** So many names are declared in one cell. */
const lot = 20;

/** Code that a session must run whatever its variables are called. */
const probes: readonly (readonly [code: string, shown: string])[] = [
  [
    "import { basename } from 'node:path'; await (async () => { await null; return basename('a/b'); })()",
    "b",
  ],
  [
    "let probe = 0; for (const step of [1, 2]) { await 0; probe += step; } [probe, class { v = 1; }.name]",
    "[ 3, '' ]",
  ],
];

describe("a variable", () => {
  it("may be called like any global, and like anything in the code that the kernel makes", async () => {
    const { emitted, globals } = await names();
    // What no variable can be called in a module anyway.
    const reserved = new Set(["arguments", "eval", "globalThis", "undefined", "static", "private"]);
    const all = [...new Set([...emitted, ...globals])].filter((name) => !reserved.has(name));
    expect(all.length).toBeGreaterThan(60);
    const wrong: string[] = [];
    const check = (what: string, result: Result, wanted: string): void => {
      const got = result.reply["status"] === "ok" ? shown(result) : result.reply["evalue"];
      if (got !== wanted) wrong.push(`${what}: ${String(got)} instead of ${wanted}`);
    };
    for (let first = 0; first < all.length; first += lot) {
      const some = all.slice(first, first + lot);
      const cells = Object.values(kinds).map((written) => {
        const lines = some.map(written);
        const declarations = lines.map(([declaration]) => `// @ts-ignore\n${declaration}`);
        const values = lines.map(([, value]) => `// @ts-ignore\n${value},`);
        return [...declarations, "[", ...values, "].join()"].join("\n");
      });
      const options = { stop_on_error: false };
      const results = (await notebook.command("execute", { cells, options })) as Result[];
      Object.keys(kinds).forEach((kind, k) => {
        check(`${kind} ${some.join()}`, results[k]!, some.map(() => "7").join());
      });
    }
    expect(wrong).toEqual([]);
    // Every one of them is a variable now; the session, libraries that it had not loaded yet, and errors are as ever.
    for (const [code, wanted] of probes) check(code, await notebook.one(code), wanted);
    const failed = await notebook.one("const nothing: any = null;\nnothing.prop");
    expect(failed.reply).toMatchObject({
      ename: "TypeError",
      evalue: "Cannot read properties of null (reading 'prop')",
    });
    const library = await notebook.one("import { plot } from 'residual'; plot.latex('x')");
    check("residual", library, "x");
    expect(wrong).toEqual([]);
  });
});
