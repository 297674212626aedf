// using and await using: order, errors, loops, stacks; what is disposed at the end of its block.

// %% using in a block
const log: string[] = [];
const open = (n: string) => ({ n, [Symbol.dispose]() { log.push("close " + n); } });
{ using a = open("a"); log.push("use " + a.n); }
console.log(log.join());
// %% reverse order
const log2: string[] = [];
const open2 = (n: string) => ({ [Symbol.dispose]() { log2.push(n); } });
{ using a = open2("a"), b = open2("b"); using c = open2("c"); }
console.log(log2.join());
// %% null and undefined are skipped
{ using n = null; using u = undefined; console.log(n, u); }
// %% what cannot be disposed throws
try { using bad = {} as Disposable; console.log(bad); } catch (e) { console.log((e as Error).name); }
// %% disposed when the block throws
const log3: string[] = [];
try { using r = { [Symbol.dispose]() { log3.push("closed"); } }; void r; throw new Error("in block"); } catch (e) { log3.push((e as Error).message); }
console.log(log3.join());
// %% errors of block and disposal together
try { using r = { [Symbol.dispose]() { throw new Error("dispose"); } }; void r; throw new Error("block"); } catch (e) { const s = e as any; console.log(s.name, s.error.message, s.suppressed.message); }
// %% in a function with return
const log4: string[] = [];
function work() { using r = { v: 3, [Symbol.dispose]() { log4.push("closed"); } }; return r.v; }
console.log(work(), log4.join());
// %% in a loop
const log5: string[] = [];
for (const k of [1, 2]) { using r = { [Symbol.dispose]() { log5.push("close " + k); } }; void r; log5.push("use " + k); }
console.log(log5.join());
// %% in a for-of head
const log6: number[] = [];
for (using r of [1, 2].map((k) => ({ k, [Symbol.dispose]() { log6.push(-k); } }))) log6.push(r.k);
console.log(log6.join());
// %% in a for head
const log7: string[] = [];
for (using r = { [Symbol.dispose]() { log7.push("closed"); } }, i = null as any; log7.length < 2;) { void r; void i; log7.push("turn"); }
console.log(log7.join());
// %% await using
const log8: string[] = [];
{ await using r = { async [Symbol.asyncDispose]() { await null; log8.push("async closed"); } }; void r; log8.push("use"); }
console.log(log8.join());
// %% await using with a synchronous disposer
const log9: string[] = [];
await (async () => { await using r = { [Symbol.dispose]() { log9.push("sync"); } }; void r; })();
console.log(log9.join());
// %% mixed order
const log10: string[] = [];
{ using a = { [Symbol.dispose]() { log10.push("a"); } }; await using b = { async [Symbol.asyncDispose]() { log10.push("b"); } }; void a; void b; }
console.log(log10.join());
// %% class with a disposer
class Scope { static open = 0; constructor() { Scope.open++; } [Symbol.dispose]() { Scope.open--; } }
{ using s = new Scope(); void s; console.log(Scope.open); }
console.log(Scope.open);
// %% break and continue dispose
const log11: string[] = [];
for (const k of [1, 2, 3]) { using r = { [Symbol.dispose]() { log11.push("c" + k); } }; void r; if (k === 1) continue; if (k === 2) break; }
console.log(log11.join());
// %% generator disposes when it is closed
const log12: string[] = [];
function* g() { using r = { [Symbol.dispose]() { log12.push("closed"); } }; void r; yield 1; yield 2; }
for (const v of g()) { log12.push(String(v)); break; }
console.log(log12.join());
// %% a name called using
const using = 5;
console.log(using + 1);
// %% closure keeps the value
let keep!: () => number;
{ using r = { v: 8, [Symbol.dispose]() {} }; keep = () => r.v; }
console.log(keep());
// %% switch and try with using
switch (1 as number) { case 1: { using r = { [Symbol.dispose]() { console.log("case closed"); } }; void r; console.log("case"); } }
try { using r = { [Symbol.dispose]() { console.log("try closed"); } }; void r; } finally { console.log("finally"); }
// %% top-level using is disposed at the end of its program | whole: a cell is the end of its own
using top1 = { [Symbol.dispose]() { console.log("top closed"); } };
console.log("top used", typeof top1);
// %% top-level await using | whole: a cell is the end of its own
await using top2 = { async [Symbol.asyncDispose]() { console.log("top2 closed"); } };
console.log("top2 used", typeof top2);
// %% await using over errors with suppressed
class Res { constructor(readonly n: string, readonly bad = false) {} async [Symbol.asyncDispose]() { await null; console.log("dispose", this.n); if (this.bad) throw new Error("dispose " + this.n); } }
try { await using r1 = new Res("a", true); await using r2 = new Res("b", true); await using r3 = null; throw new Error("body"); } catch (e: any) { console.log(e.constructor.name, e.error.message, e.suppressed.constructor.name, e.suppressed.error.message, e.suppressed.suppressed.message); }
for (await using q of [new Res("c"), new Res("d")]) { if (q.n === "c") continue; console.log("in", q.n); break; }
