// Classes: fields, private names, static blocks, accessors, methods of every kind, initialisation order.

// %% fields and constructor
class Point { x = 0; y; constructor(y: number) { this.y = y; } }
console.log(new Point(2));
// %% parameter properties
class Layer { constructor(readonly name: string, private size = 3, public bias?: number) {} describe() { return `${this.name}:${this.size}:${this.bias}`; } }
console.log(new Layer("conv").describe(), Object.keys(new Layer("c", 1, 2)).join());
// %% fields are set in order and may read earlier ones
class Ordered { a = 1; b = this.a + 1; c = [this.a, this.b]; }
console.log(new Ordered().c);
// %% field initialiser reads a name of the program
const unit = 5;
class Uses { v = unit; m() { return unit; } static s = unit * 2; }
console.log(new Uses().v, new Uses().m(), Uses.s);
// %% field without a value exists
class Bare { a?: number; declare b: number; }
console.log(Object.keys(new Bare()).join());
// %% computed members
const key = "dyn", sym = Symbol("s");
class Comp { [key] = 1; [`${key}2`]() { return 2; } [sym] = 3; static [key] = 4; "with space" = 5; 0 = 6; }
const comp = new Comp();
console.log(comp.dyn, (comp as any).dyn2(), comp[sym], Comp.dyn, comp["with space"], comp[0]);
// %% computed keys run once, in order
const log: string[] = [];
const k = (s: string) => { log.push(s); return s; };
// @ts-ignore
class Keys { [k("a")] = log.push("init"); [k("b")]() {} static [k("c")] = 1; }
new Keys(); new Keys();
console.log(log.join());
// %% private fields and methods
class Account { #sum = 0; #log(n: number) { this.#sum += n; return this; } add(n: number) { return this.#log(n); } get sum() { return this.#sum; } }
console.log(new Account().add(3).add(4).sum);
// %% private in
class Brand { #mark = 1; static has(o: object) { return #mark in o; } }
console.log(Brand.has(new Brand()), Brand.has({}));
// %% private of a wrong object
class Secret { #s = 1; static read(o: any) { return o.#s; } }
Secret.read({});
// %% private static
class Ids { static #next = 1; static make() { return Ids.#next++; } }
Ids.make();
console.log(Ids.make());
// %% private accessors and static private methods
class Temp { #c = 0; get #f() { return this.#c * 2; } set #f(v) { this.#c = v / 2; } set(v: number) { this.#f = v; return this.#f + this.#c; } static #helper() { return "h"; } static call() { return this.#helper(); } }
console.log(new Temp().set(8), Temp.call());
// %% compound assignment of private and super members
class Pv { #n = 1; #o: { q?: number } = {}; go() { this.#n += 2; this.#n **= 2; this.#n++; this.#o.q ??= 5; return [this.#n, this.#o.q]; } }
console.log(new Pv().go());
// %% destructuring into a private field
class Into { #a = 0; b = 0; fill() { [this.#a, this.b] = [1, 2]; ({ x: this.#a } = { x: this.#a + 5 }); return [this.#a, this.b]; } }
console.log(new Into().fill());
// %% a local class with a private member does not hide the others
function makeCounter() { class Counter { private n = 0; inc() { return ++this.n; } } return new Counter(); }
const counter = makeCounter(), other = 5;
console.log(counter.inc());
console.log(other, counter.inc());
// %% static block
class Table { static rows: number[] = []; static { for (let i = 0; i < 3; i++) this.rows.push(i * i); } static size = this.rows.length; }
console.log(Table.rows, Table.size);
// %% static block with a program's name and with private
let peek!: (o: any) => number;
class Vault { #v = 7; static { peek = (o) => o.#v; } }
console.log(peek(new Vault()));
// %% static this and the class's name inside
class Me { static who = this.name; static me = Me; inner = Me.who; }
console.log(Me.who, Me.me === Me, new Me().inner);
// %% static fields in order with statics
const order: string[] = [];
class Stat { static a = order.push("a"); static { order.push("block"); } static b = order.push("b"); c = order.push("c"); }
new Stat();
console.log(order.join());
// %% accessors
class Circle { constructor(public r: number) {} get area() { return Math.round(Math.PI * this.r ** 2); } set diameter(d: number) { this.r = d / 2; } static get unit() { return new Circle(1); } }
const circle = new Circle(2);
circle.diameter = 10;
console.log(circle.area, Circle.unit.r);
// %% accessor without a setter throws
class RO { get v() { return 1; } }
// @ts-expect-error -- at run time too
new RO().v = 2;
// %% auto-accessors
class Auto { accessor n = 1; static accessor s = "x"; }
const auto = new Auto();
auto.n += 4;
Auto.s += "y";
console.log(auto.n, Auto.s, Object.keys(auto).length, "n" in auto);
// %% getters and setters on both sides of a name
class Both { #x = 1; get x() { return this.#x; } set x(v) { if (v < 0) throw new RangeError("x must not be negative; got " + v); this.#x = v; } }
const both = new Both();
both.x = 5;
console.log(both.x);
both.x = -1;
// %% generator and async methods
class Kinds { *gen() { yield 1; yield 2; } async as() { return 3; } async *ag() { yield 4; } static *sg() { yield 5; } *[Symbol.iterator]() { yield* this.gen(); } }
const kinds = new Kinds();
console.log([...kinds.gen()], await kinds.as(), (await kinds.ag().next()).value, [...Kinds.sg()], [...kinds]);
// %% methods are not enumerable, fields are
class Enum1 { f = 1; m() {} }
console.log(Object.keys(new Enum1()).join(), Object.getOwnPropertyNames(Enum1.prototype).join());
// %% arrow field keeps this
class Btn { n = 1; click = () => this.n++; }
const btn = new Btn(), click = btn.click;
click(); click();
console.log(btn.n);
// %% class expression, named and anonymous
const Anon = class { v = 1; }, Named = class Inner { self = () => Inner.name; };
console.log(Anon.name, Named.name, new Named().self());
// %% class expression used at once
console.log(new (class { constructor(readonly v: number) {} })(3).v, (class { static s = 4; }).s);
// %% a class's own name cannot be assigned inside it
class Const1 { static set() { try {
  // @ts-ignore -- at run time too
  Const1 = null;
} catch (e) { return (e as Error).name; } return "assigned"; } }
console.log(Const1.set());
// %% a class declaration may be assigned outside
class Swap { v = 1; }
const Old = Swap;
// @ts-ignore -- allowed by JavaScript
Swap = class { v = 2; };
console.log(new Swap().v, new Old().v);
// %% class called without new
class Never {}
(Never as any)();
// %% temporal dead zone of a class | whole: the next cells do not exist yet
// @ts-ignore
try { new Late(); } catch (e) { console.log((e as Error).name); }
class Late {}
// %% instanceof and constructor
class Inst {}
const inst = new Inst();
console.log(inst instanceof Inst, inst.constructor === Inst, Inst.prototype.constructor.name);
// %% Symbol.hasInstance
class EvenOnly { static [Symbol.hasInstance](n: unknown) { return typeof n === "number" && n % 2 === 0; } }
console.log((2 as any) instanceof EvenOnly, (3 as any) instanceof EvenOnly);
// %% toString, toPrimitive, toStringTag, toJSON
class Money { constructor(readonly n: number) {} toString() { return `$${this.n}`; } [Symbol.toPrimitive](hint: string) { return hint === "number" ? this.n : `$${this.n}`; } get [Symbol.toStringTag]() { return "Money"; } toJSON() { return { n: this.n }; } }
const money = new Money(5);
console.log(`${money}`, +money, Object.prototype.toString.call(money), JSON.stringify({ money }));
// %% class with a type parameter
class Stack<T> { #items: T[] = []; push(...xs: T[]) { this.#items.push(...xs); return this; } pop() { return this.#items.pop(); } get size() { return this.#items.length; } }
const st = new Stack<number>().push(1, 2);
console.log(st.pop(), st.size);
// %% methods chained and private methods bound
class Chain { #v = 0; #add = (n: number) => { this.#v += n; return this; }; add(n: number) { return [n].map(this.#add)[0]!; } get v() { return this.#v; } }
console.log(new Chain().add(1).add(2).v);
// %% a class is declared again
class Again { x = 1; }
const first = new Again().x;
console.log(first);
// %% class in a block
{ class Scoped { v = 1; } console.log(new Scoped().v); }
try { eval("Scoped"); } catch (e) { console.log((e as Error).name); }
// %% constructor returns another object
class Odd { constructor() { return { odd: true } as any; } }
console.log(new Odd());
// %% error in a field initialiser
class Bad { v = (() => { throw new Error("field"); })(); }
try { new Bad(); } catch (e) { console.log((e as Error).message); }
// %% error in a static block, uncaught
class Worse { static { throw new SyntaxError("static"); } }
// %% private name in a nested class
class Outer1 { #x = 1; Inner = class { read(o: Outer1) { return o.#x; } }; }
const out1 = new Outer1();
console.log(new out1.Inner().read(out1));
// %% private fields of another instance
class Node1 { #next?: Node1; #v: number; constructor(v: number, next?: Node1) { this.#v = v; this.#next = next; } get v() { return this.#v; } second() { return this.#next?.v; } }
console.log(new Node1(1, new Node1(2)).second(), new Node1(1).second());
// %% await in a computed key and in a heritage
// @ts-ignore
class Aw extends (await Promise.resolve(Array)) { [await Promise.resolve("k")] = 1; }
console.log(new Aw() instanceof Array, (new Aw() as any).k);
// %% async arrow in a field and in a static field
class AsyncField { load = async () => this.v; v = 3; static boot = (async () => "booted")(); }
console.log(await new AsyncField().load(), await AsyncField.boot);
// %% new.target in a constructor
class Abs { constructor() { if (new.target === Abs) throw new TypeError("Abs is abstract"); } }
class Con extends Abs {}
console.log(new Con() instanceof Abs);
new Abs();
// %% implements and abstract are types only
interface HasArea { area(): number; }
abstract class Shape implements HasArea { abstract area(): number; twice() { return this.area() * 2; } }
class Sq extends Shape { constructor(private s: number) { super(); } override area() { return this.s ** 2; } }
console.log(new Sq(3).twice());
// %% index signature and readonly
class Bag { [name: string]: number | undefined; readonly total: number = 0; }
const bag = new Bag();
bag["a"] = 1;
console.log(Object.keys(bag).join());
