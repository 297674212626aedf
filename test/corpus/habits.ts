// What people write in notebooks: patterns, closures, generators, resources, literals, and statements where they are rarely seen.

// %% destructuring with a default that calls a function of a later property
const { width = 3, height = width * 2, area = width * height } = { width: 5 } as { width?: number; height?: number; area?: number };
console.log(width, height, area);
const [p0 = area, [p1 = p0 + 1, ...ps] = []] = [undefined, [undefined, 7, 8]] as [number?, (number | undefined)[]?];
console.log(p0, p1, ps);
// %% destructuring with a computed key and a rest over earlier names
const key = "learningRate" as const;
const options = { learningRate: 0.1, momentum: 0.9, ["weight decay"]: 1e-4 };
const { [key]: lr, ["weight decay"]: wd, ...others } = options;
console.log(lr, wd, others);
// %% destructuring assignment into members and elements
const box = { a: 0, list: [0, 0] as number[] };
({ x: box.a, y: [box.list[1], , box.list[0] = 9] } = { x: 4, y: [5, 6] as number[] } as any);
console.log(box);
let s1 = 1, s2 = 2, s3 = 3;
[s1, s2, s3] = [s3, s1, s2];
console.log(s1, s2, s3);
// %% closures in a loop over a let and a var
const lets: (() => number)[] = [];
for (let i = 0, j = 10; i < 3; i++, j--) { lets.push(() => i * 100 + j); if (i === 1) i += 0; }
var vars: (() => number)[] = [];
for (var v = 0; v < 3; v++) vars.push(() => v);
console.log(lets.map((f) => f()), vars.map((f) => f()), v);
// %% a closure in a loop's head sees its own variable
const heads: (() => number)[] = [];
for (let i = 0, f = () => i; i < 3; i++) { heads.push(f, () => i); i += 0; }
console.log(heads.map((h) => h()));
// %% a generator kept over statements
function* naturals(): Generator<number, string, number | undefined> { let n = 0; while (true) { const step = yield n; if (step === -1) return "end"; n += step ?? 1; } }
const g = naturals();
console.log(g.next().value, g.next().value);
console.log(g.next(10).value);
for (const x of g) { if (x > 14) break; console.log("loop", x); }
console.log(g.next());
const h = naturals(); h.next();
console.log(h.next(-1), h.return("early"), h.next());
// %% a generator's finally when it is left
const log: string[] = [];
function* guarded() { try { yield 1; yield 2; } finally { log.push("closed"); } }
const [first] = guarded();
console.log(first, log);
for (const _ of guarded()) continue;
console.log(log.length);
try { for (const one of guarded()) throw new Error("at " + one); } catch (e) { console.log((e as Error).message, log.length); }
// %% mutual recursion | whole: one function uses another that a later cell declares
function isEven(n: number): boolean { return n === 0 || isOdd(n - 1); }
function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1); }
console.log(isEven(10), isOdd(7), isEven.name);
// %% recursion by a named function expression and an arrow
const fact = function self(n: number): number { return n < 2 ? 1 : n * self(n - 1); };
const fib: (n: number) => number = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
console.log(fact(6), fib(12), fact.name, fib.name);
// %% hoisting of var and functions | whole: hoisting ends with a cell
const lookUp = () => risen;
console.log(typeof lookUp(), hoisted());
var risen = 3 as number;
function hoisted() { return "up"; }
{ function inner() { return "in"; } console.log(inner()); }
console.log(typeof risen);
// %% a let before its declaration in a closure | whole: a name is declared first
const early = () => value0;
let message0 = "";
try { early(); } catch (e) { message0 = (e as Error).name; }
let value0 = 5;
console.log(message0, early());
// %% tagged templates keep their strings and their identity
const seenStrings = new Set<TemplateStringsArray>();
function tag(strings: TemplateStringsArray, ...values: unknown[]) { seenStrings.add(strings); return strings.raw.join("|") + values.join(","); }
for (let i = 0; i < 3; i++) console.log(tag`a${i}\n${i * 2}c`);
console.log(seenStrings.size, String.raw`\u00e9${1}\x`, Object.isFrozen([...seenStrings][0]));
// %% symbols as keys, iterators, tags and primitives
const hidden = Symbol("hidden");
class Range { constructor(readonly a: number, readonly b: number) {} *[Symbol.iterator]() { for (let i = this.a; i < this.b; i++) yield i; } get [Symbol.toStringTag]() { return "Range"; } [Symbol.toPrimitive](hint: string) { return hint === "number" ? this.b - this.a : `${this.a}..${this.b}`; } [hidden] = 3; static [Symbol.hasInstance](o: unknown) { return typeof o === "number"; } }
const r = new Range(1, 4);
console.log([...r], `${r}`, +r, Object.prototype.toString.call(r), r[hidden], (5 as any) instanceof Range);
// %% Proxy and Reflect
const trace: string[] = [];
const proxied = new Proxy({ a: 1 } as Record<string, number>, { get: (t, p, rec) => { trace.push(String(p)); return p in t ? Reflect.get(t, p, rec) : 42; }, has: () => true, deleteProperty: (t, p) => { trace.push("delete " + String(p)); return Reflect.deleteProperty(t, p); } });
console.log(proxied["a"], proxied["b"], "zz" in proxied, delete proxied["a"], Object.keys(proxied));
console.log(trace);
const callable = new Proxy(function (this: unknown, a: number) { return a + 1; }, { apply: (f, self, args) => Reflect.apply(f, self, args) * 10 });
console.log(callable(4));
// %% WeakRef and WeakMap and FinalizationRegistry
const target = { big: 1 };
const ref = new WeakRef(target);
const registry = new FinalizationRegistry<string>(() => {});
registry.register(target, "t");
const weak = new WeakMap<object, string>([[target, "kept"]]);
console.log(ref.deref() === target, weak.get(target), weak.has({}));
// %% using in a block and a function
const order: string[] = [];
class Resource { constructor(readonly n: string) { order.push("open " + n); } [Symbol.dispose]() { order.push("close " + this.n); } }
{ using a = new Resource("a"); using b = new Resource("b"); order.push(a.n + b.n); }
function work() { using c = new Resource("c"); if (order.length) return c.n; return ""; }
console.log(work(), order.join());
try { using d = new Resource("d"); throw new Error(d.n); } catch (e) { console.log((e as Error).message, order.at(-1)); }
// %% typed arrays, views and atomics
const buffer = new ArrayBuffer(16);
const f32 = new Float32Array(buffer, 4, 2), view = new DataView(buffer);
f32.set([1.5, -2]);
view.setUint16(0, 0xabcd, true);
console.log(new Uint8Array(buffer), f32.map((x) => x * 2), view.getFloat32(4, true), Float32Array.from({ length: 3 }, (_, i) => i / 3));
const clamped = new Uint8ClampedArray([300, -5, 1.5]);
console.log(clamped, BigInt64Array.of(1n, -1n), f32.subarray(1).byteOffset);
// %% comma expressions and void | whole: a function names what a later cell declares
const bump = () => calls++;
let calls = 0;
let c1 = (bump(), bump(), calls);
let c2 = 0;
for (c1 = 0, c2 = 5; c1 < c2; c1++, c2--);
console.log(c1, c2, void 0, (c1++, c1));
// %% automatic semicolons
let asi = 1
let asi2 = asi
++asi
console.log(asi, asi2)
const fn = () => {
  return
}
console.log(fn())
const o5 = { a: 1 }
;[1, 2].forEach((x) => console.log(x))
;(() => console.log("iife"))()
const t5 = `x`
;`y`.length
console.log(o5, t5)
// %% regular expressions where a division could stand
const a6 = 8, g6 = 2;
console.log(a6 / 2 / g6, /[/]/g.test("/"), a6 /g6/ 1);
const re = /(?<year>\d{4})-(?<month>\d\d)/u;
const { year, month } = re.exec("on 2015-12-10")!.groups!;
console.log(year, month, "a-b".replace(/(\w)-(\w)/, "$2-$1"), "x1y22".match(/\d+/g), "aBc".split(/(?=[A-Z])/));
const sticky = /a/y; sticky.lastIndex = 1;
console.log(sticky.test("ba"), sticky.lastIndex);
// %% names in other scripts and escapes
const größe = 1, π = Math.PI, 变量 = "v", ñ = 2, \u0061bc = 3, ᾱ_t = 0.5, $_ = 4, θ̂ = 9;
console.log(größe, π.toFixed(2), 变量, ñ, abc, ᾱ_t, $_, θ̂);
const { größe: g7 = 2, ["π"]: p7 } = { größe: undefined, π: 3 };
console.log(g7, p7);
class Größe { #größe = 1; get wert() { return this.#größe; } }
console.log(new Größe().wert, Größe.name);
// %% names that are contextual keywords
let async = 1, of = 2, get = 3, set = 4, type = 5, from = 6, as = 7, is = 8, declare = 9, namespace = 10, abstract = 11, readonly = 12, infer = 13, keyof = 14, asserts = 15, satisfies = 16, out = 17, accessor = 18, override = 19;
console.log(async + of + get + set + type + from + as + is + declare + namespace + abstract + readonly + infer + keyof + asserts + satisfies + out + accessor + override);
async = of * 2;
type = async + 1
for (of of [1, 2]) console.log(of);
console.log(async, type);
// %% functions named like contextual keywords
function of(...xs: number[]) { return xs.length; }
function get() { return "get"; }
const async = (x: number) => x * 2;
console.log(of(1, 2), get(), async(3), async
(4));
// %% arguments and this in functions
function count() { return arguments.length; }
console.log((count as any)(1, 2, 3), typeof (function (this: unknown) { return this; })());
const o = { n: 1, m() { return (() => this.n)(); }, get double() { return this.n * 2; } };
console.log(o.m(), o.double, typeof this);
// %% optional chaining and nullish assignment over declarations
let maybe: any; type M = { a?: { b?: () => number }; c?: number };
console.log(maybe?.a?.b?.(), maybe?.["c"]);
maybe ??= { a: { b: () => 3 } };
maybe.c ||= 5; maybe.c &&= maybe.c + 1;
console.log(maybe.a?.b?.(), maybe.c, delete maybe?.a);
// %% exponent, bigints, numeric separators, bit operations
let e0 = 2 ** 3 ** 2, e1 = (-2) ** 2;
e0 **= 2;
console.log(e0, e1, 1_000_000, 0b101, 0o17, 0xff, 2n ** 70n, -7n / 2n, -7 >> 1, -7 >>> 28, ~5, 5 ^ 3);
console.log(typeof 1n, 1n < 2, 2n == (2 as any), BigInt.asUintN(8, 257n), 0.1 + 0.2, .5.toFixed(1), 1..toString());
// %% switch with lexical declarations and fall through
function sw(x: unknown) { switch (typeof x) { case "number": { const t = "num"; return t; } case "string": case "symbol": let u = "text"; return u; default: return "other"; } }
console.log(sw(1), sw("a"), sw(Symbol()), sw(null));
switch (true) { case 1 > 2: console.log("no"); default: console.log("default first"); case 2 > 3: console.log("through"); break; case 3 > 2: console.log("here"); }
// %% generics, conditional types, overloads, and an unused type parameter
const id = <const T,>(x: T): T => x;
type Flat<T> = T extends (infer U)[] ? Flat<U> : T;
const flat: Flat<number[][]> = 3;
function pick<T extends object, K extends keyof T>(o: T, ...keys: K[]): Pick<T, K> { return Object.fromEntries(keys.map((k) => [k, o[k]])) as Pick<T, K>; }
console.log(id([1, "a"]), flat, pick({ a: 1, b: 2, c: 3 }, "a", "c"), (<any>5) as number, flat!, flat satisfies number);
// %% dates, intl, url, text encoding
const d = new Date(Date.UTC(2015, 11, 10));
console.log(d.toISOString(), JSON.stringify({ d, n: null, u: undefined, f() {} }), new URL("../b?q=1#h", "http://x.y/a/c").href, new TextDecoder().decode(new TextEncoder().encode("é")), new Intl.NumberFormat("en").format(1234567.891), escape("é"), encodeURIComponent("a b"), btoa("x"));
// %% eval and Function see what they should
const outside = 3;
console.log(new Function("x", "return x * 2")(4), typeof globalThis, (0, eval)("1 + 1"));
console.log((function () { return eval("outside + 1"); })());
// %% a program whose last line is a comment
let z9 = 1; // one
/* two */ z9++; /* three
four */ console.log(z9)
// five
/* six */
// %% var in every nested statement
if (true) var a = 1;
label: for (var b = 0; b < 2; b++) { switch (b) { case 1: var c = "c"; break label; default: try { throw 4; } catch (e) { var d = e as number; } finally { var f = 6; } } }
do var g = 7; while (false);
{ { var { h, i: [j, ...k] } = { h: 8, i: [9, 10, 11] }; } }
for (var l in { p: 1, q: 2 }) var m = l + "!";
for (var [n, { o = n }] of [[1, {}], [2, { o: 3 }]] as [number, { o?: number }][]) ;
for await (var p of [Promise.resolve(5)]) ;
while (!q77) { var q77: number | undefined = 1; var r9: string; }
console.log(a, b, c!, d!, f!, g, h, j, k, l!, m!, n!, o!, p!, q77, r9!);
var a = 2; var a: number;
console.log(a, typeof (globalThis as any).g);
// %% closures over a var that changes later
var shared = 1;
const read = () => shared, write = (n: number) => void (shared = n);
shared++;
write(read() * 10);
console.log(shared, read());
// %% debugger, empty statements and labels that repeat
debugger;
;;;
x: { x2: { break x; } }
x: for (;;) { break x; }
if (Date.now() < 0) {} else console.log("else");
do ; while (false) console.log("after do");
// %% automatic semicolons after break, return, ++ and a template
let n = 0, m = 5
n
++
m
console.log(n, m)
const ret = () => { return (
  1 ) }
let k: any = (ret as any)
(1, [2].length)
console.log(k)
for (let i = 0; i < 2; i++) { if (i) continue
  console.log(i) }
var v = 1, w = v
, u = 3
console.log(v, w, u)
// %% strings with line separators, surrogates, escapes and long lines
console.log("a\u2028b\u{1F600}\x41".length === 0 ? "" : "ok", "😀".length, [..."👨‍👩‍👧"].length, "\
joined", `line
two`, "é".normalize("NFD").length, "İ".toLowerCase().length);
console.log("x".repeat(3).padStart(5, "-"), "ß".toUpperCase(), "a\tb", 'q"\'', `\`\${}`);
// %% a function that replaces itself
function once(): string { (once as any) = () => "second"; return "first"; }
console.log(once(), once(), once.name);
// %% the value of a name in its own initializer
const selfRef: any = { get me() { return selfRef; } }, memo = ((c = new Map<number, number>()) => function f(n: number): number { return n < 2 ? n : c.get(n) ?? (c.set(n, f(n - 1) + f(n - 2)), c.get(n)!); })();
console.log(selfRef.me === selfRef, memo(50));
let deadZone = 1;
{ const see = () => tdz2; try { see(); } catch (e) { console.log((e as Error).message); } let tdz2 = deadZone; console.log(tdz2); }
// %% iterators closed by destructuring and labelled jumps
let closed = 0;
const source = { [Symbol.iterator]() { let i = 0; return { next: () => ({ value: i++, done: false }), return: () => { closed++; return { value: undefined, done: true as const }; } }; } };
const [a1, , b1] = source;
outer: for (const x of source) for (const y of source) { if (y > 2) continue outer; if (x > 1) break outer; }
const [...firsts] = [..."ab"];
console.log(a1, b1, closed, firsts);
// %% numbers, dates and locale of a program
console.log([10, 9, 1].sort(), [3, 1, 2].sort((a, b) => b - a), parseInt("12px"), Number(""), Number(" 12 "), (25).toString(36), (0.000001234).toExponential(2), (1234.5678).toFixed(2), Number.MAX_SAFE_INTEGER + 2, 5 % -3, -5 % 3, 2 ** -1, Math.hypot(3, 4), Math.sign(-0), Object.is(-0, 0), isFinite("5" as any));
// %% delete, in, instanceof, typeof, void on top level names
var gone: any = { a: 1, b: { c: 2 } };
declare const undeclared: unknown;
console.log(delete gone.a, "b" in gone, gone instanceof Object, typeof gone?.b?.c, typeof undeclared, void gone);
// %% Symbol.species, valueOf and loose comparison
const money = { valueOf: () => 5, toString: () => "five" };
console.log((money as any) + 1, `${money}`, (money as any) > 4, [money] + "", (money as any) == 5, [1, 2] + "", ({} as any) + 1);
// %% catch variables and parameters that shadow
var e = "outer";
try { throw "inner"; } catch (e) { { let e = "block"; console.log(e); } console.log(e); }
((e) => { console.log(e); })("param");
const f3 = (e: string, g = () => e) => { var e2 = e + "!"; return g() + e2; };
console.log(e, f3("p"));
// %% tensors of the course's library are not needed for sums
const matrix = [[1, 2], [3, 4]] as const;
const transpose = <T,>(m: readonly (readonly T[])[]) => m[0]!.map((_, j) => m.map((row) => row[j]!));
console.log(transpose(matrix), matrix.flat().reduce<number>((a, b) => a + b, 0));
