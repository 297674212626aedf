// Names that the kernel, Node, TypeScript or the language could want for themselves: a program may have them all.

// %% names of CommonJS as variables | whole: a module's own names
const module = { exports: 1 };
const exports = [2], require = (x: string) => x + "!";
console.log(module.exports, exports, require("a"));
// %% names of Object.prototype as variables, in shorthands
const constructor = 1, toString = () => "own", hasOwnProperty = 3, valueOf = 4, isPrototypeOf = 5;
const o = { constructor, toString, hasOwnProperty, valueOf };
console.log(Object.keys(o), o.toString(), `${{}}`, constructor + hasOwnProperty + valueOf + isPrototypeOf);
let { constructor: c2, ...rest } = o;
console.log(c2, Object.keys(rest));
// %% a name with a middle dot
const a·b = 1, performance· = 2;
console.log(a·b, performance·);
// %% kernel
const kernel = [[1, 0], [0, 1]];
console.log(kernel.length, kernel);
// %% kernel in a pattern
const { kernel: k0, stride } = { kernel: 3, stride: 1 };
let kernel = { size: k0 };
console.log(kernel.size * 2 + stride);
// %% kernel as a function
function kernel(x: number) { return Math.exp(-x * x); }
console.log(kernel(0));
// %% kernel as a class
class kernel { size = 3; }
console.log(new kernel().size);
// %% cell
const cell = "my cell";
async function ask() { await 1; return cell; }
console.log(cell, await ask());
// %% result and value
let result = 1, value = 2, outcome = 3, output = 4, input1 = 5;
console.log(result + value + outcome + output + input1);
// %% require as a name
const require = (s: string) => "required " + s;
console.log(require("x"));
// %% module and exports
const module = { exports: 1 }, exports = 2;
console.log(module.exports + exports);
// %% console shadowed in a function
function quiet() { const console = { log: (s: string) => s }; return console.log("shadowed"); }
console.log(quiet());
// %% console shadowed in a block
{ const console = { warn: () => 1 }; console.warn(); }
console.log("still here");
// %% console shadowed by a parameter and a loop
for (const console of [1]) void console;
[2].forEach((console) => console + 1);
console.log("ok");
// %% console declared at top level
const print = globalThis.console.log;
const console = { log: (...a: unknown[]) => print("mine:", ...a) };
console.log(1);
// %% process declared
const process = { pid: "mine" };
globalThis.console.log(process.pid);
// %% Map and Set declared
class Map { v = "map"; }
const Set = "set";
globalThis.console.log(new Map().v, Set);
// %% Map and Set are Node's again elsewhere
const counted = new globalThis.Map([[1, 2]]);
globalThis.console.log(counted.get(1), new globalThis.Set([1, 1]).size);
// %% Promise declared and await still works
const Promise = 5;
const awaited = await globalThis.Promise.resolve(Promise);
globalThis.console.log(awaited);
// %% Error declared
class Error { message = "my error"; }
globalThis.console.log(new Error().message);
// %% Object and Array declared
const Object = 1, Array = 2;
globalThis.console.log(Object + Array, { a: 1, ...{ b: 2 } }, [...[1, 2]]);
// %% Symbol and Reflect declared
const Symbol = "s", Reflect = "r", Proxy = "p";
globalThis.console.log(Symbol + Reflect + Proxy);
// %% setTimeout declared as a function
function setTimeout(f: () => string) { return f(); }
globalThis.console.log(setTimeout(() => "at once"));
// %% fetch, name, event, status, performance, Buffer declared
const fetch = 1, name = 2, event = 3, status = 4, performance = 5, Buffer = 6, URL = 7, structuredClone = 8;
globalThis.console.log(fetch + name + event + status + performance + Buffer + URL + structuredClone);
// %% var of a global's name leaves the global
var queueMicrotask = "var" as any;
globalThis.console.log(queueMicrotask, typeof globalThis.queueMicrotask);
// %% function of a global's name leaves the global
function clearTimeout() { return "mine"; }
globalThis.console.log(clearTimeout(), typeof globalThis.clearTimeout, (globalThis as any).clearTimeout === clearTimeout);
// %% toString, valueOf, constructor, hasOwnProperty
const toString = 1, valueOf = 2, constructor = 3, hasOwnProperty = 4, isPrototypeOf = 5, propertyIsEnumerable = 6;
globalThis.console.log(toString + valueOf + constructor + hasOwnProperty + isPrototypeOf + propertyIsEnumerable);
// %% eval is no name in strict code, but a method's
const holder = { eval: () => "eval", arguments: 1 };
globalThis.console.log(holder.eval(), holder.arguments);
// %% let named async, used as a call
const async = (x: number) => x + 1;
globalThis.console.log(async(1));
// %% of in for of
const of = [1, 2];
for (const x of of) globalThis.console.log(x);
// %% undefined, NaN and Infinity as parameters and in blocks
{ const undefined = 1, NaN = 2, Infinity = 3; globalThis.console.log(undefined + NaN + Infinity); }
// %% globalThis is a parameter
const g = (globalThis: number) => globalThis + 1;
globalThis.console.log(g(1));
// %% names of tslib and of what the compiler emits
const __decorate = 1, __awaiter = 2, __esDecorate = 3, __addDisposableResource = 4, _a = 5, _b = 6, env_1 = 7, e_1 = 8, __extends = 9;
globalThis.console.log(__decorate + __awaiter + __esDecorate + __addDisposableResource + _a + _b + env_1 + e_1 + __extends);
// %% names with the middle dot
const x· = 1, kernel· = 2, cell· = 3, module·1 = 4, x = 5;
globalThis.console.log(x· + kernel· + cell· + module·1 + x);
// %% names with zero-width joiners and combining marks
const a\u200d = 1, é = 2, e\u0301 = 3;
globalThis.console.log(a\u200d + é + e\u0301);
// %% names that differ in case and in underscores
const loop = 1, Loop = 2, _loop = 3, loop_ = 4, __loop = 5;
globalThis.console.log(loop, Loop, _loop, loop_, __loop);
// %% display, progress, clearOutput and input as a program's own
const display = 1, progress = 2, clearOutput = 3, input = 4;
globalThis.console.log(display + progress + clearOutput + input);
// %% tslab, residual, load, imports, resume as names
const tslab = 1, residual = 2, load = 3, imports = 4, resumed = 5, pace1 = 6, reached = 7;
globalThis.console.log(tslab + residual + load + imports + resumed + pace1 + reached);
// %% a label, a property, a type and a value of one name
type same = number;
const same: same = 1;
same: { globalThis.console.log({ same }); break same; }
// %% a type and a value of one name, told apart
interface Twin { v: number; }
const Twin = { make: (v: number): Twin => ({ v }) };
globalThis.console.log(Twin.make(3).v);
// %% reserved words as members
const words = { class: 1, new: 2, function: 3, default: 4, if: 5, await: 6, yield: 7, let: 8, static: 9, enum: 10 };
globalThis.console.log(words.class + words.new + words.function + words.default + words.if + words.await + words.yield + words.let + words.static + words.enum);
// %% __proto__ as a name
const __proto__ = 5;
globalThis.console.log(__proto__);
// %% __dirname, __filename as names
const __dirname = "d", __filename = "f";
globalThis.console.log(__dirname + __filename);
// %% __proto__ as a shorthand
const __proto__ = { a: 1 };
const withProto = { __proto__ };
globalThis.console.log(globalThis.Object.keys(withProto), globalThis.Object.getPrototypeOf(withProto) === globalThis.Object.prototype);
let taken: any; ({ __proto__: taken } = { ["__proto__"]: 7 } as any);
globalThis.console.log(taken);
// %% a class with a name of the platform knows itself
class Request {
  static base = "x";
  static full = Request.base + "y";
  static { globalThis.console.log(Request.full); }
  make() { return new Request(); }
}
globalThis.console.log(Request.name, new Request().make() instanceof Request);
// %% a decorated class with a name of the platform
const keep = <T>(c: T, context: ClassDecoratorContext) => { globalThis.console.log(context.name); return c; };
@keep class Worker { static own = Worker.name; @((_: unknown, c: ClassMethodDecoratorContext) => { globalThis.console.log(c.name); }) me() { return new Worker(); } }
globalThis.console.log(Worker.name, Worker.own, new Worker().me() instanceof Worker);
// %% an abstract class with a name of the platform, and a namespace with more of it
abstract class Response { abstract a(): number; static make() { return new (class extends Response { a() { return 2; } })(); } }
namespace Response { export const extra = 5; }
globalThis.console.log(Response.make().a(), Response.extra, Response.name);
// %% names of nameless functions and classes
const { Image: self = class {}, a: { b: Event = () => 1 } = {} } = {} as any;
let Image: any;
Image = class {}; const n1 = Image.name; Image = undefined;
Image ??= () => {}; const n2 = Image.name;
[Image = () => {}] = [] as any; const n3 = Image.name;
({ a: Image = (() => {}) } = {} as any); const n4 = Image.name;
({ Image = (class {} as any) } = {} as any); const n5 = Image.name;
var [Blob = function () {}, { File = async () => {} } = {} as any] = [] as any[];
globalThis.console.log(self.name, Event.name, n1, n2, n3, n4, n5, Blob.name, File.name);
for (const { Headers = () => 1 } of [{}] as any[]) globalThis.console.log(Headers.name);
