// const, let and var: lists, redeclaration, initialisers that read earlier names, assignment.

// %% second declarator reads the first
const a = 1, b = a + 1;
console.log(a, b);
// %% third reads both
let w = 4, h = w * 2, area = w * h;
console.log(w, h, area);
// %% array and its length in one list
const arr = [1, 2, 3], len = arr.length, last = arr[len - 1];
console.log(len, last);
// %% redeclared list reads its own new value
const pace = 10, twice = pace * 2;
console.log(twice);
// %% var list
var v1 = 1, v2 = v1 + 1, v3 = v1 + v2;
console.log(v1, v2, v3);
// %% var without a value keeps the value it has
var kept = 5;
var kept: number;
console.log(kept);
// %% var again with another value | whole: the second hides the first from the types of its own cell
var again = 1;
var again = again + 1;
console.log(again);
// %% let without a value is undefined
let nothing: number | undefined;
console.log(nothing);
// %% let assigned later
let later: string;
later = "now";
console.log(later);
// %% compound assignments
let n = 10;
n += 5; n -= 3; n *= 2; n /= 4; n %= 4; n **= 3; n <<= 2; n >>= 1; n |= 1; n &= 7; n ^= 2;
console.log(n);
// %% logical assignments
let p: number | null = null, q: number = 0, r: number = 1;
p ??= 7;
q ||= 8;
r &&= 9;
console.log(p, q, r);
// %% increment as expression
let i = 1;
console.log(i++ + ++i, i, i-- - --i, i);
// %% chained assignment
let c1: number, c2: number, c3: number;
c1 = c2 = c3 = 4;
console.log(c1, c2, c3);
// %% assignment is an expression
let seen = 0;
console.log((seen = 3) + seen);
// %% swap by destructuring
let left = 1, right = 2;
[left, right] = [right, left];
console.log(left, right);
// %% const object may change inside
const box = { value: 1 };
box.value++;
console.log(box.value);
// %% names of anonymous functions and classes
const arrow = () => 1, fn = function () { return 2; }, Cls = class {};
console.log(arrow.name, fn.name, Cls.name);
// %% names by let and by assignment
let late: () => number;
late = () => 1;
console.log(late.name);
// %% name of a function in a list with defaults
const { f1 = () => 1, f2 = f1 } = {} as { f1?: () => number; f2?: () => number };
console.log(f1.name, f2.name, f1 === f2);
// %% initialiser with a comma expression
// @ts-ignore
const comma = (1, 2, 3);
console.log(comma);
// %% initialiser that calls a function declared above
function make(n: number) { return { n }; }
const made = make(3), next = make(made.n + 1);
console.log(next.n);
// %% unused declaration with an effect
let effects = 0;
const ignored = effects++;
console.log(effects, ignored);
// %% declarations in a block do not leak
let outer = 1;
{ let outer = 2; const inner = outer + 1; console.log(outer, inner); }
console.log(outer);
// %% var in a block is the program's
{ var leaked = 3; }
console.log(leaked);
// %% var in a nested block in an if
if (true) { { var deep = 1, deeper = deep + 1; } }
console.log(deep, deeper);
// %% var in for head
for (var j = 2, m = j + 5; j < m; j++);
console.log(j, m);
// %% var in for-of and for-in heads
for (var of1 of [1, 2, 3]);
for (var in1 in { x: 1, y: 2 });
// @ts-ignore
console.log(of1, in1);
// %% var in try, catch and finally
// @ts-ignore
try { var t1 = 1; throw 0; } catch { var t2 = t1 + 1; } finally { var t3 = 3; }
// @ts-ignore
console.log(t1, t2, t3);
// %% var in switch
switch (2 as number) { case 1: var s1 = 1; break; case 2: var s2 = 2; }
console.log(s1!, s2!);
// %% var used before its statement | whole: a cell knows nothing of the next one
// @ts-ignore
console.log(early);
var early = 1;
console.log(early);
// %% let shadows var of the same name in a block
var shade = "var";
{ let shade = "let"; console.log(shade); }
console.log(shade);
// %% const enum-like object
const Colour = { red: 0, green: 1 } as const;
type Colour = (typeof Colour)[keyof typeof Colour];
const col: Colour = Colour.green;
console.log(col);
// %% definite assignment assertion
let definite!: number;
const set = () => { definite = 4; };
set();
console.log(definite);
// %% unicode identifiers
const α = 0.1, β = α * 2, Δx = β - α, 変数 = "name", ñ = 1;
console.log(α, β, Δx.toFixed(1), 変数, ñ);
// %% escaped identifiers
const \u0061bc = 5;
console.log(abc);
// %% dollar and underscore
const $ = 1, _ = 2, $$ = $ + _, __ = $$ * 2, _$ = __;
console.log($, _, $$, __, _$);
// %% contextual keywords as names
const of = 1, get = 2, async = 4, from = 5, as = 6, type = 7, declare = 8, namespace = 9, target = 10, static_ = 11;
console.log(of + get + async + from + as + type + declare + namespace + target + static_);
// %% more contextual keywords as names
let set2 = 1, accessor = 2, satisfies = 3, is = 4, keyof_ = 5, module1 = 6, abstract = 7, override = 8, out = 9;
console.log(set2, accessor, satisfies, is, keyof_, module1, abstract, override, out);
// %% using several statements on one line without semicolons between lines
const x1 = 1
const x2 = 2
const x3 = x1 + x2
;[x1, x2].forEach((x) => console.log(x))
console.log(x3)
// %% a line that begins with a parenthesis after a semicolon
const y1 = 1
;(() => console.log("called", y1))()
// %% template begins a line
const tpl = 3
;`${tpl}`.split("").forEach((c) => console.log(c))
// %% empty statements
;;; const z = 1;;;
console.log(z);;
// %% long list with every kind of value
const num = 1, str = "s", bool = true, nul = null, und = undefined, big = 10n, sym = Symbol("d"), re = /x/g,
  obj = { num, str }, list = [num, str, bool], fun = () => list.length, cls = class { v = fun() }, ins = new cls();
