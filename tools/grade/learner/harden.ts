// Makes the language's own objects unchangeable before a learner's code runs, because an exercise's drive works with them beside it.
import { createRequire, syncBuiltinESMExports } from "node:module";
import { createContext, runInContext, runInThisContext } from "node:vm";

/** Names that no code may give to something else. */
const globals = [
  ...["Object", "Function", "Array", "String", "Number", "Boolean", "BigInt", "Symbol", "Math", "JSON"],
  ...["Reflect", "Promise", "Map", "Set", "WeakMap", "WeakSet", "RegExp", "Proxy", "ArrayBuffer", "DataView"],
  ...["Buffer", "Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"],
  ...["AggregateError", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array"],
  ...["Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"],
  ...["isNaN", "isFinite", "parseInt", "parseFloat"],
  // Node's own: by a copy of the input a check sees that an answer has changed it.
  ...["structuredClone", "queueMicrotask", "TextEncoder", "TextDecoder"],
];
/** What syntax makes without naming it: iterators, generators and asynchronous functions, whose `next` or `then` a loop or `await` calls. */
const unnamed = `[
  [][Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](), ""[Symbol.iterator](), "".matchAll(/x/g),
  function* () {}, async function* () {}, async () => {}, (function* () {})(), (async function* () {})(),
]`;

/** A notebook may well replace chance and time, and how a stack is written. */
const replaceable = new Set<PropertyKey>([
  ...["random", "now", "stackTraceLimit", "prepareStackTrace", "captureStackTrace"],
]);
/** Every object may have one of its own by plain assignment, which a constant one that it inherits would forbid. */
const overridden = new Set<PropertyKey>([
  ...["constructor", "toString", "toLocaleString", "valueOf", "name", "message"],
]);

/**
 * Fixes the functions of the language's own objects and the names that they have; adding to arrays' prototype stays possible, as some
 * libraries do. Also shuts the doors by which code reads its own process's memory in comfort, or watches the drive's promises.
 */
export function harden(): void {
  for (const name of globals)
    Object.defineProperty(globalThis, name, {
      value: (globalThis as Record<string, unknown>)[name],
      writable: false,
      configurable: false,
    });
  fixIntrinsics();
  // What `await`, JSON, arithmetic and `concat` would ask a plain result for.
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
  for (const key of ["then", "toJSON", Symbol.toPrimitive, Symbol.isConcatSpreadable])
    for (const object of [Array.prototype, typedArray])
      Object.defineProperty(object, key, { value: undefined });
  Object.preventExtensions(Object.prototype);

  // The modules' own objects, which all who require them share.
  const require = createRequire(__filename);
  const inspector = require("node:inspector") as { Session: { prototype: object } };
  const session = inspector.Session.prototype as Record<string, unknown>;
  lock(session, ["connect", "connectToMainThread"]);
  // The kernel runs cells by a session of its own, which one of these in its place would be given.
  for (const key of ["post", "disconnect", "emit", "on", "once"])
    Object.defineProperty(session, key, { value: session[key], writable: false, configurable: false });
  lock(inspector, ["open", "Session"]);
  lock(require("node:worker_threads") as object, ["Worker"]);
  // Hooks on modules run in a thread of their own.
  lock(require("node:module") as object, ["register"]);
  const v8 = require("node:v8") as { promiseHooks: object };
  lock(v8, ["setFlagsFromString", "queryObjects", "getHeapSnapshot", "writeHeapSnapshot"]);
  lock(v8.promiseHooks, Object.keys(v8.promiseHooks));
  lock(require("node:async_hooks") as object, ["createHook", "executionAsyncResource"]);
  // Node's inner parts: those that write files see the channel's key, others are a debugger.
  lock(process, ["binding", "_linkedBinding"]);
  // An import sees a copy of what a module exports.
  syncBuiltinESMExports();
  // Node would start its debugger.
  process.on("SIGUSR1", () => undefined);
}

/**
 * Fixes what the modules below a folder that are loaded by now export, such as the library's, by which a drive reads what an answer gives:
 * a learner's code finds each in the cache of modules.
 */
export function fixModules(folder: string): void {
  const { cache } = createRequire(__filename);
  for (const [path, module] of Object.entries(cache))
    if (path.startsWith(folder)) Object.freeze(module?.exports);
}

/**
 * Fixes every object that the language brings: what a new realm's names and syntax lead to, and its like in this one, because here other
 * objects hang on them.
 */
function fixIntrinsics(): void {
  const realm = createContext();
  const theirGlobal = runInContext("globalThis", realm) as Record<string, unknown>;
  const pending: [their: object, our: object][] = [
    [theirGlobal["Uint8Array"] as object, Buffer],
    [(theirGlobal["Uint8Array"] as { prototype: object }).prototype, Buffer.prototype],
  ];
  const add = (their: unknown, our: unknown): void => {
    if (isObject(their) && isObject(our)) pending.push([their, our]);
  };
  for (const name of Object.getOwnPropertyNames(theirGlobal))
    if (name !== "globalThis" && name !== "console")
      add(theirGlobal[name], (globalThis as Record<string, unknown>)[name]);
  const theirs = runInContext(unnamed, realm) as object[];
  (runInThisContext(unnamed) as object[]).forEach((our, index) => {
    add(Object.getPrototypeOf(theirs[index]), Object.getPrototypeOf(our));
  });
  const fixed = new Set<object>();
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [their, our] = pair;
    if (fixed.has(our)) continue;
    fixed.add(our);
    const keys = fix(our);
    add(Object.getPrototypeOf(their), Object.getPrototypeOf(our));
    for (const key of keys) {
      const like = Object.getOwnPropertyDescriptor(their, key);
      if (!like) continue;
      const own = Object.getOwnPropertyDescriptor(our, key)!;
      for (const part of parts) add(Reflect.get(like, part), Reflect.get(own, part));
    }
  }
}

const parts = ["value", "get", "set"];
const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** Fixes an object's own functions, and gives the names of what may lead on. */
function fix(object: object): readonly PropertyKey[] {
  const keys = Reflect.ownKeys(object);
  // Most functions have their length and name, and nothing else.
  if (typeof object === "function" && keys.length === 2) return [];
  const isInherited =
    object === Object.prototype || object === Function.prototype || isPrototypeOf(Error.prototype, object);
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(object, key)!;
    if (property.configurable !== true || replaceable.has(key) || (isInherited && overridden.has(key)))
      continue;
    if (typeof property.value === "function")
      Object.defineProperty(object, key, { writable: false, configurable: false });
    else if (property.get) Object.defineProperty(object, key, { configurable: false });
  }
  return keys;
}

const isPrototypeOf = (root: object, object: object | null): boolean =>
  object !== null && (object === root || isPrototypeOf(root, Object.getPrototypeOf(object) as object | null));

/** Not an arrow: it is called by `new` too. */
function refuse(): never {
  throw new Error(
    "a notebook that is graded can neither start threads nor be debugged, nor look into its own process",
  );
}

function lock(object: object, keys: readonly string[]): void {
  for (const key of keys)
    if (key in object)
      Object.defineProperty(object, key, { value: refuse, writable: false, configurable: false });
}
