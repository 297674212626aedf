// Patterns: objects, arrays, rests, defaults that read earlier names, parameters, assignment targets.

// %% object
const { a, b } = { a: 1, b: 2 };
console.log(a, b);
// %% renamed
const { a: x, b: y } = { a: 1, b: 2 };
console.log(x, y);
// %% defaults read earlier names of the pattern
const { p = 1, q = p + 1, r = p + q } = {} as { p?: number; q?: number; r?: number };
console.log(p, q, r);
// %% array default reads an earlier name
const [u, v = u] = [3] as number[];
console.log(u, v);
// %% default given only for undefined
const { d1 = 1, d2 = 2, d3 = 3 } = { d1: undefined, d2: null, d3: 0 } as { d1?: number; d2: number | null; d3: number };
console.log(d1, d2, d3);
// %% defaults are evaluated only when needed
let count = 0;
const tick = () => ++count;
const { e1 = tick(), e2 = tick() } = { e1: 10 } as { e1?: number; e2?: number };
console.log(e1, e2, count);
// %% nested
const { in: { side: [first, { deep }] } } = { in: { side: [1, { deep: 2 }] as [number, { deep: number }] } };
console.log(first, deep);
// %% nested with default objects
const { opt: { depth = 20, rate = depth / 100 } = {} } = {} as { opt?: { depth?: number; rate?: number } };
console.log(depth, rate);
// %% rest of an object
const { k, ...others } = { k: 1, l: 2, m: 3 };
console.log(k, others);
// %% rest of an array
const [head, ...tail] = [1, 2, 3];
console.log(head, tail);
// %% rest pattern in a rest
const [h1, ...[h2, ...h3]] = [1, 2, 3, 4];
console.log(h1, h2, h3);
// %% holes
const [, second, , fourth] = [1, 2, 3, 4];
console.log(second, fourth);
// %% computed key
const key = "dyn";
const { [key]: dyn, [`${key}2`]: dyn2 } = { dyn: 1, dyn2: 2 } as Record<string, number>;
console.log(dyn, dyn2);
// %% computed key reads an earlier name of the pattern
const { name: nm, [nm]: val } = { name: "v", v: 5 } as { name: "v"; v: number };
console.log(nm, val);
// %% string and number keys
const { "with-dash": dash, 0: zero } = { "with-dash": 1, 0: 2 };
console.log(dash, zero);
// %% string is iterable
const [c1, c2, ...cs] = "héllo";
console.log(c1, c2, cs.join("|"));
// %% iterator is closed
function* gen() { try { yield 1; yield 2; yield 3; } finally { console.log("closed"); } }
const [g1, g2] = gen();
console.log(g1, g2);
// %% Map entries in a loop
for (const [k2, { v: v2 }] of new Map([["a", { v: 1 }], ["b", { v: 2 }]])) console.log(k2, v2);
// %% var pattern in a loop head
for (var [i1, j1] of [[1, 2], [3, 4]]);
// @ts-ignore
console.log(i1, j1);
// %% let pattern with closures
const fs: (() => number)[] = [];
for (let { n } of [{ n: 1 }, { n: 2 }]) fs.push(() => n++);
console.log(fs.map((f) => f()), fs.map((f) => f()));
// %% assignment to names
let s = 0, t = 0;
({ s, t } = { s: 1, t: 2 });
console.log(s, t);
// %% assignment with defaults and renaming
let m = 0, o = 0;
({ a: m = 5, b: o = m + 1 } = {} as { a?: number; b?: number });
console.log(m, o);
// %% shorthand default in assignment
let sh1 = 0, sh2 = 0;
({ sh1 = 3, sh2 = sh1 * 2 } = {} as { sh1?: number; sh2?: number });
console.log(sh1, sh2);
// %% assignment to members and elements
const place: { x?: number; list: number[] } = { list: [] };
[place.x, place.list[1], ...place.list[2] as never as number[]] = [1, 2];
console.log(place.x, place.list.length);
// %% assignment pattern as an expression
let w1: number, w2: number;
const whole = ([w1, w2] = [1, 2]);
console.log(w1, w2, whole);
// %% rotate three
let ra = 1, rb = 2, rc = 3;
[ra, rb, rc] = [rb, rc, ra];
console.log(ra, rb, rc);
// %% swap elements
const el = [1, 2, 3];
[el[0], el[2]] = [el[2], el[0]];
console.log(el);
// %% parameters
const f = ({ a = 1, b = a }: { a?: number; b?: number } = {}, [c = b]: number[] = []) => [a, b, c];
console.log(f(), f({ a: 2 }), f({ b: 3 }, [4]));
// %% parameter defaults see earlier parameters and outer names
const base = 10;
function g(a1 = base, b1 = a1 + base, c1 = () => a1 + b1) { a1 = 100; return [a1, b1, c1()]; }
console.log(g(), g(1));
// %% parameter default closure has its own scope
var scoped = 1;
function scope(f = () => scoped) { var scoped = 2; return [f(), scoped]; }
console.log(scope());
// %% catch pattern
try { throw Object.assign(new Error("m"), { code: 7 }); } catch ({ message, code, name = "?" }: any) { console.log(message, code, name); }
// %% destructure null
const { nope } = null as unknown as { nope: number };
// %% destructure undefined in a nested place
const { outer: { inner } } = {} as { outer: { inner: number } };
// %% not iterable
const [no] = 5 as unknown as number[];
// %% iterates once for each element
let pulls = 0;
const it = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: pulls++ }), return: () => ({ done: true, value: 0 }) }) };
const [z0, z1] = it as unknown as number[];
console.log(z0, z1, pulls);
// %% getters are called in order
const log: string[] = [];
const src = { get one() { log.push("one"); return 1; }, get two() { log.push("two"); return 2; } };
const { two, one } = src;
console.log(log.join(), one, two);
// %% default with a class and a function gets the name
const { K = class {}, fn = function () {} } = {} as { K?: new () => object; fn?: () => void };
console.log(K.name, fn.name);
// %% default that awaits
const { aw = await Promise.resolve(4), bw = aw + 1 } = {} as { aw?: number; bw?: number };
console.log(aw, bw);
// %% await in the source
const [p1, p2] = await Promise.all([Promise.resolve(1), Promise.resolve(2)]);
console.log(p1, p2);
// %% symbol key
const tag = Symbol("tag");
const { [tag]: tagged } = { [tag]: 9 };
console.log(tagged);
// %% typed tuple with rest in the middle by slices
const tuple: [string, ...number[]] = ["s", 1, 2];
const [str, ...nums] = tuple;
console.log(str, nums);
// %% function from a destructured method
const { max, min } = Math;
console.log(max(1, 2), min(1, 2));
// %% pattern that reads a name which a later one sets | whole: types of the next cells need the names to exist
// @ts-ignore
try { const { t1 = t2, t2 = 1 } = {} as { t1?: number; t2?: number }; console.log(t1); } catch (e) { console.log((e as Error).name); }
// %% one list of patterns and names
const [la, lb] = [1, 2], lc = la + lb, { ld = lc, le = ld * 2 } = {} as { ld?: number; le?: number }, lf = le + 1;
console.log(la, lb, lc, ld, le, lf);
// %% let list of patterns, reassigned by a function
let [ma, mb] = [1, 2], mc = ma + mb;
const bump = () => { ma++; [mb, mc] = [mc, mb]; };
bump();
console.log(ma, mb, mc);
// %% empty patterns
const {} = { a: 1 };
const [] = [1];
console.log("ok");
// %% in a for head with several
for (let [lo, hi] = [0, 3], mid = (lo + hi) / 2; lo < hi; lo++, hi -= 0.5) console.log(lo, hi, mid);
// %% objects of iterables
const { length, 0: zeroth, [1]: oneth } = ["a", "b"];
console.log(length, zeroth, oneth);
// %% default is an arrow with the pattern's own name in use
// @ts-ignore
const { loop = (n: number): number => (n === 0 ? 0 : n + loop(n - 1)) } = {} as { loop?: (n: number) => number };
console.log(loop(4));
// %% var list that begins with an object pattern
var { va } = { va: 1 }, vb = va + 1;
console.log(va, vb);
// %% var list that begins with an object pattern, then an array's, nested, with defaults and rests
var { wa: { wb: [wc, ...wd], ...we } } = { wa: { wb: [1, 2, 3], wf: 4 } }, [wg = wc] = [] as number[], {} = we, wh = wg;
console.log(wc, wd, we, wg, wh);
// %% var list whose first with a value is an object pattern, over several lines and comments
/* one */ var xa: any, /* two */ { // three
  xb /* four */ = 5,
} = {} as { xb?: number } // six
  , xc
  = // seven
  xb;
