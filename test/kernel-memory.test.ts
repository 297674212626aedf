// A long session stays as small as a short one: the same cells again and again, cells that fail, cells with large results.
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notebook, written } from "./kernel-notebook";

/**
 * `KERNEL_TESTS=full` runs what a term of use may bring; without it enough for a leak of 100 KiB a cell to show. The heap may grow by so many MiB
 * between the two counts, because the first runs of a session fill caches that have bounds.
 */
const counts =
  process.env["KERNEL_TESTS"] === "full"
    ? { first: 200, all: 2000, growth: 10 }
    : { first: 30, all: 80, growth: 5 };

/** Sixty lines with every kind of declaration, as an author runs a cell again after each change. */
const sixtyLines = `interface Row { id: number; name: string; tags: string[] }
interface Box<T> extends Iterable<T> { readonly items: readonly T[] }
type Loss = "mse" | "mae";
enum Stage { Stem = 1, Body, Head }
namespace Util {
  export const square = (x: number): number => x * x;
  export interface Options { rate: number }
}
import { join, basename as base } from "node:path";
const rows: Row[] = Array.from({ length: 100 }, (_, i) => ({ id: i, name: "row" + i, tags: ["a", "b"] }));
const byId = new Map(rows.map((row) => [row.id, row]));
let total = 0;
var seen = 0;
for (const { id, tags: [first = "none"] } of rows) { total += id; seen += first.length; }
function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
function over(x: number): string;
function over(x: string): number;
function over(x: number | string): number | string { return typeof x === "number" ? String(x) : x.length; }
async function later<T>(value: T): Promise<T> {
  await null;
  return value;
}
class Layer {
  static made = 0;
  #weights = new Float32Array(1000);
  constructor(readonly units: number) { Layer.made++; this.#weights.fill(units); }
  get size(): number { return this.#weights.length; }
  forward(x: number): number { return x * this.units + this.#weights[0]!; }
}
class Dense extends Layer {
  override forward(x: number): number { return super.forward(x) + 1; }
}
const layers = [1, 2, 3].map((n) => (n % 2 ? new Dense(n) : new Layer(n)));
const output = layers.reduce((x, layer) => layer.forward(x), 1);
const { a: { b: deep = 5 } = {}, ...rest } = { a: { b: undefined as number | undefined }, c: 3, d: [1, 2] };
const [x0, , x2 = x0, ...xs] = [1, 2, undefined, 4, 5] as (number | undefined)[];
function* naturals(): Generator<number> { let n = 0; while (true) yield n++; }
const numbers = naturals();
const firsts = [numbers.next().value, numbers.next().value];
const closures: (() => number)[] = [];
for (let i = 0; i < 10; i++) closures.push(() => i + total);
const awaited = await later(mean(closures.map((f) => f())));
for await (const v of [later(1), later(2)]) total += v;
try { JSON.parse("{"); } catch (error) { total += (error as Error).message.length; } finally { seen++; }
switch (Stage.Body as Stage) { case Stage.Stem: break; default: total++; }
label: for (const i of [1, 2]) for (const j of [1, 2]) { if (i === j) continue label; total += j; }
const loss: Loss = "mse";
const object = { get half() { return total / 2; }, method() { return this.half; }, [loss]: 1 };
const weak = new WeakMap<object, number>([[object, 1]]);
const options: Util.Options = { rate: Util.square(output) };
const file = join("a", base("/b/c.ts")) + over(5);
const memo = new Map<number, number>();
const fib = (n: number): number => (n < 2 ? n : memo.get(n) ?? (memo.set(n, fib(n - 1) + fib(n - 2)), memo.get(n)!));
const hidden = (() => { class Local { private n = 1; inc() { return ++this.n; } } return new Local(); })();
const box: Box<number> = { items: [1], *[Symbol.iterator]() { yield* this.items; } };
console.log(file, deep, rest, x2, xs, firsts, awaited, byId.size, options.rate);
display({ "text/plain": "shown " + [...box].length });
fib(20) + hidden.inc() + weak.get(object)! + Layer.made`;

/** Ways in which a cell fails, each with something large in hand. */
const failures = [
  "function fail(n: number): never { class Own extends Error { readonly data = new Array(1000).fill(n); } throw new Own('own'); }\nfail(1)",
  'const count: number = "a text"',
  'await Promise.reject(new Error("later", { cause: { data: new Array(1000).fill(1) } }))',
  "let open = (",
  "throw { data: new Array(1000).fill(1) }",
];

/** Results of 1 to 4 MB. */
const results = [
  'Array.from({ length: 20_000 }, (_, j) => ({ j, text: "x".repeat(20) }))',
  '"y".repeat(2_000_000)',
  'Object.fromEntries(Array.from({ length: 20_000 }, (_, j) => ["k" + j, j]))',
  "new Float64Array(500_000)",
  'console.log("z".repeat(1_000_000)); display({ "text/html": "w".repeat(500_000) })',
];

const notebook = new Notebook(tmpdir());

beforeAll(async () => {
  await notebook.command("start");
});

afterAll(async () => {
  await notebook.command("stop");
});

/** What the kernel holds after a forced collection, typed arrays included, in MiB. */
async function held(): Promise<number> {
  const [, result] = await notebook.run(
    'import { setFlagsFromString } from "node:v8";\nsetFlagsFromString("--expose-gc");',
    'const collect = (await import("node:vm")).runInNewContext("gc") as () => void;\n' +
      "for (let i = 0; i < 5; i++) { collect(); await new Promise((r) => setTimeout(r, 10)); }\n" +
      "const { heapUsed, external } = process.memoryUsage(); console.log(heapUsed + external);",
  );
  return Number(written(result!, "stdout")) / 2 ** 20;
}

describe("a session's memory", () => {
  for (const [name, cells] of Object.entries({
    "one cell of sixty lines run again and again": [sixtyLines],
    "cells that fail": failures,
    "cells with large results": results,
  }))
    it(`is flat over ${String(counts.all)} runs: ${name}`, async () => {
      let before = 0;
      for (let i = 0; i < counts.all; i++) {
        if (i === counts.first) before = await held();
        await notebook.one(cells[i % cells.length]!);
      }
      expect((await held()) - before).toBeLessThan(counts.growth);
    });
});
