// What a learner's code can no longer change or look into once the language is fixed, and what it still can.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Runs each snippet in turn where harden() has been called, and gives its value or its error, as text. */
function hardened(snippets: Readonly<Record<string, string>>): Record<string, string> {
  const script = `require(${JSON.stringify(join(__dirname, "harden.ts"))}).harden();
const told = {};
(async () => {
  for (const [name, code] of ${JSON.stringify(Object.entries(snippets))})
    try { told[name] = String(await new Function("require", "return (async () => {" + code + "})()")(require)); } catch (error) { told[name] = String(error.message); }
  console.log(JSON.stringify(told));
})();`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["-r", join(__dirname, "..", "..", "typescript.cjs"), "-e", script],
    { encoding: "utf8", cwd: __dirname, env: { ...process.env, NODE_OPTIONS: "" } },
  );
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Record<string, string>;
}

const strict = (code: string) => `"use strict"; ${code}; return "changed";`;
const iterators = {
  array: "[][Symbol.iterator]()",
  map: "new Map()[Symbol.iterator]()",
  set: "new Set()[Symbol.iterator]()",
  text: '""[Symbol.iterator]()',
  matches: '"".matchAll(/x/g)',
};
const generators = ["function* () {}", "async function* () {}"];

test("harden() fixes what a drive's own loops, arrays, texts and promises stand on", () => {
  const attempts = {
    ...Object.fromEntries(
      Object.entries(iterators).map(([name, made]) => [
        `iterator of ${name}`,
        strict(`Object.getPrototypeOf(${made}).next = () => ({ done: true })`),
      ]),
    ),
    ...Object.fromEntries(
      generators.map((made) => [made, strict(`Object.getPrototypeOf(${made}).prototype.next = () => 1`)]),
    ),
    species: strict("Array.prototype.constructor = { [Symbol.species]: Object }"),
    "species of typed arrays": strict("Float32Array.prototype.constructor = { [Symbol.species]: Object }"),
    "species of promises": strict("Promise.prototype.constructor = { [Symbol.species]: Object }"),
    "text of bytes": strict("Buffer.prototype.toString = () => '{}'"),
    "text of lists": strict("Array.prototype.toString = () => '1'"),
    spreading: strict("Array.prototype[Symbol.isConcatSpreadable] = false"),
    entries: strict("Object.entries = () => []"),
    then: strict("Promise.prototype.then = () => 1"),
    dates: strict("Date.prototype.getTime = () => 0"),
    "weak references": strict("WeakRef.prototype.deref = () => 1"),
    "copies of what came": strict("globalThis.structuredClone = (x) => x"),
    languages: strict("Intl.NumberFormat.prototype.format = () => '1'"),
  };
  const told = hardened(attempts);
  for (const name of Object.keys(attempts))
    expect(told[name], name).toMatch(/read only property|not extensible|which has only a getter/);
});

test("harden() shuts the doors to threads, debuggers, memory, promises and Node's inner parts, also for imports", () => {
  const calls = [
    'new (require("node:worker_threads").Worker)("1", { eval: true })',
    'new (require("node:inspector").Session)()',
    'new (require("node:inspector/promises").Session)().connect()',
    'require("node:inspector").open(0)',
    'require("node:module").register("data:text/javascript,1")',
    'require("node:v8").setFlagsFromString("--allow-natives-syntax")',
    'require("node:v8").queryObjects(Buffer, { format: "summary" })',
    'require("node:v8").getHeapSnapshot()',
    'require("node:v8").writeHeapSnapshot("/no/such/folder/it")',
    'require("node:v8").promiseHooks.onInit(() => {})',
    'require("node:v8").promiseHooks.createHook({})',
    'require("node:async_hooks").createHook({})',
    'require("node:async_hooks").executionAsyncResource()',
    'process.binding("fs")',
    'process.binding("inspector")',
    'new (await import("node:worker_threads")).Worker("1", { eval: true })',
    'new (await import("node:inspector")).Session()',
    '(await import("node:v8")).setFlagsFromString("--expose-gc")',
    'process.getBuiltinModule?.("node:v8").queryObjects(Buffer) ?? process.binding("v8")',
  ];
  const told = hardened(Object.fromEntries(calls.map((call) => [call, `${call}; return "open";`])));
  // The promises' inspector is made of the other, which is none any more.
  for (const call of calls)
    expect(told[call], call).toMatch(/neither start threads|not a constructor|"original" argument/);
});

test("harden() leaves alone what a notebook may well do", () => {
  const lawful = {
    chance: "Math.random = () => 0.5; return Math.random();",
    time: "Date.now = () => 7; return Date.now();",
    "a method for all lists":
      "Array.prototype.sum = function () { return this.reduce((a, b) => a + b, 0); }; return [1, 2].sum();",
    "a class of errors":
      'class Mine extends Error { name = "Mine" } const e = new Mine("x"); e.message = "y"; return e + "";',
    "an error's name": 'const e = new RangeError("x"); e.name = "Other"; return e + "";',
    "a text of its own": 'const o = {}; o.toString = () => "own"; return o + "";',
    "an old class":
      "function Old() {} Old.prototype = {}; Old.prototype.constructor = Old; Old.prototype.valueOf = () => 3; return new Old() + 1;",
    "a kind of list":
      "class Stack extends Array {} return Stack.from([1, 2]).map((x) => x) instanceof Stack;",
    "a kind of map":
      "class Counts extends Map { get(k) { return super.get(k) ?? 0; } } return new Counts([[1, 2]]).get(3);",
    "loops over all":
      'let n = 0; for (const x of new Map([[1, 2]])) n++; for (const x of "ab") n++; for (const x of (function* () { yield 1; })()) n++; return n;',
  };
  expect(hardened(lawful)).toEqual({
    chance: "0.5",
    time: "7",
    "a method for all lists": "3",
    "a class of errors": "Mine: y",
    "an error's name": "Other: x",
    "a text of its own": "own",
    "an old class": "4",
    "a kind of list": "true",
    "a kind of map": "0",
    "loops over all": "4",
  });
});

test("fixModules() fixes what a folder's modules export, under every name that leads to them, and no others", () => {
  const folder = mkdtempSync(join(tmpdir(), "residual-modules-"));
  try {
    for (const name of ["inside", "outside"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "inside", "compare.js"), "exports.agree = (a, b) => a === b;");
    writeFileSync(join(folder, "inside", "index.js"), 'exports.check = require("./compare"); exports.agrees = (...two) => exports.check.agree(...two);'); // prettier-ignore
    writeFileSync(join(folder, "outside", "own.js"), "exports.agree = () => false;");
    const script = `const { createRequire } = require("node:module");
const load = createRequire(${JSON.stringify(`${folder}/x.js`)});
const [library, own] = [load("./inside/index.js"), load("./outside/own.js")];
require(${JSON.stringify(join(__dirname, "harden.ts"))}).fixModules(${JSON.stringify(join(folder, "inside", "/"))});
for (const change of [() => { library.check.agree = () => true; }, () => { load("./inside/compare.js").agree = () => true; }, () => { library.check = { agree: () => true }; }]) try { change(); } catch {}
own.agree = () => true;
console.log(library.agrees(1, 2), own.agree());`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-r", join(__dirname, "..", "..", "typescript.cjs"), "-e", script], { encoding: "utf8", cwd: __dirname }); // prettier-ignore
    expect([stdout, stderr]).toEqual(["false true\n", ""]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