console.log(num, str, bool, nul, und, big, sym.toString(), re.source, obj, list, fun(), ins.v);
// %% const cannot be assigned
const fixed = 1;
// @ts-expect-error -- at run time too
fixed = 2;
// %% const of an earlier statement cannot be assigned in a function
const frozen = 1;
function thaw() {
  // @ts-expect-error -- at run time too
  frozen = 2;
}
try { thaw(); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(frozen);
// %% a constant that is not empty stays as it is
const full1 = 1, empty1 = 0, none1 = null;
// @ts-ignore -- at run time too
full1 ??= console.log("not evaluated");
// @ts-ignore -- at run time too
full1 ||= console.log("not evaluated");
// @ts-ignore -- at run time too
empty1 &&= console.log("not evaluated");
console.log(full1, empty1);
// @ts-ignore -- at run time too
try { none1 ??= console.log("evaluated"); } catch (e) { console.log((e as Error).name, (e as Error).message); }
// %% no assignment to a constant by a head in `for of`
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { for (target of [5]) console.log(target); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% no assignment to a constant by a head in `for in`
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { for (target in { a: 1 }) console.log(target); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% no assignment to a constant by a array pattern
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { [other, target] = [1, 2]; } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% no assignment to a constant by a object pattern
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { ({ other, target } = { other: 1, target: 2 }); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% no assignment to a constant by a default in a pattern
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { ({ target = 3 } = {}); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% no assignment to a constant by a rest in a pattern
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { ({ other, ...target } = { other: 1 }); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% no assignment to a constant by a deep pattern
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { ({ q: { c: [...target] } } = { q: { c: [2] } }); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% no assignment to a constant by a pattern in the head of a loop
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { for ([target] of [[5]]) console.log(target); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% no assignment to a constant by a sum
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { target += (console.log("evaluated"), 3); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% no assignment to a constant by a count
const target: any = 1; let other: any = 0;
// @ts-ignore -- at run time too
try { target--; } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log(target, other);
// %% a var declared again keeps its value, and may be read where it gets another
var heldCount = 1;
for (let t = 0; t < 2; t++) { var heldInside: number | undefined; console.log(heldInside); heldInside = (heldInside ?? 0) + 1; }
var heldCount = heldCount + 1;
var heldInside: number | undefined;
var heldCount: number;
console.log(heldCount, heldInside);
for (var heldIndex = 0, heldText = "a"; heldIndex < 3; heldIndex++) heldText += heldIndex;
var heldIndex: number, heldText = heldText.toUpperCase();
console.log(heldIndex.toFixed(1), heldText);
var Image = 3, location = { host: "h" };
var Image = Image * 2;
var location: { host: string };
console.log(Image, location.host);
// %% a var declared again by a block, a head or a pattern reads the value that it had
var inner1 = 1, inner2 = [1, 2];
if (inner1) { var inner1 = inner1 + 1; }
for (var inner1 = inner1 * 2; inner1 < 7; inner1++);
var { inner1 } = { inner1: inner1 + 0.5 };
{ var inner2 = [...inner2, 3]; }
console.log(inner1, inner2);
// %% a loop over the variable that its head declares
var over: any = [[1], [2]];
for (var over of over) console.log(over);
console.log(over);
