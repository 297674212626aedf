// Loops, labels, conditions and switch: every form, with closures over their variables.

// %% for
let total = 0;
for (let i = 0; i < 5; i++) total += i;
console.log(total);
// %% for without parts
let n0 = 0;
for (;;) { if (++n0 > 3) break; }
console.log(n0);
// %% for with two variables
for (let i = 0, j = 10; i < j; i += 3, j -= 3) console.log(i, j);
// %% closures over let are one a turn
const fs: (() => number)[] = [];
for (let i = 0; i < 3; i++) fs.push(() => i);
console.log(fs.map((f) => f()));
// %% closures over let that change the variable
const gs: (() => number)[] = [];
for (let i = 0; i < 3; i++) { gs.push(() => ++i); if (i === 1) gs[1]!(); }
console.log(gs.map((f) => f()));
// %% closures over var share it
const hs: (() => number)[] = [];
for (var vi = 0; vi < 3; vi++) hs.push(() => vi);
console.log(hs.map((f) => f()), vi);
// %% closure in the head
let grab: () => number = () => -1;
for (let i = 0, f = () => i; i < 2; i++) grab = f;
console.log(grab());
// %% while and do
let a = 0, b = 0;
while (a < 3) a++;
do b++; while (b < 0);
console.log(a, b);
// %% continue
const odd: number[] = [];
for (let i = 0; i < 6; i++) { if (i % 2 === 0) continue; odd.push(i); }
console.log(odd);
// %% labelled continue and break
const pairs: string[] = [];
outer: for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) {
  if (j === 2) continue outer;
  if (i === 2) break outer;
  pairs.push(`${i}${j}`);
}
console.log(pairs.join());
// %% labelled block
function pairsLength() { return 1; }
block: { console.log("in"); if (pairsLength() > 0) break block; console.log("never"); }
// %% label and variable of one name
same: for (const same of [1, 2]) { console.log(same); continue same; }
// %% nested labels on while
let x = 0, y = 0;
one: while (true) { x++; two: while (true) { y++; if (y % 3 === 0) break two; if (y > 7) break one; } }
console.log(x, y);
// %% for of arrays, strings, maps, sets
for (const e of [1, 2]) console.log(e);
for (const c of "añ😀") console.log(c);
for (const [k, v] of new Map([["k", 1]])) console.log(k, v);
for (const s of new Set([1, 1, 2])) console.log(s);
// %% for of with let assigned
for (let e of [1, 2]) { e *= 10; console.log(e); }
// %% for of to an existing name
let target = 0;
for (target of [4, 5]);
console.log(target);
// %% for of to a member
const at: { p?: number } = {};
for (at.p of [1, 2]);
console.log(at.p);
// %% for in
const seen: string[] = [];
for (const k in { a: 1, b: 2, 1: 3 }) seen.push(k);
console.log(seen.join());
// %% for in over an array and a prototype
const child = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } });
for (const k in child) console.log(k);
for (const i in ["x", "y"]) console.log(typeof i, i);
// %% for in over null does nothing
for (const k in null as unknown as object) console.log(k);
console.log("after");
// %% break closes the iterator
function* gen() { try { yield 1; yield 2; } finally { console.log("closed"); } }
for (const v of gen()) { console.log(v); break; }
// %% throw closes the iterator
function* gen2() { try { yield 1; } finally { console.log("closed"); } }
try { for (const v of gen2()) throw new Error("in loop " + v); } catch (e) { console.log((e as Error).message); }
// %% return closes the iterator
function* gen3() { try { yield 1; } finally { console.log("closed"); } }
const ret = () => { for (const v of gen3()) return v; return 0; };
console.log(ret());
// %% array grows while it is walked
const grow = [1];
for (const g of grow) if (g < 4) grow.push(g + 1);
console.log(grow);
// %% loop variable is free after the loop
const i = "outer";
for (let i = 0; i < 1; i++) console.log(i);
console.log(i);
// %% function in a loop body
const made: (() => number)[] = [];
for (const k of [1, 2]) { function f() { return k; } made.push(f); }
console.log(made.map((f) => f()));
// %% class in a loop body
const classes: (new () => { k: number })[] = [];
for (const k of [1, 2]) { class C { k = k; } classes.push(C); }
console.log(classes.map((C) => new C().k));
// %% switch with fall through
const out: string[] = [];
for (const s of [1, 2, 3, 4]) switch (s) { case 1: out.push("a"); case 2: out.push("b"); break; default: out.push("d"); case 3: out.push("c"); }
console.log(out.join(""));
// %% switch default in the middle
const mid = (n: number) => { switch (n) { case 1: return "one"; default: return "other"; case 2: return "two"; } };
console.log(mid(1), mid(2), mid(3));
// %% switch on strings and on true
const kind = (n: number) => { switch (true) { case n < 0: return "neg"; case n === 0: return "zero"; default: return "pos"; } };
console.log(kind(-1), kind(0), kind(1));
// %% switch scope
switch (1 as number) { case 0: { let t = "zero"; console.log(t); } case 1: let t = "one"; console.log(t); }
// %% switch temporal dead zone
try { switch (1 as number) { case 0: let z = 1; case 1: console.log(z!); } } catch (e) { console.log((e as Error).name, (e as Error).message); }
// %% switch uses strict equality
switch ("1" as unknown) { case 1: console.log("number"); break; case "1": console.log("string"); }
// %% break out of a switch inside a loop
loop: for (const v of [1, 2, 3]) switch (v) { case 1: continue; case 2: break loop; default: console.log("never"); }
console.log("done");
// %% if else chains
const grade = (n: number) => { if (n > 8) return "a"; else if (n > 5) return "b"; else return "c"; };
console.log([9, 6, 1].map(grade).join(""));
// %% dangling else
const dangle = (a: boolean, b: boolean) => { if (a) if (b) return 1; else return 2; return 3; };
console.log(dangle(true, true), dangle(true, false), dangle(false, true));
// %% loop with await
let waited = 0;
for (let k = 0; k < 3; k++) waited += await Promise.resolve(k);
console.log(waited);
// %% await in the head
for (let k = await Promise.resolve(1); k < (await Promise.resolve(3)); k += await Promise.resolve(1)) console.log(k);
// %% closures with await between turns
const ws: (() => number)[] = [];
for (let k = 0; k < 3; k++) { await null; ws.push(() => k); }
console.log(ws.map((f) => f()));
// %% labelled loop with await
out2: for (const r of [1, 2, 3]) { for (const s of [1, 2]) { await 0; if (s === 2) continue out2; if (r === 3) break out2; console.log(r, s); } }
// %% while with await
let left = 3;
while (await Promise.resolve(left > 0)) left--;
console.log(left);
// %% do with continue
let d = 0;
const dl: number[] = [];
do { d++; if (d === 2) continue; dl.push(d); } while (d < 4);
console.log(dl);
// %% var declared in a loop body keeps its last value
for (const k of [1, 2, 3]) { var lastSeen = k; var untouched: number | undefined; if (k === 1) untouched = 7; }
console.log(lastSeen!, untouched);
// %% long loop at top level
let acc = 0;
for (let k = 0; k < 200000; k++) { acc = (acc * 31 + k) % 1000003; }
console.log(acc);
// %% nested loops over session arrays
const grid = [[1, 2], [3, 4]];
let trace = 0;
for (let r = 0; r < grid.length; r++) for (let c = 0; c < grid[r]!.length; c++) if (r === c) trace += grid[r]![c]!;
console.log(trace);
// %% a loop that throws keeps what it did
const did: number[] = [];
try { for (const k of [1, 2, 3]) { if (k === 3) throw 0; did.push(k); } } catch { did.push(-1); }
console.log(did);
// %% uncaught in a loop
for (const k of [1, 2]) { console.log(k); if (k === 2) throw new RangeError(`at ${k}`); }
// %% for with const and inner break
for (const once = { n: 0 }; once.n < 3; once.n++) if (once.n === 2) break; else console.log(once.n);
// %% assignment in the condition
const queue = [3, 2, 1, 0];
let item: number | undefined;
while ((item = queue.shift())) console.log(item);
// %% comma and void in a for
// @ts-ignore
for (let p = 0, q = 5; p < q, q > 3; p++, void q--) console.log(p, q);
// %% labelled function-less statement
tagged: if (true) { console.log("a"); break tagged; }
// %% iterate entries with index
for (const [ix, ch] of [..."ab"].entries()) console.log(ix, ch);
// %% iterate an object
for (const [key, val] of Object.entries({ r: 1, s: 2 })) console.log(key, val);
// %% for of over arguments
function all(..._: number[]) { const r: number[] = []; for (const v of arguments) r.push(v * 2); return r; }
console.log(all(1, 2));
// %% closures capture destructured loop variables
const cap: (() => string)[] = [];
for (const { n, m = n } of [{ n: "a" }, { n: "b", m: "c" }]) cap.push(() => n + m);
console.log(cap.map((f) => f()).join());
// %% destructuring assignment as head of for of
let x06 = 0, y06 = "", rest06: number[] = [];
for ([x06, y06 = "none", ...rest06] of [[1, "a", 2, 3], [4]] as any[]) console.log(x06, y06, rest06);
console.log(x06, y06, rest06);
// %% destructuring assignment with members as targets in head
const o07: any = { list: [] };
let k07: any;
for ({ a: o07.first, b: [o07.list[0], k07 = 9] } of [{ a: 1, b: [2] }, { a: 3, b: [4, 5] }] as any[]) console.log(JSON.stringify(o07), k07);
// %% for in over inherited with assignment to array element
const t08: string[] = [];
const p08 = Object.create({ up: 1 }); p08.own = 2;
for (t08[t08.length] in p08);
console.log(t08);
// %% getter on globalThis that reads a variable the loop holds
let h26 = 0;
Object.defineProperty(globalThis, "g26", { get: () => h26, configurable: true });
const seen26: number[] = [];
for (let i = 0; i < 3; i++) { h26 += 2; seen26.push((globalThis as any).g26); }
console.log(seen26, h26);
// %% object literal accessor reads and writes held variables
let w27 = 1;
const acc27 = { get v() { return w27; }, set v(x) { w27 = x * 2; } };
for (let i = 0; i < 3; i++) { acc27.v = w27 + 1; w27++; }
console.log(w27, acc27.v);
// %% valueOf called by a loop's arithmetic changes the variable
let z28 = 1;
const v28 = { valueOf() { return (z28 += 5); } } as any as number;
let total28 = 0;
for (let i = 0; i < 3; i++) total28 += v28 + z28;
console.log(z28, total28);
// %% sequence of loops over one held pair, with a reset between
let x60 = 0, y60 = 0.5;
for (let i = 0; i < 10; i++) { x60 += i; y60 += x60 / 2; }
x60 = -1;
while (x60 < 5) { x60++; y60 -= 1; }
do { [x60, y60] = [y60 % 7, x60]; } while (x60 > 3);
console.log(x60.toFixed(3), y60.toFixed(3));
// %% async arrow in the head of a for
for (let i = 0, f = async () => { i += 10; await null; return i; }; i < 12; i++) console.log(i, await f());
// %% accessor keyword and static blocks reading loop results
let z90 = 0;
for (const d of [1, 2, 3]) z90 += d;
class A90 { accessor v = z90; static total = 0; static { A90.total = z90 * 2; } }
z90 = 100;
const a90 = new A90(); a90.v++;
console.log(a90.v, A90.total);
// %% labelled loops with top-level await
const trail: string[] = [];
outer: for (const a of [1, 2, 3]) { inner: for await (const b of [Promise.resolve(1), 2, 3]) { await null; if (b === 2 && a === 1) continue outer; if (a === 3) break outer; if (b === 3) break inner; trail.push(`${a}${b}`); } trail.push("end" + a); }
console.log(trail.join());
block: { await null; if (trail.length > 1) break block; console.log("never"); }
