// What people write in notebooks: classes, decorators, enums, namespaces, and what merges.

// %% getters and setters with a hidden field and static inheritance
class Temperature {
  static #made = 0;
  #celsius = 0;
  static get made() { return Temperature.#made; }
  constructor(c: number) { this.celsius = c; Temperature.#made++; }
  get celsius() { return this.#celsius; }
  set celsius(c: number) { if (c < -273) throw new RangeError(`too cold: ${c}`); this.#celsius = c; }
  get fahrenheit() { return this.#celsius * 9 / 5 + 32; }
  static isOne(o: object): o is Temperature { return #celsius in o; }
}
class Kelvin extends Temperature { override get celsius() { return super.celsius + 273; } override set celsius(c: number) { super.celsius = c - 0; } }
const k0 = new Kelvin(20);
console.log(k0.celsius, k0.fahrenheit, Kelvin.made, Temperature.isOne(k0), Temperature.isOne({}));
k0.celsius = -300;
// %% enum and namespace merged
enum Color { Red = 1, Green = Red << 2, Blue = "blue".length }
namespace Color { export const names = () => Object.keys(Color).filter((k) => isNaN(Number(k))); export let count = 0; }
Color.count += 2;
console.log(Color[4], Color.Blue, Color.names(), Color.count);
// %% a class and a namespace merged, with inner use of own names | whole: the class names what a later cell declares
class Shape { sides = Shape.defaults.sides; }
namespace Shape { export const defaults = { sides: 4 }; export namespace Deep { export const n = defaults.sides + 1; } }
console.log(new Shape().sides, Shape.Deep.n);
// %% a function and a namespace merged | whole: the function names what a later cell declares
function counter(): number { return ++counter.value; }
namespace counter { export let value = 10; }
console.log(counter(), counter(), counter.value);
// %% const enum, string enum, enum with computed initial value
const enum Bits { A = 1, B = A << 1, All = A | B }
enum Level { Low = "low", High = "high" }
const base = 7;
enum Computed { X = base, Y = X * 2, Z = "abc".length }
console.log(Bits.All, Level.High, Computed.Y, Computed[7], Object.entries(Level), Computed.Z);
// %% a class named like a global that is extended
class Error2 extends Error { constructor(m: string) { super(m); this.name = new.target.name; } }
class TypeError2 extends Error2 {}
throw new TypeError2("own error");
// %% class fields, accessor, static blocks and private methods
class A {
  static total = 0;
  static { A.total = [1, 2, 3].reduce((a, b) => a + b); }
  accessor x = 1;
  #y = 2;
  #sum() { return this.x + this.#y; }
  static #instances: A[] = [];
  constructor() { A.#instances.push(this); }
  static get n() { return A.#instances.length; }
  sum = () => this.#sum();
  ["computed"] = 5;
  declare phantom: string;
}
const a = new A();
a.x = 10;
console.log(A.total, a.sum(), A.n, (a as any).computed, "phantom" in a, Object.keys(a));
class B extends A { override sum = () => super.x * 2; }
console.log(new B().x, A.n);
// %% decorators of a class, a method, a field and an accessor
function logged<T extends (...args: any[]) => any>(method: T, context: ClassMethodDecoratorContext) { const name = String(context.name); return function (this: any, ...args: any[]) { console.log("call", name, args); return method.apply(this, args); } as T; }
function doubled(_: undefined, _context: ClassFieldDecoratorContext) { return (v: number) => v * 2; }
function registered<T extends abstract new (...args: any[]) => any>(c: T, context: ClassDecoratorContext) { console.log("class", context.name); context.addInitializer(() => console.log("ready")); return c; }
@registered
class Net { @doubled units = 8; @logged forward(x: number) { return x * this.units; } @logged static of() { return new Net(); } }
console.log(Net.of().forward(2));
// %% a decorator that replaces its class
const replace = (value: any, _context: ClassDecoratorContext) => class extends value { extra = 1; } as any;
@replace class Original { base = Original.name; }
console.log(new Original(), Original.name);
// %% a class expression with a name, and the name of nameless ones
const C1 = class Inner { static me() { return Inner; } }, C2 = class {}, C3 = class { static name = "own"; };
let C4; C4 = class {};
const { C5 = class {}, f5 = () => {} } = {} as any;
console.log(C1.name, C2.name, C3.name, C4.name, C5.name, f5.name, C1.me() === C1, typeof (globalThis as any).Inner);
// %% names of functions by where they stand
const sym = Symbol("s"), obj = { a() {}, b: () => {}, ["c" + 1]: function () {}, get d() { return 1; }, [sym]() {}, async *e() {} };
console.log(obj.a.name, obj.b.name, (obj as any).c1.name, Object.getOwnPropertyDescriptor(obj, "d")!.get!.name, (obj as any)[sym].name, obj.e.name);
let arrow; arrow = () => {};
var varred = function () {};
function decl() {}
console.log(arrow.name, varred.name, decl.name, (() => {}).name, new Function("a", "return a").name, decl.bind(null).name);
// %% toString of functions and classes
const f0 = (a: any, b: any) => a + b;
console.log(String(f0).length);
console.log((function named() { return 1; }).toString());
// %% abstract classes, parameter properties, overloads
abstract class Layer { protected constructor(public readonly name: string, private readonly units = 3) {} abstract apply(x: number): number; describe(): string { return `${this.name}:${this.units}:${this.apply(2)}`; } }
class Dense extends Layer { constructor(name: string, readonly w: number) { super(name); } apply(x: number): number { return x * this.w; } }
function over(x: number): string;
function over(x: string): number;
function over(x: any): any { return typeof x === "number" ? String(x) : x.length; }
console.log(new Dense("d", 4).describe(), over(5), over("abc"), Object.keys(new Dense("e", 1)));
// %% extending null, arrays, functions
class Stack extends Array<number> { top() { return this.at(-1); } static override get [Symbol.species]() { return Array; } }
const st = Stack.from([1, 2, 3]) as Stack;
console.log(st.top(), st.length, st instanceof Stack, st.map((x) => x) instanceof Stack, st);
class Fn extends Function { constructor() { super("return 7"); } }
console.log(new (Fn as any)()());
// %% mixins
type Ctor<T = {}> = new (...args: any[]) => T;
const Timed = <T extends Ctor>(Base: T) => class Timed extends Base { at = 5; };
const Named = <T extends Ctor>(Base: T) => class extends Base { label = "n"; hello() { return `${this.label}${(this as any).at}`; } };
class Plain { z = 0; }
class Both extends Named(Timed(Plain)) {}
console.log(new Both(), new Both().hello());
// %% new.target and constructors that return objects
function Old(this: any, x: number) { if (!new.target) return new (Old as any)(x); this.x = x; }
Old.prototype.twice = function () { return this.x * 2; };
console.log((Old as any)(4).twice(), new (Old as any)(5).twice());
class Single { static one?: Single; n = Math.floor(3.5); constructor() { if (Single.one) return Single.one; Single.one = this; } }
console.log(new Single() === new Single());
// %% getters that replace themselves, on object literals
const lazy = { get value() { Object.defineProperty(this, "value", { value: 42, configurable: true }); console.log("computed"); return 42; } };
console.log(lazy.value, lazy.value);
const proto = { __proto__: { inherited: 1 }, own: 2 } as any;
console.log(proto.inherited, Object.keys(proto), { ["__proto__"]: 3 });
// %% await in a template, a tag and a default of a class field
const w = async <T,>(x: T) => { await null; return x; };
const t = (s: TemplateStringsArray, ...v: unknown[]) => s.join("_") + v.join();
console.log(t`a${await w(1)}b${await w(2)}`);
let acc = 1;
acc += await w(2);
acc = (await w(acc)) + (acc = 10) + await w(acc);
console.log(acc);
const o: Record<string, number> = {};
o[await w("a")] = await w(3); o["a"]! += await w(4);
console.log(o);
var v1 = await w(5), [v2, v3 = await w(7)] = await w([6] as number[]);
console.log(v1, v2, v3);
// %% throwing an error with a getter as its message
class Lazy extends Error { override get message() { return "computed " + (1 + 1); } }
throw new Lazy();
// %% static members, inner names and a class that is assigned anew
class Node0 { static make() { return new Node0(); } self() { return Node0; } }
const Old = Node0;
// @ts-expect-error a class is constant for TypeScript
Node0 = class Other {} as any;
console.log(Old.make() instanceof Old, new Old().self() === Old, (Node0 as any).name);
// %% super in object literals, static methods and arrows
const parent = { hi() { return "parent " + this.n; }, n: 1 };
const child = { __proto__: parent, n: 2, hi(): string { return "child " + (() => super.hi())(); } } as any;
console.log(child.hi());
class P { static s() { return "P.s"; } async a() { return "P.a"; } *g() { yield "P.g"; } }
class Q extends P { static override s() { return super.s() + "!"; } override async a() { await null; return (await super.a()) + "!"; } override *g() { yield* super.g(); yield "Q.g"; } }
console.log(Q.s(), await new Q().a(), [...new Q().g()]);
// %% an alias of a namespace, nested and dotted namespaces
namespace AA.B.C { export const deep = 1; export interface I { x: number } export class K { v = deep; } }
import Short = AA.B.C;
import K2 = Short.K;
const i1: Short.I = { x: Short.deep + new K2().v };
console.log(i1, Object.keys(AA));
// %% namespaces that go on, with private parts and exported lets
namespace N { const hidden = 5; export let n = hidden; export function bump() { n++; return n + hidden; } }
namespace N { export const second = n + 1; }
console.log(N.bump(), N.n, N.second, Object.keys(N), "hidden" in N);
// %% interfaces with call, construct and index signatures
interface Make { (x: number): string; new (x: number): Date; [key: string]: any; readonly tag: unique symbol }
const make = function (x: number) { return new.target ? new Date(x) : String(x); } as any as Make;
console.log(make(3), new make(0).getTime(), make["name"]);
// %% a class with everything async and generated
class Stream { #items = [1, 2, 3]; async *[Symbol.asyncIterator]() { for (const i of this.#items) { await null; yield i; } } static async from(n: number) { const s = new this(); s.#items.push(n); return s; } get [Symbol.toStringTag]() { return "Stream"; } async #total() { let t = 0; for await (const i of this) t += i; return t; } total = () => this.#total(); }
const st = await Stream.from(4);
// @ts-ignore -- Node 20 has none
console.log(await st.total(), String(st), await Array.fromAsync?.(st) ?? "none");
// %% getters on classes in loops make new classes each time
const classes = [1, 2].map((n) => class Local { static n = n; #p = n; get() { return this.#p; } static is(o: any) { return #p in o; } });
console.log(classes[0] === classes[1], classes[0]!.is(new classes[1]!()), new classes[1]!().get());
