// Waiting: top-level await everywhere, async functions, for await, async generators, order of turns, rejections.

// %% top-level await
const a = await Promise.resolve(1);
console.log(a);
// %% two awaits in one list
const b1 = await Promise.resolve(1), b2 = b1 + (await Promise.resolve(2));
console.log(b1, b2);
// %% await a plain value and a thenable
const thenable = { then(ok: (v: string) => void) { ok("then"); } };
console.log(await 5, await (thenable as unknown as Promise<string>));
// %% await in operands keeps their order
let n = 1;
const inc = async () => ++n;
console.log(n + (await inc()) + n);
// %% await in arguments, arrays, objects, templates
const p = (v: number) => Promise.resolve(v);
console.log(await p(1), [await p(2)], { k: await p(3) }, `${await p(4)}`);
// %% await in conditions
function p1(v: number) { return Promise.resolve(v); }
if (await Promise.resolve(true)) console.log("yes"); else console.log("no");
console.log((await p1(0)) || "or", (await p1(1)) && "and", (await p1(0)) ? 1 : 2);
// %% await of a rejection
await Promise.reject(new Error("rejected"));
// %% await of a rejection with no error
await Promise.reject("plain text");
// %% caught rejection
try { await Promise.reject(new RangeError("r")); } catch (e) { console.log(String(e)); } finally { console.log("finally"); }
// %% async function returns and throws
async function twice(x: number) { await null; return x * 2; }
async function bad(): Promise<never> { await null; throw new TypeError("bad"); }
console.log(await twice(4));
console.log(await bad().catch((e) => e.message));
// %% async arrow, method and expression
const arrow = async (x: number) => x + 1, obj = { async m() { return 2; } }, fe = async function named() { return named.name; };
console.log(await arrow(1), await obj.m(), await fe());
// %% an async function reads the latest value | whole: it goes on before the next cell begins
let latest = "old";
async function reads() { await null; return latest; }
const pending = reads();
latest = "new";
console.log(await pending);
// %% order of microtasks | whole: cells are turns of their own
const order: string[] = [];
const done = Promise.resolve().then(() => order.push("then 1")).then(() => order.push("then 2"));
queueMicrotask(() => order.push("microtask"));
await done;
console.log(order.join());
// %% order of sync and async parts | whole: cells are turns of their own
const log: string[] = [];
async function part(name: string) { log.push(name + " begins"); await null; log.push(name + " ends"); }
const both = Promise.all([part("a"), part("b")]);
log.push("between");
await both;
console.log(log.join());
// %% Promise.all, allSettled, race, any
function p2<T>(v: T) { return Promise.resolve(v); }
console.log(await Promise.all([1, p2(2), p2(3)]), (await Promise.allSettled([p2(1), Promise.reject(2)])).map((r) => r.status).join());
console.log(await Promise.race([p2("x"), new Promise(() => {})]), await Promise.any([Promise.reject(1), p2("any")]));
// %% AggregateError
try { await Promise.any([Promise.reject(1), Promise.reject(2)]); } catch (e) { console.log((e as AggregateError).name, (e as AggregateError).errors); }
// %% setTimeout by hand
const sleep = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));
const order2: number[] = [];
for (const k of [1, 2]) { await sleep(k); order2.push(k); }
console.log(order2);
// %% timers/promises
import { setTimeout as wait } from "node:timers/promises";
console.log(await wait(2, "waited"));
// %% setImmediate and nextTick
const ticks: string[] = [];
await new Promise<void>((r) => { setImmediate(() => { ticks.push("immediate"); r(); }); process.nextTick(() => ticks.push("tick")); });
console.log(ticks.join());
// %% setInterval that ends
let fired = 0;
await new Promise<void>((r) => { const id = setInterval(() => { if (++fired === 3) { clearInterval(id); r(); } }, 1); });
console.log(fired);
// %% for await over promises
for await (const v of [Promise.resolve(1), 2, Promise.resolve(3)]) console.log(v);
// %% for await over an async generator
async function* count(to: number) { for (let i = 0; i < to; i++) { await null; yield i; } }
const seen: number[] = [];
for await (const i of count(3)) seen.push(i);
console.log(seen);
// %% for await with break closes
async function* closing() { try { yield 1; yield 2; } finally { console.log("closed"); } }
for await (const v of closing()) { console.log(v); break; }
// %% for await with var, let and patterns
async function* rows() { yield { r: 1, c: [2, 3] }; }
for await (var { r, c: [c0, ...cs] } of rows());
console.log(r!, c0!, cs!);
// %% closures over for await
const fs: (() => number)[] = [];
for await (const v of [1, 2]) fs.push(() => v);
console.log(fs.map((f) => f()));
// %% labelled for await
outer: for await (const x of [1, 2, 3]) for await (const y of [1, 2]) { if (y === 2) continue outer; if (x === 3) break outer; console.log(x, y); }
// %% for await over a rejection
try { for await (const v of [1, Promise.reject(new Error("second"))]) console.log(v); } catch (e) { console.log((e as Error).message); }
// %% async iterator by hand
const hand = { [Symbol.asyncIterator]: () => { let k = 0; return { next: async () => ({ done: k >= 2, value: k++ }) }; } };
for await (const v of hand) console.log(v);
// %% async generator's return and throw
async function* ag(): AsyncGenerator<number, string, string> { try { const got = yield 1; return got; } catch (e) { return "caught " + e; } }
const g1 = ag(), g2 = ag();
await g1.next(); await g2.next();
console.log(await g1.next("sent"), await g2.throw("t"));
// %% async delegation
async function* in1() { yield 1; return 2; }
async function* out1(): AsyncGenerator<number> { yield yield* in1(); yield* [3, Promise.resolve(4)] as number[]; }
const all: unknown[] = [];
for await (const v of out1()) all.push(v);
console.log(all);
// %% async generator requests queue
async function* slow() { yield 1; yield 2; yield 3; }
const sl = slow();
console.log(await Promise.all([sl.next(), sl.next(), sl.next(), sl.next()]));
// %% await in a finally
const fin: string[] = [];
async function finals() { try { return "returned"; } finally { await null; fin.push("finally"); } }
console.log(await finals(), fin.join());
// %% await in a catch and in a switch
try { throw 1; } catch { console.log(await Promise.resolve("in catch")); }
switch (await Promise.resolve(2)) { case await Promise.resolve(1): console.log("one"); break; case await Promise.resolve(2): console.log("two"); }
// %% await in a loop with let closures
const cl: (() => number)[] = [];
for (let k = await Promise.resolve(0); k < 2; k++) { await null; cl.push(() => k); }
console.log(cl.map((f) => f()));
// %% await with optional chaining and assignment
const maybe: { f?: () => Promise<number> } = { f: async () => 3 };
let target: number | undefined = 0;
target = await maybe.f?.();
console.log(target, await maybe.f!());
const none = ({} as { f?: () => Promise<number> }).f;
console.log(await none?.());
// %% compound assignment with await reads the left side first
let comp = 1;
const add = async () => { comp = 100; return 5; };
comp += await add();
console.log(comp);
// %% await in a new expression and a class
class Made { constructor(public v: number) {} static async make() { return new Made(await Promise.resolve(7)); } }
console.log((await Made.make()).v, new Made(await Promise.resolve(8)).v);
// %% an async function that awaits a name of the program called cell
const cell = "my cell";
async function asks() { await 1; return cell; }
console.log(await asks());
console.log(await asks());
// %% parallel loops over one counter
let shared = 0;
const work = async () => { for (let k = 0; k < 5; k++) { const v = shared; await null; shared = Math.max(shared, v + 1); } };
await Promise.all([work(), work()]);
console.log(shared);
// %% AbortController
const stop = new AbortController();
const waiting = new Promise((_, no) => stop.signal.addEventListener("abort", () => no(stop.signal.reason)));
stop.abort(new Error("stopped"));
try { await waiting; } catch (e) { console.log((e as Error).message); }
// %% a promise kept over statements
let resolveIt!: (v: string) => void;
const kept = new Promise<string>((r) => { resolveIt = r; });
const chained = kept.then((v) => v + "!");
resolveIt("ok");
console.log(await kept, await chained);
// %% events once
import { once, EventEmitter } from "node:events";
const em = new EventEmitter();
setTimeout(() => em.emit("go", 1, 2), 1);
console.log(await once(em, "go"));
// %% AsyncLocalStorage
import { AsyncLocalStorage } from "node:async_hooks";
const als = new AsyncLocalStorage<string>();
console.log(await als.run("inside", async () => { await null; return als.getStore(); }));
// %% async recursion
const fibA = async (k: number): Promise<number> => (k < 2 ? k : (await fibA(k - 1)) + (await fibA(k - 2)));
console.log(await fibA(8));
// %% mutex
class Mutex { #tail = Promise.resolve(); run<T>(f: () => Promise<T>): Promise<T> { const r = this.#tail.then(f); this.#tail = r.then(() => undefined, () => undefined); return r; } }
const mutex = new Mutex(), took: number[] = [];
await Promise.all([1, 2, 3].map((k) => mutex.run(async () => { await null; took.push(k); })));
console.log(took);
// %% async stack of errors keeps the message
async function lvl3() { await null; throw new Error("deep"); }
async function lvl2() { await lvl3(); }
await lvl2();
// %% promise chain with finally
console.log(await Promise.resolve(1).finally(() => console.log("f")).then((v) => v + 1));
// %% void and unawaited
void (async () => { console.log("sync part"); })();
console.log("after");
// %% await in parentheses is no call
const x0 = await (Promise.resolve(3));
console.log(x0);
// %% await in a comma, a spread and an index
const arr = [...(await Promise.resolve([1, 2])), 3];
console.log((await null, arr[await Promise.resolve(1)]));
// %% async getter by promise
const lazy = { get v() { return Promise.resolve(5); } };
console.log(await lazy.v);
// %% Promise.withResolvers by hand with a timeout race
const race = await Promise.race([new Promise((r) => setTimeout(r, 200, "slow")), new Promise((r) => setTimeout(r, 1, "fast"))]);
console.log(race);
