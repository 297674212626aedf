// Scopes: blocks, shadowing, temporal dead zones, this at top level, strictness, closures that outlive.

// %% this at top level
console.log(typeof this);
// %% this in a top-level arrow
const arrow = () => typeof this;
console.log(arrow());
// %% an unknown name cannot be set
// @ts-ignore -- at run time too
undeclaredName1 = 5;
// %% temporal dead zone in one program | whole: the name comes in the next cell
// @ts-ignore
try { console.log(dead); } catch (e) { console.log((e as Error).name); }
let dead = 1;
console.log(dead);
// %% temporal dead zone through a function | whole: the name comes in the next cell
function reads() { return tdz; }
try { reads(); } catch (e) { console.log((e as Error).name); }
const tdz = 1;
console.log(reads());
// %% a function that reads a later const | whole: the name comes in the next cell
const soon = () => next;
const next = 5;
console.log(soon());
// %% temporal dead zone of a class field's own name | whole: the name comes in the next cell
// @ts-ignore
try { void [1].map(() => Box1); void new Box1(); } catch (e) { console.log((e as Error).name); }
class Box1 {}
// %% typeof in a temporal dead zone | whole: the name comes in the next cell
// @ts-ignore
try { typeof zone; } catch (e) { console.log((e as Error).name); }
let zone = 1;
// %% a name in its own initialiser
// @ts-ignore
try { const own: any = (() => own)(); } catch (e) { console.log((e as Error).name, (e as Error).message); }
// %% uncaught temporal dead zone in a block
// @ts-ignore
{ console.log(blk1); let blk1 = 1; }
// %% temporal dead zone of a loop's own name
// @ts-ignore
try { for (const v of [v as any]); } catch (e) { console.log((e as Error).name, (e as Error).message); }
// %% temporal dead zone of parameters
// @ts-ignore
try { ((a = b1, b1 = 1) => a)(); } catch (e) { console.log((e as Error).name, (e as Error).message); }
declare let b1: any;
// %% shadowing in every kind of scope
const v = "program";
const seen = [v];
{ const v = "block"; seen.push(v); }
for (const v of ["loop"]) seen.push(v);
((v: string) => seen.push(v))("parameter");
try { throw "catch"; } catch (v) { seen.push(v as string); }
switch (1 as number) { case 1: let v = "switch"; seen.push(v); }
class K { static { const v = "static"; seen.push(v); } }
seen.push((function v() { return typeof v; })());
console.log(seen.join(), v);
// %% destructured parameter shadows
const d = 1;
console.log((({ d }: { d: number }) => d)({ d: 2 }), (([d]: number[]) => d)([3]), d);
// %% label does not shadow
const lbl = 1;
lbl: for (;;) { console.log(lbl); break lbl; }
// %% property and shorthand
const sh = 1;
const o = { sh, o: { sh: 2 } };
console.log(o.sh, o.o.sh);
// %% closure outlives a block
let get!: () => number, set!: (n: number) => void;
{ let hidden = 1; get = () => hidden; set = (n) => { hidden = n; }; }
set(9);
console.log(get());
// %% closures of two calls are apart
const make = () => { let n = 0; return () => ++n; };
const a1 = make(), a2 = make();
a1(); a1(); a2();
console.log(a1(), a2());
// %% closures over a session variable are one
let n = 0;
const i1 = () => ++n, i2 = () => ++n;
i1(); i2();
console.log(n);
// %% inner function of the same name
function same() { function same() { return "inner"; } return same(); }
console.log(same());
// %% let and function parameter default
let dflt = 1;
const fd = (x = dflt) => x;
dflt = 2;
console.log(fd());
// %% a name changes its kind
let kind: number | string = 1;
kind = "text";
console.log(kind);
// %% block function does not leak
{ function inner1() { return 1; } void inner1; }
console.log(typeof (globalThis as any).inner1);
// %% nothing of a program becomes a property of the global
var gv = 1;
function gf() {}
class Gc {}
let gl = 2;
console.log("gv" in globalThis, "gf" in globalThis, "Gc" in globalThis, "gl" in globalThis, gv, typeof gf, typeof Gc, gl);
// %% what a program sets on the global is a name
(globalThis as any).setName1 = 3;
declare var setName1: number;
console.log(setName1);
setName1 = 4;
console.log((globalThis as any).setName1);
// %% delete of the global's property ends the name
(globalThis as any).gone1 = 1;
delete (globalThis as any).gone1;
eval("gone1");
// %% eval sees the program's names
const visible = 7;
console.log(eval("visible + 1"));
// %% eval sets the program's names
let settable = 1;
eval("settable = 5");
console.log(settable);
// %% a var in strict eval stays there
eval("var inEval = 1");
console.log(typeof (globalThis as any).inEval);
// %% new Function does not see a block's names
{ const hid = 1; void hid; try { new Function("return hid")(); } catch (e) { console.log((e as Error).message); } }
// %% strict: octal and with are syntax errors in eval
for (const code of ["010", "with ({}) {}", "delete x", "let let = 1", "arguments = 1", "function f(a, a) {}"])
  try { eval(code); console.log("accepted", code); } catch (e) { console.log((e as Error).name); }
// %% strict: this of a sloppy-looking callback
console.log([1].map(function (this: any) { return this; })[0]);
// %% strict: caller and callee
const cc = function () { return arguments.callee; } as any;
try { cc(); } catch (e) { console.log((e as Error).name); }
// %% strict: a call of an import alias has no this
import { format } from "node:util";
console.log(format("%s", "no this"));
// %% an imported name cannot be assigned
import { inspect } from "node:util";
try { eval("inspect = 1"); console.log("set"); } catch (e) { console.log((e as Error).name, typeof inspect); }
// %% many names of one program
const p0 = 0, p1 = p0 + 1, p2 = p1 + 1, p3 = p2 + 1, p4 = p3 + 1, p5 = p4 + 1, p6 = p5 + 1, p7 = p6 + 1, p8 = p7 + 1;
const q0 = () => p8, q1 = () => q0() + p7, q2 = () => q1() + p6;
console.log(q2());
// %% deep nesting
const deep = (() => { let x = 1; return () => { let y = x + 1; return () => { let z = y + 1; return () => [x++, y++, z++]; }; }; })();
const bottom = deep()();
bottom();
console.log(bottom());
// %% recursion through a session's variable that is replaced
let rec = (k: number): number => (k === 0 ? 0 : 1 + rec(k - 1));
const old = rec;
rec = () => 100;
console.log(old(3));
// %% immediately invoked over session names
let total = 0;
(function () { total += 1; })();
(() => { total += 10; })();
await (async () => { total += 100; })();
console.log(total);
// %% var is one in function, catch and block
function one() { var x = 1; { var x = 2; } try { throw 0; } catch { var x = 3; } return x; }
console.log(one());
// %% let in a loop body is new each turn
const turn: number[] = [];
for (const k of [1, 2]) { let fresh: number | undefined; turn.push(fresh ?? -1); fresh = k; }
console.log(turn);
// %% closures in object and class members see the program
let sees = "a";
const holder = { m: () => sees, get g() { return sees; } };
class Sees { f = () => sees; static s = () => sees; }
sees = "b";
console.log(holder.m(), holder.g, new Sees().f(), Sees.s());
