// Small whole programs, as a notebook has them: several statements that build on each other.

// %% convolution
const kernel = [1, 0, -1];
const signal = [1, 2, 4, 8, 16];
function convolve(x: number[], k: number[]) { return x.slice(0, x.length - k.length + 1).map((_, i) => k.reduce((s, w, j) => s + w * x[i + j]!, 0)); }
const edges = convolve(signal, kernel);
console.log(edges);
// %% gradient descent
let w = 0, b = 0;
const data = [[1, 3], [2, 5], [3, 7]] as const;
const rate = 0.05;
for (let epoch = 0; epoch < 500; epoch++) for (const [x, y] of data) { const e = w * x + b - y; w -= rate * e * x; b -= rate * e; }
console.log(w.toFixed(2), b.toFixed(2));
// %% scalar autodiff
class Value { grad = 0; constructor(readonly data: number, readonly back: [Value, number][] = []) {} add(o: Value) { return new Value(this.data + o.data, [[this, 1], [o, 1]]); } mul(o: Value) { return new Value(this.data * o.data, [[this, o.data], [o, this.data]]); } backward(g = 1) { this.grad += g; for (const [v, d] of this.back) v.backward(g * d); } }
const va = new Value(2), vb = new Value(3);
const vc = va.mul(vb).add(va);
vc.backward();
console.log(vc.data, va.grad, vb.grad);
// %% residual unit
type Layer = (x: number[]) => number[];
const relu: Layer = (x) => x.map((v) => Math.max(0, v));
const scale = (k: number): Layer => (x) => x.map((v) => v * k);
const residual = (f: Layer): Layer => (x) => f(x).map((v, i) => v + x[i]!);
const net = [residual(scale(-0.5)), residual((x) => relu(scale(2)(x))), relu];
console.log(net.reduce((x, f) => f(x), [1, -2, 3]));
// %% matrix
class Matrix { constructor(readonly rows: number[][]) {} static eye(n: number) { return new Matrix(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j)))); } times(o: Matrix) { return new Matrix(this.rows.map((r) => o.rows[0]!.map((_, j) => r.reduce((s, v, k) => s + v * o.rows[k]![j]!, 0)))); } get t() { return new Matrix(this.rows[0]!.map((_, j) => this.rows.map((r) => r[j]!))); } }
const mA = new Matrix([[1, 2], [3, 4]]);
console.log(mA.times(mA.t).rows, Matrix.eye(2).times(mA).rows);
// %% random numbers by a seed
function* lcg(seed: number) { for (let s = seed >>> 0; ; ) { s = (Math.imul(s, 1664525) + 1013904223) >>> 0; yield s / 2 ** 32; } }
const rng = lcg(42);
const draws = Array.from({ length: 3 }, () => rng.next().value!.toFixed(4));
console.log(draws);
// %% sorting and statistics
const xs = [5, 3, 8, 1];
const mean = xs.reduce((a, c) => a + c, 0) / xs.length, variance = xs.reduce((a, c) => a + (c - mean) ** 2, 0) / xs.length;
const sorted = [...xs].sort((a, c) => a - c), median = (sorted[1]! + sorted[2]!) / 2;
console.log(mean, variance.toFixed(3), median, xs);
// %% queue of jobs
interface Job { readonly id: number; run(): Promise<string>; }
const jobs: Job[] = [1, 2, 3].map((id) => ({ id, run: async () => `job ${id}` }));
const results: string[] = [];
for (const job of jobs) results.push(await job.run());
console.log(results.join());
// %% events
class Emitter<T extends Record<string, unknown>> { #on = new Map<keyof T, ((v: never) => void)[]>(); on<K extends keyof T>(k: K, f: (v: T[K]) => void) { this.#on.set(k, [...(this.#on.get(k) ?? []), f]); return this; } emit<K extends keyof T>(k: K, v: T[K]) { for (const f of this.#on.get(k) ?? []) f(v as never); } }
const em = new Emitter<{ step: number; end: string }>();
const heard: unknown[] = [];
em.on("step", (n) => heard.push(n + 1)).on("end", (s) => heard.push(s));
em.emit("step", 1); em.emit("end", "done");
console.log(heard);
// %% parser
type Expr = number | [op: string, l: Expr, r: Expr];
function parse(text: string): Expr { const tokens = text.match(/\d+|[-+*/()]/g) ?? []; let at = 0; const atom = (): Expr => { const t = tokens[at++]!; if (t === "(") { const e = sum(); at++; return e; } return Number(t); }; const product = (): Expr => { let l = atom(); while (tokens[at] === "*" || tokens[at] === "/") l = [tokens[at++]!, l, atom()]; return l; }; const sum = (): Expr => { let l = product(); while (tokens[at] === "+" || tokens[at] === "-") l = [tokens[at++]!, l, product()]; return l; }; return sum(); }
function evaluate(e: Expr): number { if (typeof e === "number") return e; const [op, l, r] = e, [x, y] = [evaluate(l), evaluate(r)]; switch (op) { case "+": return x + y; case "-": return x - y; case "*": return x * y; default: return x / y; } }
console.log(evaluate(parse("2*(3+4)-6/3")));
// %% state machine
enum Light1 { Red, Green, Amber }
const after: Record<Light1, Light1> = { [Light1.Red]: Light1.Green, [Light1.Green]: Light1.Amber, [Light1.Amber]: Light1.Red };
let light = Light1.Red;
const path: string[] = [];
for (let i = 0; i < 4; i++) { path.push(Light1[light]); light = after[light]; }
console.log(path.join(">"));
// %% linked list
class Cons<T> implements Iterable<T> { constructor(readonly head: T, readonly tail?: Cons<T>) {} *[Symbol.iterator](): Iterator<T> { yield this.head; if (this.tail) yield* this.tail; } static of<T>(...xs: T[]): Cons<T> | undefined { return xs.length === 0 ? undefined : new Cons(xs[0]!, Cons.of(...xs.slice(1))); } }
const list = Cons.of(1, 2, 3);
console.log([...(list ?? [])], Math.max(...(list ?? [])));
// %% words
const text = "to be or not to be";
const counts = new Map<string, number>();
for (const word of text.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
const top = [...counts].sort(([a, m], [c, n]) => n - m || a.localeCompare(c)).slice(0, 2);
console.log(top);
// %% sieve
const limit = 50;
const composite = new Uint8Array(limit + 1);
const primes: number[] = [];
for (let n = 2; n <= limit; n++) { if (composite[n]) continue; primes.push(n); for (let k = n * n; k <= limit; k += n) composite[k] = 1; }
console.log(primes.join());
// %% rerun of a definition with another value
let depth = 20;
let widths = Array.from({ length: 3 }, (_, s) => 16 * 2 ** s);
const describe = () => `ResNet-${depth}: ${widths.join("-")}`;
console.log(describe());
depth = 32;
widths = widths.map((v) => v * 2);
console.log(describe());
// %% retry with backoff
let tries = 0;
const flaky = async () => { if (++tries < 3) throw new Error(`try ${tries}`); return "ok"; };
async function retry<T>(f: () => Promise<T>, times: number): Promise<T> { for (let i = 1; ; i++) try { return await f(); } catch (e) { if (i === times) throw e; } }
console.log(await retry(flaky, 5), tries);
// %% pipeline of async generators
async function* source() { for (const n of [1, 2, 3, 4]) yield n; }
async function* filter<T>(xs: AsyncIterable<T>, keep: (x: T) => boolean) { for await (const x of xs) if (keep(x)) yield x; }
async function* map<T, U>(xs: AsyncIterable<T>, f: (x: T) => U) { for await (const x of xs) yield f(x); }
const piped: number[] = [];
for await (const v of map(filter(source(), (n) => n % 2 === 0), (n) => n * 10)) piped.push(v);
console.log(piped);
// %% cache with a Proxy
let computed = 0;
const squares = new Proxy({} as Record<string, number>, { get(t, k: string) { return (t[k] ??= (computed++, Number(k) ** 2)); } });
console.log(squares["4"], squares["4"], squares["5"], computed);
// %% checks by asserts that fail
function mustBe(rule: boolean, message: string): asserts rule { if (!rule) throw new RangeError(message); }
const units = 21;
mustBe(units > 0, "units must be positive");
mustBe((units - 2) % 6 === 0, `depth must be 6n+2; got ${units}`);
console.log("never");
// %% binary search and recursion
const hay = [1, 3, 5, 7, 9, 11];
const find = (x: number, lo = 0, hi = hay.length - 1): number => { if (lo > hi) return -1; const mid = (lo + hi) >> 1; return hay[mid] === x ? mid : hay[mid]! < x ? find(x, mid + 1, hi) : find(x, lo, mid - 1); };
console.log(find(7), find(8));
// %% undo by closures
const doc: string[] = [], undo: (() => void)[] = [];
const write = (s: string) => { doc.push(s); undo.push(() => doc.pop()); };
write("a"); write("b"); write("c");
undo.pop()!();
console.log(doc.join(""));
// %% shapes of a tensor
const shapeOf = (x: unknown): number[] => (Array.isArray(x) ? [x.length, ...shapeOf(x[0])] : []);
const batch = [[[1, 2], [3, 4], [5, 6]]];
const [size, ...rest] = shapeOf(batch);
console.log(size, rest);
// %% bank with an error of its own
class Overdrawn extends Error { constructor(readonly by: number) { super(`overdrawn by ${by}`); this.name = "Overdrawn"; } }
class Bank { #sum = 10; take(n: number) { if (n > this.#sum) throw new Overdrawn(n - this.#sum); this.#sum -= n; return this.#sum; } }
const bank = new Bank();
console.log(bank.take(4));
try { bank.take(100); } catch (e) { if (e instanceof Overdrawn) console.log(e.by); }
bank.take(7);
// %% topological order
const needs: Record<string, string[]> = { train: ["model", "data"], model: [], data: ["disk"], disk: [] };
const done: string[] = [];
const visit = (n: string): void => { if (done.includes(n)) return; needs[n]!.forEach(visit); done.push(n); };
Object.keys(needs).forEach(visit);
console.log(done.join());