console.log(xa, xb, xc);
// %% exported var list, and one that begins with an empty pattern
export var { ya } = { ya: 1 }, [yb] = [2];
var {} = {}, yc = 5;
console.log(ya, yb, yc);
// %% var lists that begin with an object pattern, within statements
if (Math.PI > 3) var { za } = { za: 1 }, zb = za + 1; else var { zc } = { zc: 3 }, zd = zc;
switch (za!) { case 1: var { ze } = { ze: 5 }, zf = ze + 1; }
try { var { zg } = { zg: 7 }, zh = zg + 1; } finally { var { zi } = { zi: 9 }, zj = zi + 1; }
do var { zk } = { zk: 11 }, zl = zk + 1; while (zl < 0);
for (var { zm } = { zm: 13 }, zn = 14; zn < 15; zn++) { labelled: { var { zo } = { zo: zn }, zp = zo + 1; break labelled; } }
for (var { zq } of [{ zq: 17 }]) for (var zr in { zq }) var { zs } = { zs: zr }, zt = zs;
console.log(za!, zb!, zc!, zd!, ze!, zf!, zg, zh, zi, zj, zk, zl, zm, zn, zo!, zp!, zq!, zs!, zt!);
// %% var list of names of the platform
var { performance: clock } = { performance: 1 }, { screen = 2 } = {} as { screen?: number }, { URL: address } = { URL: clock + screen };
console.log(clock, screen, address);
// %% var called async in loops' heads
for (var async of [1, 2]) console.log(async);
for (var async of [3]) { const seen = () => async; console.log(seen()); }
console.log(async!);
// %% destructuring default that throws midway
let da = 1, db = 2, dc = 3;
const boom = (): number => { throw new RangeError("boom"); };
try { [da, db = boom(), dc] = [10, undefined as any, 30]; } catch (e: any) { console.log(e.name, da, db, dc); }
try { ({ da, x: { db, y: dc = boom() } = { db: 5, y: undefined as any } } = { da: 11 } as any); } catch (e: any) { console.log(e.message, da, db, dc); }
var va0: any = 0;
try { var [va0, vb0 = boom()] = [9] as any; } catch { console.log(va0, typeof vb0!); }
