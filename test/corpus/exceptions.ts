// Errors: try, catch and finally in every order, what ends a program, causes, values thrown that are no errors.

// %% throw and catch
try { throw new Error("x"); } catch (e) { console.log((e as Error).message); }
// %% catch without a name
try { throw 1; } catch { console.log("caught"); }
// %% finally runs
try { console.log("try"); } finally { console.log("finally"); }
// %% finally overrides return
const over = () => { try { return "try"; } finally { return "finally"; } };
console.log(over());
// %% finally sees the returned value already made
let made = 0;
const order = () => { try { return ++made; } finally { made = 100; } };
console.log(order(), made);
// %% finally with break and continue
const fl: string[] = [];
for (const k of [1, 2, 3]) { try { if (k === 1) continue; if (k === 2) break; } finally { fl.push("f" + k); } }
console.log(fl.join());
// %% rethrow
try { try { throw new Error("first"); } catch (e) { throw new Error("second", { cause: e }); } } catch (e) { console.log((e as Error).message, ((e as Error).cause as Error).message); }
// %% error in finally replaces
try { try { throw new Error("lost"); } finally { throw new Error("kept"); } } catch (e) { console.log((e as Error).message); }
// %% nested finally order
const nest: string[] = [];
try { try { nest.push("a"); throw 0; } finally { nest.push("b"); } } catch { nest.push("c"); } finally { nest.push("d"); }
console.log(nest.join(""));
// %% uncaught error
console.log("before");
throw new Error("uncaught");
// %% uncaught of each kind: range
throw new RangeError("range");
// %% uncaught: type
(undefined as unknown as () => void)();
// %% uncaught: reading a property of undefined
const nothing: any = undefined;
nothing.prop;
// %% uncaught: reading of null in a chain
const holder: any = { inner: null };
console.log(holder.inner.value);
// %% uncaught: calling what is no function
const obj: any = { m: 1 };
obj.m();
// %% uncaught: a name that does not exist
eval("neverDeclaredAnywhere");
// %% uncaught: a name that does not exist, by declare
declare const neverSetAnywhere: number;
console.log(neverSetAnywhere);
// %% uncaught: invalid array length
new Array(-1);
// %% uncaught: JSON
JSON.parse("{bad");
// %% uncaught: URIError
decodeURIComponent("%");
// %% uncaught: bigint mixed
console.log((1n as any) + 1);
// %% uncaught: symbol to string
console.log(`${Symbol("s") as any}`);
// %% uncaught: regexp
new RegExp("(");
// %% uncaught: DOMException
throw new DOMException("gone", "AbortError");
// %% uncaught: assertion
import assert from "node:assert";
assert.equal(1, 2, "one is not two");
// %% uncaught: error of an error with properties
throw Object.assign(new Error("mine"), { code: 42 });
// %% uncaught: subclass without a name
class Custom extends Error {}
throw new Custom("custom");
// %% uncaught: multi-line message
throw new Error("first line\nsecond line");
// %% uncaught: empty message
throw new Error();
// %% throws a string
throw "text";
// %% throws a number
throw 42;
// %% throws an object
throw { code: 7 };
// %% throws null
throw null;
// %% throws undefined
throw undefined;
// %% what a program printed before it threw stays
for (let i = 0; ; i++) { console.log(i); if (i === 2) throw new Error("at two"); }
// %% error from a function of an earlier statement
function check(depth: number) { if ((depth - 2) % 6 !== 0) throw new RangeError(`depth must be 6n+2; got ${depth}`); return depth; }
console.log(check(20));
check(21);
// %% error properties
const e = new TypeError("m", { cause: 5 });
console.log(e.name, e.message, e.cause, e instanceof Error, Object.keys(e).length, String(e), "stack" in e);
// %% error toString with a changed name
const renamed = new Error("m");
renamed.name = "Renamed";
console.log(String(renamed), Object.prototype.toString.call(renamed));
// %% stack begins with name and message
console.log(new RangeError("where").stack!.split("\n")[0]);
// %% catch shadows an outer name
const shadow = "outer";
try { throw "inner"; } catch (shadow) { console.log(shadow); }
console.log(shadow);
// %% var in a catch is the program's
try { throw 0; } catch (err) { var fromCatch = "set"; }
console.log(fromCatch!);
// %% let assigned in try
let assigned = 0;
try { assigned = 1; throw 0; assigned = 2; } catch { assigned += 10; }
console.log(assigned);
// %% try in a loop in a function
const attempt = () => { for (let k = 0; ; k++) try { if (k < 2) throw k; return k; } catch (e) { console.log("retry", e); } };
console.log(attempt());
// %% instanceof narrowing
const kinds = [new TypeError("t"), new RangeError("r"), "s", null].map((x) => { try { throw x; } catch (e) { return e instanceof TypeError ? "type" : e instanceof Error ? "error" : typeof e; } });
console.log(kinds.join());
// %% AggregateError
const agg = new AggregateError([new Error("a"), 2], "both");
console.log(agg.message, agg.errors.length, agg.name);
// %% Result by union
type Result<T> = { ok: true; value: T } | { ok: false; error: string };
const safe = <T,>(f: () => T): Result<T> => { try { return { ok: true, value: f() }; } catch (e) { return { ok: false, error: String(e) }; } };
console.log(safe(() => 1), safe(() => { throw new Error("no"); }));
// %% error in a getter, a setter, a default, a computed key
const fail = (m: string): never => { throw new Error(m); };
for (const f of [() => ({ get v() { return fail("getter"); } }).v, () => { ({ set v(_: number) { fail("setter"); } }).v = 1; }, () => ((a = fail("default")) => a)(), () => ({ [fail("key") as string]: 1 })])
  try { f(); } catch (e) { console.log((e as Error).message); }
// %% error in toString while printing
const bad = { toString() { throw new Error("unprintable"); } };
try { console.log(`${bad}`); } catch (e) { console.log((e as Error).message); }
// %% async and sync finally
const runs: string[] = [];
try { await (async () => { try { throw new Error("in"); } finally { runs.push("inner"); } })(); } catch { runs.push("outer"); }
console.log(runs.join());
// %% Error.captureStackTrace and prepareStackTrace leave the message
const cap: { stack?: string } = {};
Error.captureStackTrace(cap);
console.log(typeof cap.stack, cap.stack!.split("\n")[0]);
// %% stackTraceLimit
const limit = Error.stackTraceLimit;
Error.stackTraceLimit = 0;
const short = new Error("short").stack;
Error.stackTraceLimit = limit;
console.log(short);
// %% a getter name on an error
class Http extends Error { constructor(readonly status: number) { super(`status ${status}`); } override get name() { return "Http" + this.status; } }
try { throw new Http(404); } catch (e) { console.log(String(e)); }
// %% finally after await keeps the error
try { try { await Promise.reject(new Error("kept")); } finally { await null; console.log("cleanup"); } } catch (e) { console.log((e as Error).message); }
