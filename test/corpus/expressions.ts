// Operators and primary expressions: precedence, evaluation order, coercion, bigint, regexes, numbers, strings.

// %% precedence
console.log(1 + 2 * 3 ** 2 ** 0.5 > 5 && !false || 0, 2 ** -1, (-2) ** 2, 7 % -3, -7 % 3, 1 / -0);
// %% evaluation order
const log: string[] = [];
const t = (s: string, v: number) => { log.push(s); return v; };
const obj: any = { get a() { log.push("obj"); return {}; } };
t("l", 1) + t("r", 2) * t("rr", 3);
obj.a[t("key", 1)] = t("value", 2);
console.log(log.join());
// %% comma, void, conditional
// @ts-ignore
console.log((1, 2), void 0, true ? false ? 1 : 2 : 3);
// %% short circuits
let n = 0;
const bump = () => ++n;
const no = false as boolean, zero = 0 as number | null, nul = null as number | null, empty = "" as string;
no && bump(); !no || bump(); zero ?? bump(); nul ?? bump();
console.log(n, nul ?? "d", zero || "o", empty && "a");
// %% bits
console.log(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 31, -1 >>> 28, -8 >> 1, 2 ** 32 | 0);
// %% coercion
const z: any = [];
// @ts-ignore
console.log(z + {}, +z, z == false, [1, 2] + "", "5" * (2 as any), "5" + 2, null + (1 as any), undefined + (1 as any), "b" + -"a" as any);
// %% typeof of an unknown name
console.log(typeof (globalThis as any).unknownName1, eval("typeof unknownName2"));
// %% bigint
const big = 2n ** 64n;
// @ts-ignore
console.log(big, big % 7n, -5n / 2n, BigInt("0xff"), 1n < 2, 2n == (2 as any), BigInt.asUintN(8, 257n), typeof big, 0n ? 1 : 2);
// %% number forms
console.log(0xff, 0b101, 0o17, 1_000_000, .5, 5., 1e3, 1e-7, 0.1 + 0.2, Number.MAX_SAFE_INTEGER, 5e-324);
// %% number methods
console.log((25).toString(2), (1.005).toFixed(2), parseInt("12px"), Number(""), Number("1e3"), (1234.5).toLocaleString("en-US"), 1..toString());
// %% strings
const s = "añ😀";
console.log(s.length, [...s].length, s.at(0), s.codePointAt(2), s.normalize("NFD").length, "abc".padStart(5, "*"), "a-b-c".replaceAll("-", "+"), "\x41\u0042\u{43}");
// %% escapes
console.log("tab\there", 'it\'s', "new\\line", "\0".length, "line\
continued");
// %% regular expressions
const re = /(?<y>\d{4})-(?<m>\d\d)/u, m = re.exec("on 2015-12")!;
console.log(m.groups!["y"], m.index, "2015-12".replace(re, "$<m>/$<y>"), /a.c/s.test("a\nc"), /^\p{L}+$/u.test("añ"));
// %% regex state
const g = /o/g;
console.log(g.test("foo"), g.lastIndex, "foo".match(/o/g), [..."a1b2".matchAll(/[a-z](\d)/g)].map((x) => x[1]), /x/y.sticky, /(?<=\$)\d+/.exec("a$42")![0]);
// %% regex or division
const a = 10, gg = 2, i = 5;
console.log(a / gg / i, a /gg/ i);
// %% split, join, slices
console.log("a,b,,c".split(","), "abc".split(""), [1, 2, 3].slice(-2), [3, 1, 2].sort(), [10, 9, 1].sort(), [10, 9, 1].sort((p, q) => p - q));
// %% arrays with holes
const holes = [1, , 3];
// @ts-ignore
console.log(holes.length, 1 in holes, holes.map((v) => v * 2), [...holes], Object.keys(holes).join());
// %% array methods
console.log([1, [2, [3]]].flat(Infinity), [1, 2].flatMap((v) => [v, v]), [1, 2, 3].findLast((v) => v < 3), Array.from({ length: 3 }, (_, k) => k), Array.of(7), [1, 2, 3].includes(2), [1, 2, 3].reduceRight((p, c) => p + c, ""), [3, 1].toSorted());
// %% array mutation
const arr = [1, 2, 3, 4];
arr.splice(1, 2, 9); arr.unshift(0); arr.reverse(); arr.length = 3; arr[4] = 5; arr.copyWithin(0, 1); arr.fill(7, 3, 4);
console.log(arr);
// %% new without parentheses and with member
console.log(new Date(0).getTime(), new (class { v = 1; })().v, (new Array(2)).length, new Map<string, number>().size, typeof new Date);
// %% increments on members
const mem = { n: 1, a: [1] }, key = () => "n" as const;
mem[key()]++; --mem.n; mem.a[0]! += 5; mem.n += mem.n++;
console.log(mem);
// %% exponent assignment and logical assignment on members
const la: any = { a: 0, b: null, c: 1 };
la.a ||= 5; la.b ??= 6; la.c &&= 7; la.d ??= 8; la.a **= 2;
console.log(la);
// %% logical assignment does not set when it need not
let sets = 0;
const guard = { get v() { return 1; }, set v(_: number) { sets++; } };
guard.v ||= 2; guard.v ??= 3;
console.log(sets);
// %% spread everywhere
// @ts-ignore
console.log(Math.max(...[1, 2], ...new Set([3])), [...[1], ...[..."ab"]], { ...[5], ..."x" } as any);
// %% new.target and import.meta are syntax
console.log((function () { return new.target; } as any)(), typeof import.meta);
// %% arrow precedence
const f = (x: number) => (y: number) => x ? y : -y, g2 = (x = 1, ...r: number[]) => ({ x, r });
console.log(f(1)(2), f(0)(2), g2(), g2(1, 2, 3));
// %% in operator in a for head
for (let k = ("a" in { a: 1 }) ? 0 : 5; k < 1; k++) console.log(k);
// %% delete of names is refused, of members not
const dm: any = { a: [1, 2] };
console.log(delete dm.a[0], dm.a.length, delete dm["zz"]);
// %% instanceof right side throws
({} as any) instanceof (5 as any);
// %% in with a primitive throws
("a" as any) in ("abc" as any);
// %% labels that look like objects
{ a1: 1; }
console.log(({ a1: 1 }).a1);
// %% dates
const d = new Date(Date.UTC(2015, 11, 10, 1, 2, 3));
console.log(d.toISOString(), d.getTime(), new Date("bad").getTime(), JSON.stringify(d));
// %% Intl
console.log(new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 }).format(1234.56), ["b", "a", "C"].sort(new Intl.Collator("en").compare).join());
// %% HTML-like and other comments
/* block */ const c1 = 1 /* inline */ + 1; // end
console.log(c1 /* last */);
// %% automatic semicolons
let as1 = 1
let as2 = as1
++as2
const as3 = () => { return
  5 }
console.log(as1, as2, as3())
// %% getter on the global seen as a name
Object.defineProperty(globalThis, "answer1", { get: () => 42, configurable: true });
console.log((globalThis as any).answer1, eval("answer1"));
// %% indirect and direct eval
const ev = "outer";
console.log((0, eval)("1 + 1"), eval("2 + 2"), eval("var evv = 3; evv"), typeof (globalThis as any).evv);
// %% Function constructor
console.log(new Function("a", "b", "return a + b")(1, 2));
// %% NaN and infinities print
console.log(0 / 0, 1 / 0, -0, [-0], Object.is(-0 + 0, 0), [NaN].includes(NaN), [NaN].indexOf(NaN));
// %% chained comparisons and ternaries
const cmp = (p: number, q: number) => p < q ? -1 : p > q ? 1 : 0;
console.log([3, 1, 2].sort(cmp), (1 < 2) as any < 3, (3 > 2) as any > 1);
