// Makes the language's own functions unchangeable before a learner's code runs, because an exercise's drive uses them beside it.
import { createRequire } from "node:module";

/**
 * Left as they are: an object may have one of its own by plain assignment, which a constant one that it inherits would forbid; and a
 * notebook may well replace chance and time.
 */
const changeable = new Set<PropertyKey>([
  ...["constructor", "toString", "toLocaleString", "valueOf", "name", "message", "random", "now"],
  ...["stack", "stackTraceLimit", "prepareStackTrace", "captureStackTrace"],
]);
const typedArray = Object.getPrototypeOf(Uint8Array) as object;
const arrayIterator = Object.getPrototypeOf([][Symbol.iterator]()) as object;

const globals = [
  ...[
    "Object",
    "Function",
    "Array",
    "String",
    "Number",
    "Boolean",
    "BigInt",
    "Symbol",
    "Math",
    "JSON",
    "Reflect",
  ],
  ...["Promise", "Map", "Set", "WeakMap", "WeakSet", "RegExp", "Proxy", "ArrayBuffer", "DataView", "Buffer"],
  ...[
    "Error",
    "TypeError",
    "RangeError",
    "SyntaxError",
    "ReferenceError",
    "EvalError",
    "URIError",
    "AggregateError",
  ],
  ...[
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
  ],
  ...[
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
    "isNaN",
    "isFinite",
    "parseInt",
    "parseFloat",
  ],
];

/**
 * Fixes the functions of the language's own objects and the names that they have; adding to arrays' prototype stays possible, as some
 * libraries do. Also shuts the doors by which code reads its own process's memory in comfort: the debugger, and threads that attach one.
 */
export function harden(): void {
  for (const name of globals) {
    const object = (globalThis as Record<string, unknown>)[name] as object;
    Object.defineProperty(globalThis, name, { value: object, writable: false, configurable: false });
    fix(object);
    const { prototype } = object as { prototype?: object };
    if (prototype) fix(prototype);
  }
  for (const object of [typedArray, (typedArray as { prototype?: object }).prototype!, arrayIterator])
    fix(object);
  // What `await` and JSON would ask a plain result for.
  for (const key of ["then", "toJSON"])
    for (const object of [Array.prototype, (typedArray as { prototype?: object }).prototype!])
      Object.defineProperty(object, key, { value: undefined });
  Object.preventExtensions(Object.prototype);

  // The modules' own objects, which all who require them share; an import would be a copy.
  const require = createRequire(__filename);
  const inspector = require("node:inspector") as { Session: { prototype: object } };
  const session = inspector.Session.prototype as Record<string, unknown>;
  lock(session, ["connect", "connectToMainThread"]);
  // The kernel runs cells by a session of its own, which one of these in its place would be given.
  for (const key of ["post", "disconnect", "emit", "on", "once"])
    Object.defineProperty(session, key, { value: session[key], writable: false, configurable: false });
  lock(inspector, ["open", "Session"]);
  lock(require("node:worker_threads") as object, ["Worker"]);
  // Node would start its debugger.
  process.on("SIGUSR1", () => undefined);
}

function fix(object: object): void {
  for (const key of Reflect.ownKeys(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key)!;
    if (property.configurable !== true || changeable.has(key)) continue;
    if (typeof property.value === "function")
      Object.defineProperty(object, key, { writable: false, configurable: false });
    else if (property.get) Object.defineProperty(object, key, { configurable: false });
  }
}

/** Not an arrow: it is called by `new` too. */
function refuse(): never {
  throw new Error("a notebook that is graded can neither start threads nor be debugged");
}

function lock(object: object, keys: readonly string[]): void {
  for (const key of keys)
    Object.defineProperty(object, key, { value: refuse, writable: false, configurable: false });
}
