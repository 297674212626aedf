// Generators and iterators: yield in every place, return and throw, delegation, iterator objects.

// %% yields
function* three() { yield 1; yield 2; yield 3; }
console.log([...three()]);
// %% next, return, done
function* once() { const got: number = yield 1; return got * 2; }
const it = once();
console.log(it.next(), it.next(21), it.next());
// %% throw into
function* guarded(): Generator<string, void, unknown> { try { yield "a"; } catch (e) { yield "caught " + e; } finally { yield "last"; } }
const g = guarded();
console.log(g.next().value, g.throw("x").value, g.next().value, g.next().done);
// %% return runs finally
function* tidy() { try { yield 1; yield 2; } finally { console.log("tidied"); } }
const t = tidy();
t.next();
console.log(t.return(9 as never), t.next());
// %% infinite, taken
function* naturals() { for (let i = 0; ; i++) yield i; }
function* take<T>(n: number, xs: Iterable<T>) { for (const x of xs) { if (n-- <= 0) return; yield x; } }
console.log([...take(4, naturals())]);
// %% lazy
const order: string[] = [];
function* lazy() { order.push("start"); yield 1; order.push("end"); }
const lz = lazy();
order.push("made");
lz.next();
console.log(order.join());
// %% generator reads a session variable at each turn
let pace = 1;
function* stepper() { let at = 0; while (true) yield (at += pace); }
const s = stepper();
s.next();
pace = 10;
console.log(s.next().value);
// %% generator expression and method
const ge = function* () { yield "e"; }, go = { *m() { yield "m"; }, *[Symbol.iterator]() { yield "i"; } };
console.log([...ge()], [...go.m()], [...go]);
// %% yield as an operand
function* operands(): Generator<number, number[], number> { return [yield 1, (yield 2) + (yield 3)]; }
const op = operands();
op.next(); op.next(10); op.next(20);
console.log(op.next(30).value);
// %% yield in a template, a call, a condition and a default
function* places(): Generator<string, string, any> { const { a = yield "default" } = {} as { a?: string }; return `${yield "tpl"}|${String((yield "cond") ? "yes" : "no")}|${a}`; }
const pl = places();
pl.next(); pl.next("A"); pl.next("T");
console.log(pl.next(true).value);
// %% error ends it
function* breaks() { yield 1; throw new Error("broken"); }
const br = breaks();
br.next();
try { br.next(); } catch (e) { console.log((e as Error).message, br.next().done); }
// %% generator already running
// @ts-ignore
const self: Generator<unknown> = (function* () { yield self.next(); })();
try { self.next(); } catch (e) { console.log((e as Error).name, (e as Error).message); }
// %% tree walk
type Tree = { v: number; kids?: Tree[] };
function* walk(t: Tree): Generator<number> { yield t.v; for (const k of t.kids ?? []) yield* walk(k); }
console.log([...walk({ v: 1, kids: [{ v: 2, kids: [{ v: 3 }] }, { v: 4 }] })]);
// %% an iterator by hand
class Range { constructor(private lo: number, private hi: number) {} [Symbol.iterator]() { let at = this.lo; const hi = this.hi; return { next: () => (at < hi ? { done: false as const, value: at++ } : { done: true as const, value: undefined }) }; } }
console.log([...new Range(1, 4)], Math.max(...new Range(0, 3)));
// %% destructuring takes only what it needs
let pulled = 0;
function* pull() { while (true) { pulled++; yield pulled; } }
const [d1, d2] = pull();
console.log(d1, d2, pulled);
// %% spread, Array.from, Map, Set, Object.fromEntries of generators
function* entries(): Generator<[string, number]> { yield ["a", 1]; yield ["b", 2]; }
console.log(Array.from(entries()).length, new Map(entries()).get("b"), Object.fromEntries(entries()));
// %% iterator helpers by hand
const mapIt = function* <T, U>(xs: Iterable<T>, f: (x: T) => U) { for (const x of xs) yield f(x); };
console.log([...mapIt([1, 2], (x) => x * 3)]);
// %% coroutine
function* accumulator(): Generator<number, void, number> { let sum = 0; while (true) sum += yield sum; }
const acc = accumulator();
acc.next();
acc.next(5);
console.log(acc.next(6).value);
// %% generator's prototype
function* pro() { yield 1; }
pro.prototype.extra = "extra";
console.log((pro() as any).extra, pro() instanceof pro, Object.prototype.toString.call(pro()));
// %% arguments and this in a generator
function* withThis(this: { b: number }, ..._: number[]) { yield this.b; yield arguments.length; }
console.log([...withThis.call({ b: 5 }, 1, 2, 3)]);
// %% yield* to an iterator without throw
const bare = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }) }) };
function* del() { yield* bare as Iterable<number>; }
const dl = del();
dl.next();
try { dl.throw(new Error("x")); } catch (e) { console.log((e as Error).name); }
// %% permutations
function* permutations<T>(xs: T[]): Generator<T[]> { if (xs.length < 2) { yield xs; return; } for (let i = 0; i < xs.length; i++) for (const rest of permutations([...xs.slice(0, i), ...xs.slice(i + 1)])) yield [xs[i]!, ...rest]; }
console.log([...permutations([1, 2, 3])].map((p) => p.join("")).join());
// %% delegation with a result
function* inner(): Generator<number, string> { yield 1; return "done"; }
function* outer(): Generator<number | string> { const r = yield* inner(); yield r; yield* [7, 8]; yield* "ab"; }
console.log([...outer()]);
// %% generator suspended over cells
function* gen(): Generator<number, string, string> { let i = 0; try { while (true) { const got = yield i++; if (got === "stop") return "done"; } } finally { console.log("closed", i); } }
const g1 = gen();
console.log(g1.next("x").value);
console.log(g1.next("y").value);
let got1 = 0;
for (const v of { [Symbol.iterator]: () => g1 } as Iterable<number>) { got1 += v; if (v > 3) break; }
console.log(got1, g1.next("z").done);
