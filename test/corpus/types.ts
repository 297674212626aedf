// TypeScript's own: enums, namespaces, interfaces, generics, assertions, erased and emitted forms, overload groups.

// %% enum
enum Mode { Train, Infer, Both = 10, Next }
console.log(Mode.Train, Mode.Infer, Mode.Both, Mode.Next, Mode[10], Mode[0]);
// %% enum over strings
enum Act { Relu = "relu", Tanh = "tanh" }
console.log(Act.Relu, Object.keys(Act).join(), Object.values(Act).join());
// %% enum with computed members
const base = 4;
enum Bits { A = 1 << 0, B = 1 << 1, AB = A | B, Len = "four".length, Base = base * 2 }
console.log(Bits.AB, Bits.Len, Bits.Base, Bits[3]);
// %% const enum
const enum Size { Small = 1, Large = Small + 1, Name = "n" }
console.log(Size.Small, Size.Large, Size.Name);
// %% enum in a switch and as a type
enum Stage1 { One, Two }
const stageName = (s: Stage1) => { switch (s) { case Stage1.One: return "one"; case Stage1.Two: return "two"; } };
console.log(stageName(Stage1.Two));
// %% enum members refer to another enum
enum First1 { A = 1 }
enum Second1 { B = First1.A + 1, C = B + First1.A }
console.log(Second1.B, Second1.C);
// %% enums merge
enum Merge1 { A }
enum Merge1 { B = 1 }
console.log(Merge1.A, Merge1.B, Merge1[1]);
// %% enum in a block and in a function
{ enum Local1 { A = 5 } console.log(Local1.A); }
const inFn = () => { enum Local2 { B = 6 } return Local2.B; };
console.log(inFn());
// %% namespace
namespace Geo1 { export const unit = 2; const hidden = 3; export function area(r: number) { return r * r * unit + hidden; } }
console.log(Geo1.area(2), Object.keys(Geo1).join());
// %% namespaces merge
namespace Math1 { export const one = 1; }
namespace Math1 { export const two = one + 1; export class C { v = two; } }
console.log(Math1.one, Math1.two, new Math1.C().v);
// %% nested and dotted namespaces
namespace Net1.Block { export const depth = 2; export namespace Unit { export let width = depth * 8; } }
Net1.Block.Unit.width += 1;
console.log(Net1.Block.Unit.width);
// %% namespace merges with a function
function build1(n: number) { return "f" + n; }
namespace build1 { export let prefix = "b"; }
build1.prefix = "c";
console.log(build1(4), build1.prefix);
// %% namespace merges with a class
class Tensor1 { constructor(readonly v: number) {} }
namespace Tensor1 { export const zero = () => new Tensor1(0); export interface Options { v?: number; } }
const opts1: Tensor1.Options = { v: 1 };
console.log(Tensor1.zero().v, opts1.v);
// %% namespace merges with an enum
enum Level1 { Low, High }
namespace Level1 { export const parse = (s: string) => (s === "high" ? Level1.High : Level1.Low); }
console.log(Level1.parse("high"));
// %% namespace of types only is nothing at run time
namespace Types1 { export interface P { x: number; } export type Q = P | null; }
const q1: Types1.P = { x: 1 }, q2: Types1.Q = null;
console.log(q1.x, q2);
// %% namespace with a let that changes
namespace Live1 { export let n = 0; export const bump = () => ++n; }
Live1.bump(); Live1.bump();
console.log(Live1.n);
// %% namespace with enum, class and destructuring
namespace Many1 { export const [a, { b }] = [1, { b: 2 }] as const; export enum E { X = 3 } export abstract class K { static s = 4; } }
console.log(Many1.a, Many1.b, Many1.E.X, Many1.K.s);
// %% interfaces merge
interface Shape2 { w: number; }
interface Shape2 { h: number; }
const shape2: Shape2 = { w: 1, h: 2 };
console.log(shape2.w + shape2.h);
// %% interface extends and generic
interface Has1<T> { v: T; }
interface Both1 extends Has1<string> { n: number; }
const both1: Both1 = { v: "v", n: 1 };
console.log(both1);
// %% a value does not make a type of its name unknown
interface Rate1 { v: number; }
const Rate1 = 5;
const rate1: Rate1 = { v: Rate1 };
console.log(rate1.v);
// %% type aliases: unions, conditional, mapped, template, recursive
type Id1 = `id-${number}`;
type Deep1<T> = T extends object ? { readonly [K in keyof T]: Deep1<T[K]> } : T;
type El1<T> = T extends readonly (infer E)[] ? E : never;
type Json1 = string | number | null | Json1[] | { [k: string]: Json1 };
const id1: Id1 = "id-5", deep1: Deep1<{ a: { b: number } }> = { a: { b: 1 } }, el1: El1<string[]> = "e", js1: Json1 = [1, { a: null }];
console.log(id1, deep1, el1, js1);
// %% satisfies, as const, as, non-null, angle brackets
const conf = { depth: 20, act: "relu" } satisfies Record<string, string | number>;
const lit = ["a", "b"] as const;
const asAny = <unknown>5 as number;
const nn: number | undefined = [1].find((x) => x === 1);
console.log(conf.depth + 1, lit[0], asAny, nn! + 1);
// %% generic functions and defaults
function wrap<T = string>(v: T): { v: T } { return { v }; }
const tuple1 = <A, const B extends readonly unknown[]>(a: A, b: B) => [a, ...b] as const;
console.log(wrap("s").v, wrap<number>(1).v, tuple1(1, [2, "x"]));
// %% keyof typeof, indexed access, utility types
const table = { a: 1, b: "x" };
type Key1 = keyof typeof table;
const pickT: Pick<typeof table, "a"> = { a: 2 }, keys1: Key1[] = ["a", "b"], part1: Partial<typeof table> = {};
console.log(pickT.a, keys1, part1);
// %% discriminated union
type Op1 = { kind: "add"; n: number } | { kind: "neg" };
const run1 = (o: Op1, x: number) => (o.kind === "add" ? x + o.n : -x);
console.log(run1({ kind: "add", n: 2 }, 1), run1({ kind: "neg" }, 1));
// %% exhaustive never
type Sw1 = "a" | "b";
const exh = (s: Sw1): number => { switch (s) { case "a": return 1; case "b": return 2; default: { const no: never = s; return no; } } };
console.log(exh("b"));
// %% abstract class and interface types across statements
interface Op2 { run(x: number): number; }
abstract class Base2 implements Op2 { abstract run(x: number): number; twice(x: number) { return this.run(this.run(x)); } }
class Inc2 extends Base2 { run(x: number) { return x + 1; } }
const op2: Op2 = new Inc2();
console.log(op2.run(1), new Inc2().twice(1));
// %% types that refer to each other | whole: the second type is unknown to the first cell
interface Tree2 { kids: Forest2; }
type Forest2 = Tree2[];
const forest2: Forest2 = [{ kids: [] }];
console.log(forest2.length);
// %% declare and ambient
(globalThis as any).ambient1 = 5;
declare const ambient1: number;
console.log(ambient1);
// %% declare global
declare global { var fromGlobal1: string | undefined; }
globalThis.fromGlobal1 = "g";
console.log(fromGlobal1);
// %% declare function and class stay types
declare function neverThere(x: number): string;
declare class NoClass { v: number; }
function neverThere1(): undefined | NoClass { return undefined; }
console.log(typeof neverThere1(), "ok");
// %% export forms of a program
export const ex1 = 1;
export function ex2() { return ex1 + 1; }
export class Ex3 { v = ex2(); }
export enum Ex4 { A = 7 }
export type Ex5 = number;
export { ex1 as renamedEx };
console.log(ex1, ex2(), new Ex3().v, Ex4.A);
// %% export default expression
const def = { v: 1 };
export default def;
console.log(def.v);
// %% export default class and function with names
export default class DefK { x = 1; }
console.log(new DefK().x);
// %% export default function with a name
export default function defF() { return 2; }
console.log(defF());
// %% export default nameless function
export default function () { return 1; }
console.log("ok");
// %% optional, readonly, index signatures, tuples with names
type Rec1 = { readonly id: number; tag?: string; [k: `x-${string}`]: number };
const rec1: Rec1 = { id: 1, "x-a": 2 };
type Named1 = [first: string, second?: number, ...rest: boolean[]];
const named1: Named1 = ["a", 1, true];
console.log(rec1["x-a"], rec1.tag, named1.length);
// %% unique symbol and symbol keys in types
const brand: unique symbol = Symbol("brand");
interface Branded1 { [brand]: number; }
const br1: Branded1 = { [brand]: 3 };
console.log(br1[brand]);
// %% this types
class Fluent1 { n = 0; add(k: number): this { this.n += k; return this; } }
class Fluent2 extends Fluent1 { mul(k: number): this { this.n *= k; return this; } }
console.log(new Fluent2().add(2).mul(3).n);
// %% overloads with generics on a method
class Pick1 { get(k: "n"): number; get(k: "s"): string; get(k: string): unknown { return k === "n" ? 1 : "s"; } }
console.log(new Pick1().get("n") + 1, new Pick1().get("s").length);
// %% narrowing within a statement
const maybe1 = [1, "two", null] as (number | string | null)[];
console.log(maybe1.map((x) => (typeof x === "string" ? x.length : x === null ? -1 : x.toFixed(1))));
// %% type-only import and import of a type with a value
import type { Stats } from "node:fs";
import { type Dirent, existsSync } from "node:fs";
const st1: Stats | Dirent | undefined = undefined;
console.log(st1, existsSync("/"));
// %% triple-slash and pragma comments are comments
// @ts-ignore
const ign: number = "text";
console.log(ign);
// %% class with declare field and definite assignment
class Def1 { a!: number; declare readonly b: string; static c: number; }
console.log(Object.keys(new Def1()).join(), Def1.c);
// %% constructor overloads and optional parameters
class Ov1 { v: number; constructor(); constructor(v: number); constructor(v?: number) { this.v = v ?? 9; } }
console.log(new Ov1().v, new Ov1(1).v);
// %% asserts and guards in classes
class G1a { isReady = false; ready(): this is this & { data: string } { return this.isReady; } }
console.log(new G1a().ready());
// %% big union and literal inference over statements
const kinds1 = ["a", "b"] as const;
type Kind1 = (typeof kinds1)[number];
const kind1: Kind1 = kinds1[1];
console.log(kind1);
// %% function with a local interface as its result
function load1() { interface Row { id: number } return [{ id: 1 }] as Row[]; }
const rows1 = load1();
console.log(rows1.length);
console.log(rows1[0]!.id);
// %% anonymous class with private members as a value
const Anon1 = class { private p = 1; protected q = 2; sum() { return this.p + this.q; } };
const anon1 = new Anon1();
console.log(anon1.sum());
// %% symbols and unique types in a const object
const symObj = { [Symbol.iterator]: function* () { yield 1; }, [Symbol.for("k")]: 2 };
console.log([...symObj], symObj[Symbol.for("k") as never]);
// %% recursive inferred function type
const curry1 = (n: number) => (m: number) => (k: number) => ({ n, m, k, again: () => curry1(n) });
console.log(curry1(1)(2)(3).again()(4)(5).m);
// %% accessors with different types
class Acc1 { #v = 0; get v(): number { return this.#v; } set v(x: number | string) { this.#v = Number(x); } }
const acc1 = new Acc1();
acc1.v = "5";
console.log(acc1.v);
// %% export default nameless class
export default class { x = 1; }
console.log("ok");
// %% import alias of a namespace
namespace Outer2 { export namespace Inner { export const z = 9; } }
import Al = Outer2.Inner;
console.log(Al.z);
// %% import alias of a value and of a type
namespace Lib1 { export const v = 1; export type T = number; }
import val1 = Lib1.v;
import Ty1 = Lib1.T;
const ty1: Ty1 = val1;
console.log(ty1);
// %% interface merges with a class
interface Ext1 { extra(): number; }
class Ext1 { own() { return 1; } }
Ext1.prototype.extra = () => 2;
console.log(new Ext1().own() + new Ext1().extra());
// %% an enum's later part names members of its earlier one, and another enum those of both
enum Rank { Low, Mid = 10, High }
enum Rank { Top = High + 1, Same = Rank.Low + Top, "x-y" = Mid }
enum RankUse { Top = Rank.Top, Size = `${Rank.Mid}`.length, Below = -1 }
console.log(Rank, RankUse, RankUse[-1], Rank["Mid"]);
enum Rank { Text = "t" + "u", Copy = Text, Computed = "abc".length }
console.log(Rank.Copy, Rank.Computed, Rank.Top);
// %% enum and namespace merging
enum Colour { Red = 1, Green = Red << 1 }
namespace Colour { export const parse = (s: keyof typeof Colour) => Colour[s]; export let last = Colour.Green; }
namespace Colour { export const next = (c: Colour) => { last = c; return Colour[c + 1]; }; }
console.log(Colour.parse("Green"), Colour.next(Colour.Red), Colour.last, Object.keys(Colour).join());
class Cls { static a = Cls.name; }
namespace Cls { export class Inner { get n() { return Cls.a + 1; } } }
console.log(new Cls.Inner().n);
