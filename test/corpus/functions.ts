// Functions: declarations, expressions, arrows, arguments, this, hoisting, closures, recursion, currying.

// %% declaration
function add(a: number, b: number) { return a + b; }
console.log(add(1, 2), add.name, add.length);
// %% used before its declaration | whole: a cell knows nothing of the next one
console.log(before(2));
function before(n: number) { return n * 2; }
// %% mutual recursion | whole: the second is unknown to the types of the first cell
function even(n: number): boolean { return n === 0 || odd(n - 1); }
function odd(n: number): boolean { return n !== 0 && even(n - 1); }
console.log(even(10), odd(7));
// %% a function sees the latest value
let value = 1;
function read() { return value; }
value = 2;
console.log(read());
// %% a function writes
let hits = 0;
function hit() { hits += 1; return hits; }
hit(); hit();
console.log(hits);
// %% assigned over
let op = (n: number) => n + 1;
const early = op;
op = (n) => n * 10;
console.log(op(2), early(2));
// %% named function expression
const fact = function self(n: number): number { return n < 2 ? 1 : n * self(n - 1); };
console.log(fact(5), fact.name, typeof (globalThis as any).self1);
// %% a named function expression's name is read only
const ro = function me() {
  // @ts-expect-error -- at run time too
  try { me = 1; } catch (e) { return (e as Error).name; }
  return "assigned";
};
console.log(ro());
// %% arrow bodies
const id = <T,>(x: T) => x, pair = (x: number) => ({ x }), block = (x: number) => { return x + 1; };
console.log(id(1), pair(2), block(3));
// %% immediately invoked
console.log((function (n) { return n * 2; })(4), (() => 5)(), (async () => 6)() instanceof Promise);
// %% rest and spread
const sum = (...ns: number[]) => ns.reduce((a, b) => a + b, 0);
console.log(sum(), sum(...[1, 2], 3, ...[4]));
// %% default parameters, left to right
let calls = 0;
const nextN = () => ++calls;
function defaults(a = nextN(), b = nextN() + a) { return [a, b]; }
console.log(defaults(), defaults(5), defaults(undefined, 0), calls);
// %% arguments
function args(this: void, ..._: unknown[]) { return [arguments.length, arguments[1]]; }
console.log(args(1, 2, 3));
// %% arguments are not the parameters in strict code
function apart(a: number) { arguments[0] = 9; return a; }
console.log(apart(1));
// %% arguments in an arrow is the function's
function outerArgs(..._: number[]) { const inner = () => arguments.length; return inner(); }
console.log(outerArgs(1, 2));
// %% this of a plain call is undefined
function whoAmI(this: unknown) { return this; }
console.log(whoAmI());
// %% this by call, apply, bind
function named(this: { n: string }, p: string) { return p + this.n; }
console.log(named.call({ n: "a" }, "1"), named.apply({ n: "b" }, ["2"]), named.bind({ n: "c" })("3"));
// %% this in methods and arrows
const o = { v: 1, m() { return [1].map(() => this.v)[0]; } };
console.log(o.m());
// %% lost this throws
const holder = { v: 1, m() { return this.v; } };
const lost = holder.m;
try { console.log(lost()); } catch (e) { console.log((e as Error).name); }
// %% closure counter
function counter(start = 0) { let n = start; return { up: () => ++n, get n() { return n; } }; }
const cA = counter(), cB = counter(10);
cA.up(); cA.up(); cB.up();
console.log(cA.n, cB.n);
// %% closures share a binding
function shared() { let x = 0; return [() => ++x, () => x] as const; }
const [inc, get] = shared();
inc(); inc();
console.log(get());
// %% curry
const curry = (a: number) => (b: number) => (c: number) => a * b + c;
console.log(curry(2)(3)(4));
// %% compose
const compose = <A, B, C>(f: (b: B) => C, g: (a: A) => B) => (a: A) => f(g(a));
console.log(compose((n: number) => `<${n}>`, (s: string) => s.length)("four"));
// %% higher order over a session's function
function square(n: number) { return n * n; }
console.log([1, 2, 3].map(square));
// %% recursion deep enough
const depthOf = (n: number): number => (n === 0 ? 0 : 1 + depthOf(n - 1));
console.log(depthOf(1000));
// %% stack overflow is a RangeError
const forever = (): number => forever() + 1;
try { forever(); } catch (e) { console.log((e as Error).name, (e as Error).message); }
// %% properties of functions | whole: the types of a function know only the assignments of their own cell
function tagged() { return tagged.calls++; }
tagged.calls = 0;
tagged(); tagged();
console.log(tagged.calls);
// %% new.target
function Maker(this: any) { return new.target === undefined ? "call" : this; }
console.log((Maker as any)(), typeof new (Maker as any)());
// %% constructor function with prototype
function Point(this: any, x: number) { this.x = x; }
Point.prototype.double = function () { return this.x * 2; };
console.log(new (Point as any)(4).double());
// %% function length with defaults and rest
console.log(((a: any, b: any) => 0).length, ((a: any, b = 1) => 0).length, ((...a: any[]) => 0).length);
// %% toString of a function without types
const shown = (a: number, b: number) => a + b;
console.log(typeof shown);
// %% generic with constraint
function longest<T extends { length: number }>(a: T, b: T): T { return a.length >= b.length ? a : b; }
console.log(longest("ab", "c"), longest([1], [2, 3]));
// %% overloads
function pick(x: number): string;
function pick(x: string): number;
function pick(x: number | string) { return typeof x === "number" ? String(x) : x.length; }
console.log(pick(5), pick("four"));
// %% type guard
function isText(x: unknown): x is string { return typeof x === "string"; }
const mixed: unknown[] = ["a", 1, "b"];
console.log(mixed.filter(isText).map((s) => s.toUpperCase()));
// %% assertion function
function assertNumber(x: unknown): asserts x is number { if (typeof x !== "number") throw new TypeError("no number: " + String(x)); }
function half(x: unknown) { assertNumber(x); return x / 2; }
console.log(half(4));
half("4");
// %% optional and this parameters are types only
function opt(this: void, a?: number, b?: string) { return [a, b]; }
console.log(opt(), opt(1), opt.length);
// %% async function's error
async function fails() { throw new RangeError("late"); }
try { await fails(); } catch (e) { console.log(String(e)); }
// %% function in a block is the block's
{ function blockOnly() { return 1; } console.log(blockOnly()); }
console.log(typeof (globalThis as any).blockOnly);
// %% function in a block is hoisted in the block
{ console.log(inBlock()); function inBlock() { return "block"; } }
// %% function in if, in strict code
if (true) { function inIf() { return 1; } console.log(inIf()); }
try { eval("inIf()"); } catch (e) { console.log((e as Error).name); }
// %% functions in switch cases
switch (1 as number) { case 1: function inCase() { return "case"; } console.log(inCase()); }
// %% inner function hoists over a return
function hoister() { return inner(); function inner() { return "hoisted"; } }
console.log(hoister());
// %% parameter shadows the program's name
const shadow = "outer";
const shadowed = (shadow: string) => shadow;
console.log(shadowed("inner"), shadow);
// %% var in a function shadows
var sv = "outer";
function shadowVar() { const before = sv; var sv = "inner" as string | undefined as any; return [before, sv]; }
console.log(shadowVar(), sv);
// %% memo
const memo = new Map<number, bigint>();
function fib(n: number): bigint { if (n < 2) return BigInt(n); const k = memo.get(n); if (k !== undefined) return k; const v = fib(n - 1) + fib(n - 2); memo.set(n, v); return v; }
console.log(fib(90));
// %% getter-like closures over reassigned session names
let tmp = 1;
const getTmp = () => tmp, setTmp = (v: number) => { tmp = v; };
setTmp(5);
console.log(tmp, getTmp());
tmp = 6;
console.log(getTmp());
// %% function declared in a try
try { function inTry() { return 1; } console.log(inTry()); } finally { console.log("end"); }
// %% spread of a generator and a string
const spread = (...xs: unknown[]) => xs.length;
console.log(spread(..."abc", ...new Set([1, 1, 2])));
// %% trailing commas
const trail = (a: number, b: number,) => [a, b,];
console.log(trail(1, 2,), [1, , 2].length);
// %% a function is replaced and others see the new one
let step = () => "old";
const run = () => step();
step = () => "new";
console.log(run());
