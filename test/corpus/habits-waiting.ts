// What people write in notebooks: waiting in every place where it is allowed, imports, exports, events.

// %% async iteration over statements
async function* ticks(n: number) { for (let i = 0; i < n; i++) { await Promise.resolve(); yield i; } }
const it = ticks(4)[Symbol.asyncIterator]();
console.log(await it.next());
for await (const t of { [Symbol.asyncIterator]: () => it }) console.log(t);
for await (const t of [Promise.resolve("a"), "b"]) console.log(t);
console.log(await it.next());
// %% labelled loops with closures and await
const seen: string[] = [];
rows: for (let r = 0; r < 4; r++) {
  for (const c of [0, 1, 2]) {
    if (c === r) continue rows;
    if (r === 3) break rows;
    await null;
    seen.push(`${r}${c}`);
  }
}
console.log(seen.join(" "));
block: { if (seen.length > 0) break block; console.log("never"); }
label: console.log("labelled expression");
// %% try, finally and await that override a result
async function t1() { try { return await Promise.resolve("try"); } finally { await null; console.log("finally"); } }
async function t2(): Promise<string> { for (;;) { try { return "a"; } finally { break; } } return "b"; }
async function t3() { try { throw new Error("x"); } catch { return "caught"; } finally { await new Promise((r) => setTimeout(r, 1)); } }
console.log(await t1(), await t2(), await t3());
try { await Promise.reject(new TypeError("no")); } catch ({ name, message }: any) { console.log(name, message); } finally { await null; console.log("done"); }
// %% await using in a loop
const closed: string[] = [];
const open = (n: string) => ({ n, async [Symbol.asyncDispose]() { await null; closed.push(n); } });
for (const n of ["x", "y"]) { await using o = open(n); closed.push("in " + o.n); }
console.log(closed);
for (using q of [{ [Symbol.dispose]() { closed.push("q"); } }]) closed.push(typeof q);
console.log(closed.length);
// %% an own Promise does not become that of async functions
class Promise2<T> extends Promise<T> {}
const p = Promise2.resolve(3);
console.log(p instanceof Promise2, p.then((x) => x) instanceof Promise2, await p);
async function f(): Promise<number> { return 1; }
console.log(f() instanceof Promise2);
// %% await inside expressions of every sort
const w = async <T,>(x: T) => { await null; return x; };
console.log([await w(1), ...(await w([2, 3]))], { [await w("k")]: await w(1), ...(await w({ z: 1 })) }, `t${await w("x")}`, await w(1) ? await w("y") : 0, (await w(Math.max))(await w(1), 5));
const { q = await w(9), [await w("r")]: r2 } = { r: 1 } as any;
console.log(q, r2, !(await w(false)), typeof await w(1), (await w(2)) ** 2 + 0 * await w(1), (await w({ m() { return this.n; }, n: 4 })).m());
// %% await in heads of statements
const w = async <T,>(x: T) => { await null; return x; };
for (let i = await w(0); i < await w(3); i += await w(1)) console.log(i);
if (await w(true)) console.log("if");
while (await w(false)) console.log("never");
switch (await w(2)) { case await w(2): console.log("two"); }
for (const k in await w({ a: 1, b: 2 })) console.log(k);
class D extends (await w(Object)) { x = 1; [await w("m")]() { return 2; } }
console.log((new D() as any).m(), D.name);
throw await w(new RangeError("thrown " + await w(1)));
// %% ordering of microtasks, timers and output
const order: string[] = [];
setTimeout(() => order.push("timeout"), 0);
setImmediate(() => order.push("immediate"));
process.nextTick(() => order.push("tick"));
queueMicrotask(() => order.push("micro"));
await new Promise((r) => setTimeout(r, 20));
console.log(order.includes("timeout"), order.includes("immediate"), order.indexOf("micro") < order.indexOf("timeout"));
// %% rejections that are caught later, allSettled, any, race
const results = await Promise.allSettled([1, Promise.reject(new Error("no")), new Promise((r) => setTimeout(r, 2, "late"))]);
console.log(results.map((r) => r.status));
const firstOf = await Promise.any([Promise.reject(1), Promise.resolve(2)]);
console.log(firstOf, await Promise.race([new Promise(() => {}), Promise.resolve("fast")]));
try { await Promise.any([Promise.reject(new Error("e1"))]); } catch (e) { console.log((e as AggregateError).errors.length, (e as Error).message); }
await Promise.reject(new SyntaxError("last"));
// %% thenables and await of non promises
const thenable = { then(ok: (x: number) => void) { ok(11); } };
console.log(await thenable, await 5, await null, await undefined);
const odd = { then: 5 };
console.log((await odd).then);
// %% async generators that delegate, return and throw
async function* inner() { try { yield 1; yield 2; } catch (e) { yield "caught " + e; } finally { console.log("inner end"); } return "ret"; }
async function* outer() { const r = yield* inner(); yield r; }
for await (const x of outer()) console.log(x);
const g = outer();
console.log(await g.next(), await g.throw("oops"), await g.return(undefined as any));
// %% AbortController, events, EventEmitter
import { EventEmitter, once } from "node:events";
const e = new EventEmitter();
setTimeout(() => e.emit("ready", 5, 6), 1);
console.log(await once(e, "ready"));
const ac = new AbortController();
ac.signal.addEventListener("abort", () => console.log("aborted", String(ac.signal.reason)));
ac.abort(new Error("why"));
ac.signal.throwIfAborted();
// %% imports of Node in every form
import fs, { existsSync as exists } from "node:fs";
import * as path from "node:path";
import { type ParsedPath, basename } from "node:path";
console.log(exists("/"), path.join("a", "b"), basename("/x/y.ts"), typeof fs.readFileSync);
const parsed: ParsedPath = path.parse("/a/b.c");
console.log(parsed.ext, basename.name);
// %% imports of Node that plain modules have too
import fs, { existsSync as exists } from "node:fs";
import * as path from "node:path";
import { type ParsedPath, basename } from "node:path";
console.log(exists("/"), path.join("a", "b"), basename("/x/y.ts"), typeof fs.readFileSync);
const parsed: ParsedPath = path.parse("/a/b.c");
console.log(parsed.ext, basename.name);
import { format } from "node:util";
console.log(format("%s %d %j", "a", 1, { b: 2 }));
// %% exports in a program
export const exported = 1;
export function ef() { return exported + 1; }
export class EC { static s = ef(); }
export default class Default { d = EC.s; }
export { exported as renamed };
export type T0 = number;
console.log(exported, ef(), EC.s, new Default().d);
// %% export default of an expression and of a nameless function
export default function () { return 1; }
export { join as j2 } from "node:path";
console.log("exported");
// %% types only: interface, type, declare, satisfies, as const, asserts | whole: a narrowing ends with a cell
interface Pair { x: number }
interface Pair { y?: number }
type Tagged = Pair & { z: "a" | "b" };
declare const ghost: number;
declare function ghostly(): void;
const q = { x: 1, z: "a" } as const satisfies Tagged;
function assertNumber(x: unknown): asserts x is number { if (typeof x !== "number") throw new TypeError("number expected; got " + typeof x); }
const u: unknown = 5;
assertNumber(u);
console.log(u + 1, q, typeof ghost === "undefined");
assertNumber("s" as unknown);
// %% import.meta in a program
console.log(typeof import.meta.url, import.meta.url.startsWith("file://"), typeof import.meta.resolve);
// %% async work that outlives its statement
let done = 0;
const task = (async () => { for (let i = 0; i < 3; i++) { await new Promise((r) => setTimeout(r, 2)); done++; } return "task"; })();
console.log(done);
console.log(await task, done);
// %% events that reach a later statement's variable
let seenBy = "first";
const wait = new Promise<string>((r) => setTimeout(() => r(seenBy), 5));
seenBy = "second";
console.log(await wait);
