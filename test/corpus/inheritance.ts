// extends and super: over statements, of built-ins, of expressions, mixins, accessors, static sides.

// %% extends a class of an earlier statement
class A { hi() { return "hi"; } }
class B extends A {}
console.log(new B().hi());
// %% three generations with fields
class G1 { x = 1; }
class G2 extends G1 { y = this.x + 1; }
class G3 extends G2 { z = this.x + this.y; }
console.log(new G3().z);
// %% class expression extends
class Base1 { n = 1; }
const Derived1 = class extends Base1 { m = this.n * 2; };
console.log(new Derived1().m, Derived1.name);
// %% extends an import
import { EventEmitter } from "node:events";
class Bus extends EventEmitter { fire() { this.emit("x", 5); return this; } }
const bus = new Bus();
bus.on("x", (n) => console.log(n));
bus.fire();
// %% extends a namespace import's member
import * as stream from "node:stream";
class Up extends stream.PassThrough { tag = "up"; }
console.log(new Up().tag, new Up() instanceof stream.Transform);
// %% super constructor and arguments
class Named { constructor(readonly name: string) {} }
class Pet extends Named { constructor(name: string, readonly legs = 4) { super(name.toUpperCase()); } }
console.log(new Pet("rex").name, new Pet("tweety", 2).legs);
// %% default constructor passes arguments on
class Args { args; constructor(...a: number[]) { this.args = a; } }
class Pass extends Args {}
console.log(new Pass(1, 2).args);
// %% super methods
class Sup { m() { return "sup"; } static s() { return "static"; } }
class Sub extends Sup { override m() { return super.m() + "+sub"; } static override s() { return super.s() + "+sub"; } }
console.log(new Sub().m(), Sub.s());
// %% super in arrows and async methods
class SA { v() { return 1; } async w() { return 2; } }
class SB extends SA { override v() { return (() => super.v() + 10)(); } override async w() { await null; return (await super.w()) + 10; } }
console.log(new SB().v(), await new SB().w());
// %% super accessors
class P1 { #v = 1; get v() { return this.#v; } set v(n) { this.#v = n; } }
class P2 extends P1 { override get v() { return super.v * 100; } override set v(n) { super.v = n + 1; } }
const p2 = new P2();
p2.v = 4;
console.log(p2.v);
// %% super property assignment lands on this
class Q1 {}
class Q2 extends Q1 { go() { (super.constructor as unknown); (this as any).q = 1; return Object.keys(this).join(); } }
console.log(new Q2().go());
// %% this before super
class R1 {}
// @ts-ignore
class R2 extends R1 { constructor() { try { (this as any).x = 1; } catch (e) { console.log((e as Error).name); } super(); } }
new R2();
// %% super is not called
class S1 {}
// @ts-ignore -- at run time too
class S2 extends S1 { constructor() {} }
new S2();
// %% super called twice
class T1 {}
class T2 extends T1 { constructor() { super(); try { super(); } catch (e) { console.log((e as Error).message); } } }
new T2();
// %% fields are set after super returns
class U1 { constructor() { this.init(); } init() { (this as any).f = "from base"; } }
class U2 extends U1 { f = "field"; declare g: string; }
console.log(new U2().f);
// %% override called by the base's constructor sees no fields
class V1 { constructor() { console.log(this.describe()); } describe(): string { return "v1"; } }
class V2 extends V1 { tag = "set"; override describe() { return "v2 " + this.tag; } }
new V2();
// %% extends Array
class List<T> extends Array<T> { get last() { return this[this.length - 1]; } }
const list = List.from([1, 2, 3]) as List<number>;
console.log(list.last, list.map((x) => x * 2) instanceof List, list.length);
// %% extends Map
class Counter1<K> extends Map<K, number> { add(k: K) { return this.set(k, (this.get(k) ?? 0) + 1); } }
console.log([...new Counter1<string>().add("a").add("b").add("a")]);
// %% extends Error
class DepthError extends Error { override name = "DepthError"; constructor(readonly depth: number) { super(`depth must be 6n+2; got ${depth}`); } }
try { throw new DepthError(21); } catch (e) { console.log(String(e), e instanceof DepthError, e instanceof Error, (e as DepthError).depth); }
// %% extends Error, uncaught
class ShapeError extends TypeError { constructor(m: string) { super(m); this.name = "ShapeError"; } }
throw new ShapeError("ranks differ");
// %% error with a cause
class Wrapped extends Error {}
const wrapped = new Wrapped("outer", { cause: new Error("inner") });
console.log(wrapped.message, (wrapped.cause as Error).message, wrapped.name);
// %% extends Promise
class Slow<T> extends Promise<T> { tag = 1; }
const slow = Slow.resolve(4) as Slow<number>;
console.log(slow instanceof Slow, await slow.then((x) => x + 1));
// %% extends Function by constructor return, and null
class NullProto extends (null as any) { static x = 1; }
console.log(NullProto.x, Object.getPrototypeOf(NullProto.prototype));
// %% extends something else
const notAClass = 5 as any;
class Wrong extends notAClass {}
// %% mixins
type Ctor<T = object> = new (...args: any[]) => T;
const Timed = <C extends Ctor>(C: C) => class extends C { time = 5; };
const Tagged = <C extends Ctor>(C: C) => class extends C { tag = "t"; };
class Mixed extends Timed(Tagged(class { base = 1; })) { all() { return [this.base, this.tag, this.time]; } }
console.log(new Mixed().all());
// %% mixin class with a private member
const Mix2 = ((B) => class extends B { private secret = 1; show() { return this.secret; } })(class { ok = true; });
const after = 1;
console.log(new Mix2().show(), after);
// %% heritage by call of an earlier function
function pick(which: string) { return which === "a" ? class { v = "a"; } : class { v = "b"; }; }
class FromCall extends pick("b") {}
console.log(new FromCall().v);
// %% instantiation expression in a heritage
class Box<T> { constructor(public v: T) {} }
class NumBox extends Box<number> { double() { return this.v * 2; } }
console.log(new NumBox(4).double());
// %% instantiation expression as a value
const idf = <T,>(x: T) => x;
const ids = idf<string>;
console.log(ids("x"));
// %% static inheritance
class St1 { static n = 1; static make() { return new this(); } }
class St2 extends St1 { who = "st2"; }
console.log(St2.n, (St2.make() as St2).who, Object.hasOwn(St2, "n"));
// %% static super in fields and blocks
class Sf1 { static v = 2; }
class Sf2 extends Sf1 { static w = super.v * 10; static { this.w += super.v; } }
console.log(Sf2.w);
// %% super in object literals
const proto = { hi() { return "proto"; } };
const obj = { __proto__: proto, hi() { return (super.hi as () => string)() + "!"; } } as { hi(): string };
console.log(obj.hi());
// %% Symbol.species
class Plain extends Array<number> { static override get [Symbol.species]() { return Array; } }
console.log(new Plain(1, 2).map((x) => x) instanceof Plain);
// %% private members of base and derived of one name
class Pr1 { #v = 1; base() { return this.#v; } }
class Pr2 extends Pr1 { #v = 2; own() { return this.#v; } }
console.log(new Pr2().base(), new Pr2().own());
// %% instances of a redeclared base
class Re1 { x = 1; }
const made1 = new Re1();
class Re2 extends Re1 { y = this.x + 1; }
console.log(made1.x, new Re2().y, new Re2() instanceof Re1);
// %% async generator method with super
class Ag1 { async *items(): AsyncGenerator<number> { yield 1; yield 2; } }
class Ag2 extends Ag1 { override async *items() { for await (const v of super.items()) yield v * 10; } }
const ag: number[] = [];
for await (const v of new Ag2().items()) ag.push(v);
console.log(ag);
// %% prototype chain is as declared
class Ch1 {}
class Ch2 extends Ch1 {}
console.log(Object.getPrototypeOf(Ch2) === Ch1, Object.getPrototypeOf(Ch2.prototype) === Ch1.prototype);
// %% Object.setPrototypeOf changes super
class Dyn1 { v() { return 1; } }
class Dyn2 { v() { return 2; } }
class Dyn3 extends Dyn1 { override v() { return super.v() * 10; } }
Object.setPrototypeOf(Dyn3.prototype, Dyn2.prototype);
console.log(new Dyn3().v());
// %% extends a class from a property and an element
const kit = { Base: class { k = 1; }, list: [class { l = 2; }] };
class Kp extends kit.Base {}
class Kl extends kit.list[0]! {}
console.log(new Kp().k, new Kl().l);
// %% abstract construct with generics
abstract class Model<In, Out> { abstract call(x: In): Out; many(xs: In[]) { return xs.map((x) => this.call(x)); } }
class Len extends Model<string, number> { call(x: string) { return x.length; } }
console.log(new Len().many(["a", "bb"]));
// %% override of a method by a field
class Mf1 { m = () => "base"; }
class Mf2 extends Mf1 { override m = () => "derived"; }
console.log(new Mf2().m());
