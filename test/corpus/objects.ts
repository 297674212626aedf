// Objects: literals of every form, accessors, symbols, prototypes, Proxies, Reflect, freezing, spreading.

// %% literal forms
const x = 1, y = "k";
const o = { x, [y]: 2, [`${y}2`]: 3, "q-r": 4, 5: 6, m() { return this.x; }, get g() { return 7; }, async am() {}, *gm() {}, async *agm() {} };
console.log(o.x, o.k, (o as any).k2, o["q-r"], o[5], o.m(), o.g, Object.keys(o).join());
// %% __proto__ in a literal
const proto = { p: 1 }, withP = { __proto__: proto } as unknown as { p: number };
console.log(withP.p, Object.hasOwn(withP, "p"), Object.hasOwn({ ["__proto__"]: 1 }, "__proto__"));
// %% getters and setters share a name
const acc = { _v: 1, get v() { return this._v; }, set v(n) { this._v = n * 2; } };
acc.v = 5;
acc.v += 1;
console.log(acc.v);
// %% duplicate by spread, order of keys
// @ts-ignore
const s = { a: 1, ...{ b: 2, a: 3 }, c: 4, ...null, ...undefined, ...(false as any) };
console.log(s);
// %% spread calls getters and copies symbols
const sym = Symbol("s");
let got = 0;
const copy = { ...{ get g() { return ++got; }, [sym]: 1 } };
console.log(got, copy.g, copy[sym], Object.getOwnPropertyDescriptor(copy, "g")!.value);
// %% defineProperty
const dp: any = {};
Object.defineProperty(dp, "hidden", { value: 1 });
Object.defineProperty(dp, "calc", { get: () => 2, enumerable: true });
console.log(Object.keys(dp).join(), dp.hidden, dp.calc);
// %% writing to a read-only property throws in strict code
const fr: any = Object.freeze({ a: 1 });
fr.a = 2;
// %% adding to a non-extensible object throws
const ne: any = Object.preventExtensions({});
ne.a = 1;
// %% deleting what cannot be deleted throws
const dl: any = Object.seal({ a: 1 });
delete dl.a;
// %% setting a getter throws
const gt: any = { get a() { return 1; } };
gt.a = 2;
// %% property of a primitive throws in strict code
("text" as any).prop = 1;
// %% delete
const de: any = { a: 1, b: 2 };
console.log(delete de.a, "a" in de, delete de.zzz, de);
// %% optional chaining
const oc: any = { a: { b: () => ({ c: [1, 2] }) }, n: null };
console.log(oc?.a?.b?.().c?.[1], oc.n?.x.y.z, oc.q?.(), oc.a["b"]?.()["c"], delete oc.n?.x, oc.a?.zz?.["yy"]);
// %% optional chaining short circuits
let ran = 0;
const nul = null as any;
nul?.[ran++]; nul?.f(ran++); nul?.a.b.c(ran++);
console.log(ran);
// %% optional call keeps this
const th = { v: 3, f() { return this.v; } };
console.log(th?.f(), th.f?.(), (th?.f)());
// %% in, instanceof, typeof
console.log("a" in { a: 1 }, 0 in [1], [] instanceof Object, typeof null, typeof (() => 1), typeof 1n, typeof Symbol());
// %% symbols
const s1 = Symbol("d"), s2 = Symbol.for("shared");
console.log(s1.description, Symbol.keyFor(s2), Symbol.for("shared") === s2, { [s1]: 1 }[s1], Object.getOwnPropertySymbols({ [s1]: 1 }).length);
// %% toPrimitive by hint
const prim = { [Symbol.toPrimitive]: (h: string) => (h === "number" ? 42 : h === "string" ? "str" : "def") };
console.log(+prim, `${prim}`, prim + "", (prim as any) == "def");
// %% valueOf and toString order
const vo = { valueOf: () => 5, toString: () => "five" };
console.log((vo as any) + 1, `${vo}`, (vo as any) * 2, String(vo));
// %% Proxy get, set, has, delete
const logP: string[] = [];
const px: any = new Proxy({} as any, { get: (t, k) => { logP.push("get " + String(k)); return t[k] ?? 0; }, set: (t, k, v) => { logP.push("set " + String(k)); t[k] = v; return true; }, has: (t, k) => { logP.push("has " + String(k)); return k in t; }, deleteProperty: (t, k) => { logP.push("delete " + String(k)); return delete t[k]; } });
px.a = px.b + 1;
"a" in px;
delete px.a;
console.log(logP.join());
// %% Proxy apply and construct
const fp = new Proxy(function (this: any, n: number) { this.n = n; } as any, { apply: (_t, _s, a) => a[0] * 2, construct: (_t, a) => ({ made: a[0] }) });
console.log(fp(4), new fp(5));
// %% Proxy that refuses throws
const no: any = new Proxy({}, { set: () => false });
no.a = 1;
// %% Proxy ownKeys and destructuring
const keys: any = new Proxy({}, { ownKeys: () => ["p", "q"], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: (_t, k) => String(k) + "!" });
const { p, ...rest } = keys;
console.log(p, rest);
// %% revoked Proxy
const rv = Proxy.revocable({ a: 1 } as any, {});
rv.revoke();
rv.proxy.a;
// %% Reflect
console.log(Reflect.ownKeys({ a: 1, [Symbol.for("z")]: 2 }).length, Reflect.has({ a: 1 }, "a"), Reflect.apply(Math.max, null, [1, 3]), Reflect.construct(Date, [0]).getTime());
// %% Object.create, getPrototypeOf, isPrototypeOf
const cr = Object.create({ up: 1 }, { own: { value: 2, enumerable: true } });
console.log(cr.up, cr.own, Object.getPrototypeOf(cr).up, Object.prototype.isPrototypeOf.call(Object.getPrototypeOf(cr), cr));
// %% entries, fromEntries, groupBy by hand, assign
const e = Object.fromEntries(Object.entries({ a: 1, b: 2 }).map(([k, v]) => [k + k, v * 2]));
console.log(e, Object.assign({}, e, { c: 1 }));
// %% enumeration order
console.log(Object.keys({ b: 1, 2: 1, a: 1, 1: 1, [Symbol("s")]: 1 }).join());
// %% copy of nested objects
const orig = { a: { b: [1] } }, shallow = { ...orig }, deep = structuredClone(orig);
orig.a.b.push(2);
console.log(shallow.a.b.length, deep.a.b.length);
// %% equality
// @ts-ignore
console.log(Object.is(NaN, NaN), NaN === NaN, Object.is(0, -0), 0 === -0, {} === {}, [1] == (1 as any));
// %% object with null prototype
const bare = Object.create(null);
bare.k = 1;
console.log("toString" in bare, Object.keys(bare).join());
// %% methods and arrows in literals
const ma = { v: 1, arrow: () => typeof this, method() { return (() => this.v)(); } };
console.log(ma.method());
// %% computed accessors
const nm = "dyn";
const ca = { get [nm]() { return 1; }, set [nm](_: number) {}, [Symbol.toStringTag]: "Tag" };
console.log(ca.dyn, String(ca));
// %% JSON
console.log(JSON.stringify({ a: undefined, b: () => 1, c: NaN, d: new Date(0), e: [undefined], f: { toJSON: () => "j" } }), JSON.parse('{"a":[1,{"b":null}]}', (k, v) => (k === "b" ? 5 : v)).a[1].b);
// %% circular structures
const circ: any = { n: 1 };
circ.me = circ;
console.log(circ);
JSON.stringify(circ);
// %% chained setters on a session object
const conf: { a?: number; b?: number } = {};
conf.a = conf.b = 3;
console.log(conf);
// %% object holding functions over session names
let scale = 2;
const ops = { twice: (n: number) => n * scale, set: (k: number) => { scale = k; } };
ops.set(10);
console.log(ops.twice(3), scale);
// %% tagged templates
const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.raw.join("|") + v.join();
console.log(tag`a${1}\n${2}c`, String.raw`\x${1}`, tag``);
// %% tagged template strings are one object a place
const ids: TemplateStringsArray[] = [];
const keep = (s: TemplateStringsArray) => { ids.push(s); };
for (let i = 0; i < 2; i++) keep`same`;
keep`same`;
console.log(ids[0] === ids[1], ids[0] === ids[2], Object.isFrozen(ids[0]));
// %% tagged template by a member, with this, and chained
const tm = { v: 1, t(s: TemplateStringsArray) { return s[0]! + this.v; } }, tc = (s: TemplateStringsArray) => (r: TemplateStringsArray) => s[0]! + r[0]!;
console.log(tm.t`x`, tc`a``b`);
// %% nested templates
const nested = `a${`b${`c${1 + 1}`}`}`;
console.log(nested, `line
two`, `${{}}`, `\u{1F600}`.length);
