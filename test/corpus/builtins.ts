// The library: collections, typed arrays, weak references, text, buffers, Node's modules, what programs print.

// %% Map and Set
const m = new Map<unknown, string>([[1, "n"], ["1", "s"], [NaN, "nan"]]);
console.log(m.get(NaN), m.size, [...m.keys()], new Set([1, "1", NaN, NaN]).size);
// %% Map while it changes
const mm = new Map([[1, 1]]);
for (const [k] of mm) if (k < 3) mm.set(k + 1, 1);
console.log([...mm.keys()]);
// %% WeakMap and WeakSet
const key = {}, wm = new WeakMap([[key, 1]]), ws = new WeakSet([key]);
console.log(wm.get(key), ws.has(key), wm.has({}), new WeakRef(key).deref() === key);
// %% typed arrays
const f = Float32Array.of(0.1, 2, 3), u = new Uint8Array([255, 256, -1]), i = Int16Array.from([1, 2], (x) => x * 300);
console.log(f, u, i, f.subarray(1).length, u.buffer.byteLength);
// %% DataView and shared buffers
const dv = new DataView(new ArrayBuffer(8));
dv.setFloat32(0, 1.5); dv.setInt16(4, -2, true);
console.log(dv.getFloat32(0), dv.getUint8(4), new Uint8Array(dv.buffer).join());
// %% Float64Array loop over a session array
const w = new Float64Array(4);
for (let k = 0; k < w.length; k++) w[k] = k * 0.5;
console.log(w.reduce((a, b) => a + b), w.map((x) => x * 2), [...w.entries()].length);
// %% BigInt64Array and Uint8ClampedArray
console.log(new BigInt64Array([1n, -1n]), Uint8ClampedArray.of(300, -5, 1.5));
// %% Buffer
const b = Buffer.from("héé", "utf8");
console.log(b.length, b.toString("hex"), b.toString("base64"), Buffer.concat([b, Buffer.alloc(1)]).length, b);
// %% TextEncoder and TextDecoder
console.log(new TextEncoder().encode("é"), new TextDecoder().decode(Uint8Array.of(226, 130, 172)));
// %% URL
const url = new URL("https://example.org/a?q=1&q=2#h");
console.log(url.searchParams.getAll("q"), url.pathname, url.hash);
// %% console.log formats
console.log("%s is %d and %i, %j %o%%", "a", 1.5, 1.5, { x: 1 }, [1], "extra");
// %% console.log of nested values
console.log({ a: { b: { c: { d: 1 } } }, m: new Map([[{ k: 1 }, [1]]]), s: new Set(["x"]), f() {}, g: class K {}, h: Symbol("h"), d: new Date(0), r: /x/g, n: null, u: undefined });
// %% console.log of long arrays and strings
console.log(Array.from({ length: 120 }, (_, k) => k), ["x".repeat(100)], [["a", ["b", ["c", ["d"]]]]]);
// %% console.log of class instances
class Pt { x = 1; #y = 2; get z() { return this.#y; } static s = 1; }
console.log(new Pt(), Pt, [new Pt()], new (class extends Pt { w = 1; })());
// %% console.log of errors in a list is by their text
const er = new RangeError("r");
console.log(String(er), [er].map((e) => e.message));
// %% console.log of functions
console.log(function named() {}, () => 1, async () => 1, function* () {}, class A {}, Math.max);
// %% console.log with custom inspection
console.log({ [Symbol.for("nodejs.util.inspect.custom")]: () => "custom" });
// %% console.group, table, count, dir
console.group("g");
console.log("inside\ntwo lines");
console.groupEnd();
console.table([{ a: 1, b: 2 }]);
console.count("c");
console.count("c");
console.countReset("c");
console.dir({ a: { b: { c: {} } } }, { depth: 0 });
// %% console.assert and info and debug
console.info("info");
console.debug("debug");
console.assert(true, "no");
console.log();
// %% process.stdout.write
process.stdout.write("no newline;");
process.stdout.write(" then\n");
// %% node:path, node:util, node:os
import path from "node:path";
import { format, inspect, promisify } from "node:util";
import * as os from "node:os";
console.log(path.posix.join("a", "..", "b"), format("%s", 1), inspect("x"), typeof promisify, os.EOL === "\n");
// %% node:fs
import fs from "node:fs";
import { join } from "node:path";
import os1 from "node:os";
const dir = fs.mkdtempSync(join(os1.tmpdir(), "corpus-"));
fs.writeFileSync(join(dir, "a.txt"), "one\ntwo");
console.log(fs.readFileSync(join(dir, "a.txt"), "utf8").split("\n").length, fs.readdirSync(dir));
fs.rmSync(dir, { recursive: true });
// %% node:crypto, node:zlib
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
console.log(createHash("sha256").update("abc").digest("hex").slice(0, 8), gunzipSync(gzipSync("text")).toString());
// %% node:assert
import assert from "node:assert/strict";
assert.deepEqual({ a: [1] }, { a: [1] });
try { assert.equal(1, 2); } catch (e) { console.log((e as Error).name, (e as any).code); }
// %% streams
import { Readable } from "node:stream";
const parts: string[] = [];
for await (const c of Readable.from(["a", "b"])) parts.push(c);
console.log(parts.join(""));
// %% child process
import { execFileSync } from "node:child_process";
console.log(execFileSync(process.execPath, ["-e", "console.log(6 * 7)"]).toString().trim());
// %% worker threads' message channel
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
const { port1, port2 } = new MessageChannel();
port1.postMessage({ n: 1, s: new Set([1]) });
console.log(receiveMessageOnPort(port2)!.message);
port1.close();
// %% structuredClone keeps types
const sc = structuredClone({ d: new Date(0), m: new Map([[1, new Uint8Array(2)]]), e: new RangeError("x") });
console.log(sc.d instanceof Date, sc.m.get(1)!.length, sc.e instanceof RangeError, sc.e.message);
// %% identity of built-ins
console.log([] instanceof Array, {} instanceof Object, (() => {}) instanceof Function, new Error() instanceof Error, Promise.resolve() instanceof Promise, /x/ instanceof RegExp, Array.isArray([]));
// %% identity over modules
import { types } from "node:util";
console.log(types.isMap(new Map()), types.isPromise((async () => {})()), Buffer.from("a") instanceof Uint8Array, types.isProxy(new Proxy({}, {})));
// %% fetch of data and of blobs
console.log(await (await fetch("data:text/plain,hello")).text(), await new Blob(["a", "b"]).text());
// %% performance and timers exist
console.log(typeof performance.now(), typeof setTimeout(() => {}, 0), typeof setImmediate, typeof queueMicrotask);
// %% Atomics
const sab = new Int32Array(new SharedArrayBuffer(8));
Atomics.add(sab, 0, 5);
console.log(Atomics.load(sab, 0), Atomics.exchange(sab, 1, 3), sab);
// %% Symbol.species, Symbol.isConcatSpreadable, Symbol.unscopables
console.log([1].concat({ length: 1, 0: "x", [Symbol.isConcatSpreadable]: true } as any), typeof Array.prototype[Symbol.unscopables]);
// %% Array subclass in JSON and util.inspect
class Shape extends Array<number> {}
console.log(JSON.stringify(Shape.from([1, 2])), Shape.of(3));
// %% EventTarget
const et = new EventTarget(), heard: string[] = [];
et.addEventListener("x", (e) => heard.push(e.type), { once: true });
et.dispatchEvent(new Event("x")); et.dispatchEvent(new Event("x"));
console.log(heard);
// %% accessor on Object.prototype, taken away again
Object.defineProperty(Object.prototype, "every1", { get: () => "seen", configurable: true });
const every1 = (({}) as any).every1;
delete (Object.prototype as any).every1;
console.log(every1);
// %% patched prototype, put back
const map0 = Array.prototype.map;
Array.prototype.map = function () { return ["patched"] as any; };
const patched = [1].map((x) => x);
Array.prototype.map = map0;
console.log(patched, [1].map((x) => x));
// %% sets of characters in regular expressions
console.log(/^[\p{L}--[a-z]]$/v.test("A"), /^[\p{L}--[a-z]]$/v.test("a"), /^\p{RGI_Emoji}$/v.test("👍🏽"), /v/v.unicodeSets);
// %% WebAssembly
const wasm = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]);
const { instance: adder, module: wasmModule } = await WebAssembly.instantiate(wasm);
console.log(adder.exports.add!(2, 3), WebAssembly.Module.exports(wasmModule), WebAssembly.validate(wasm));
const wasmMemory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
console.log(wasmMemory.grow(1), wasmMemory.buffer.byteLength);
try { await WebAssembly.compile(new Uint8Array(2)); } catch (e) { console.log(e instanceof WebAssembly.CompileError, (e as Error).name); }
// %% classes of the platform
console.log(performance instanceof Performance, crypto instanceof Crypto, crypto.subtle instanceof SubtleCrypto, typeof CryptoKey);
