// Decorators, as the standard has them: on classes, methods, fields, accessors; order, contexts, initialisers.

// %% class decorator
function mark(value: Function, context: ClassDecoratorContext) { (value as any).marked = context.kind + " " + String(context.name); }
@mark class Marked {}
console.log((Marked as any).marked);
// %% class decorator that replaces
const extend = <C extends new (...a: any[]) => object>(C: C, _: ClassDecoratorContext) => class extends C { extra = 5; };
@extend class Extended { own = 1; }
console.log((new Extended() as any).extra, new Extended().own);
// %% method decorator
function loud(f: (this: any, ...a: any[]) => any, c: ClassMethodDecoratorContext) { return function (this: any, ...a: any[]) { return `${String(c.name)}: ${f.apply(this, a)}!`; }; }
class Speaker { n = "x"; @loud say(s: string) { return s + this.n; } @loud static shout() { return "S"; } }
console.log(new Speaker().say("hi"), Speaker.shout());
// %% decorator factory
const times = (k: number) => (f: (x: number) => number, _: ClassMethodDecoratorContext) => (x: number) => k * f(x);
class Scaled { @times(3) one(x: number) { return x; } @times(2) @times(5) both(x: number) { return x; } }
console.log(new Scaled().one(1), new Scaled().both(1));
// %% field decorator
const plus = (k: number) => (_: undefined, c: ClassFieldDecoratorContext) => (v: number) => v + k;
class Fields1 { @plus(1) a = 1; @plus(10) static b = 1; @plus(100) #c = 1; get c() { return this.#c; } }
console.log(new Fields1().a, Fields1.b, new Fields1().c);
// %% getter, setter and accessor decorators
const seen: string[] = [];
function note(_: unknown, c: DecoratorContext) { seen.push(`${c.kind} ${String(c.name)}`); }
class Kinds1 { @note get g() { return 1; } @note set s(_: number) {} @note accessor a = 1; @note m() {} @note f = 1; @note static sf = 1; }
console.log(seen.join(), new Kinds1().a);
// %% accessor decorator that clamps
function clamp(t: ClassAccessorDecoratorTarget<any, number>, _: ClassAccessorDecoratorContext) { return { get(this: any) { return t.get.call(this); }, set(this: any, v: number) { t.set.call(this, Math.min(v, 10)); }, init: (v: number) => v * 2 }; }
class Clamped { @clamp accessor v = 3; }
const cl = new Clamped();
console.log(cl.v);
cl.v = 50;
console.log(cl.v);
// %% order of evaluation and application
const order: string[] = [];
const d = (n: string) => { order.push("eval " + n); return (_: unknown, c: DecoratorContext) => { order.push("apply " + n); }; };
@d("class") class Order1 { @d("method") m() {} @d("field") f = 1; @d("static") static s = 1; }
console.log(order.join("; "), typeof Order1);
// %% addInitializer
function bound(f: Function, c: ClassMethodDecoratorContext) { c.addInitializer(function (this: any) { this[c.name] = this[c.name].bind(this); }); }
class Bound1 { v = 7; @bound get1() { return this.v; } }
const { get1 } = new Bound1();
console.log(get1());
// %% private method decorated
function dbl(f: (this: any) => number, _: ClassMethodDecoratorContext) { return function (this: any) { return f.call(this) * 2; }; }
class Priv1 { @dbl #m() { return 4; } run() { return this.#m(); } }
console.log(new Priv1().run());
// %% class expression decorated
function mark2(v: Function, c: ClassDecoratorContext) { (v as any).tag = String(c.name); }
const Dec = @mark2 class { v = 1; };
console.log((Dec as any).tag, new Dec().v);
// %% decorator by member and call expressions
const kit = { mark(v: Function, _: ClassDecoratorContext) { (v as any).by = "kit"; }, make: () => kit.mark };
@kit.mark class K1 {}
@kit.make() class K2 {}
@(((v: Function, _: ClassDecoratorContext) => { (v as any).by = "paren"; })) class K3 {}
console.log((K1 as any).by, (K2 as any).by, (K3 as any).by);
// %% registry over statements
const registry = new Map<string, Function>();
const register = (name: string) => (v: Function, _: ClassDecoratorContext) => { registry.set(name, v); };
@register("a") class RegA {}
@register("b") class RegB extends RegA {}
console.log([...registry.keys()].join(), registry.get("b") === RegB);
// %% metadata-free context fields
let info = "";
function ctx(_: unknown, c: ClassMethodDecoratorContext) { info = [c.kind, c.static, c.private, typeof c.access.has].join(); }
class Ctx1 { @ctx static m() {} }
console.log(info, typeof Ctx1);
// %% decorator throws
function fail(_: Function, __: ClassDecoratorContext): never { throw new Error("decorator"); }
try { (() => { @fail class F1 {} return F1; })(); } catch (e) { console.log((e as Error).message); }
// %% memo decorator with a WeakMap
const memo = <T extends object, R>(f: (this: T) => R, c: ClassGetterDecoratorContext) => { const seen1 = new WeakMap<T, R>(); return function (this: T) { if (!seen1.has(this)) seen1.set(this, f.call(this)); return seen1.get(this)!; }; };
let computed = 0;
class Lazy1 { @memo get v() { return ++computed; } }
const lz = new Lazy1();
console.log(lz.v, lz.v, computed);
// %% decorator with accessor and private over cells
function logged<T extends (this: any, ...a: any[]) => any>(f: T, c: ClassMethodDecoratorContext) { return function (this: any, ...a: any[]) { console.log("call", String(c.name), c.private); return f.apply(this, a); }; }
function twice(t: ClassAccessorDecoratorTarget<any, number>, c: ClassAccessorDecoratorContext<any, number>): ClassAccessorDecoratorResult<any, number> { return { get() { return t.get.call(this) * 2; }, init(v) { console.log("init", String(c.name), v); return v; } }; }
class A1 { @twice accessor #x = 2; @twice static accessor y = 5; @logged #m() { return this.#x; } go() { return this.#m() + A1.y; } static { console.log("static block", A1.y); } }
class B1 extends A1 { #x = 100; read() { return this.#x; } }
console.log(new B1().go(), new B1().read());
