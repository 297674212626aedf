// What people write in notebooks: what is thrown, caught and logged.

// %% with strict mode errors at run time
const frozen = Object.freeze({ a: 1 });
try { (frozen as any).a = 2; } catch (e) { console.log((e as Error).message); }
try { (undefined as any).x; } catch (e) { console.log((e as Error).message); }
try { (null as any)(); } catch (e) { console.log((e as Error).message); }
try { new (1 as any)(); } catch (e) { console.log((e as Error).message); }
const notFn: any = { a: 1 };
try { notFn.a.b.c; } catch (e) { console.log((e as Error).message); }
try { notFn.run(); } catch (e) { console.log((e as Error).message); }
try { [...(5 as any)]; } catch (e) { console.log((e as Error).message); }
try { const { z } = null as any; } catch (e) { console.log((e as Error).message); }
notFn();
// %% sparse arrays, holes, spreads of strings and maps
const holes = [1, , 3, , ];
console.log(holes, holes.length, 1 in holes, [..."añ👍"], [...new Map([[1, 2]])], Math.max(...new Set([3, 9])), { ...(["a", "b"] as any), ...(null as any) });
const [, second, , fourth = "d"] = holes as any[];
console.log(second, fourth);
delete holes[0];
console.log(Object.keys(holes), holes.flat(), structuredClone(holes));
// %% sorting, grouping, iterators
const words = ["pear", "fig", "apple", "kiwi"];
console.log(words.toSorted((a, b) => a.length - b.length || a.localeCompare(b)), words.with(0, "x"), words.findLast((w) => w.length === 4), Object.entries(words.reduce<Record<number, string[]>>((g, w) => { (g[w.length] ??= []).push(w); return g; }, {})));
for (const [i, w] of words.entries()) if (i % 2) console.log(i, w);
// %% direct eval with var stays inside in strict mode
eval("var leaked = 1; console.log(leaked)");
console.log(typeof (globalThis as any).leaked);
// %% throwing a number
throw 5;
// %% throwing an object
throw { code: 3, nested: { a: [1, { b: 2 }] } };
// %% throwing null
throw null;
// %% throwing undefined after output
console.log("before");
throw undefined;
// %% throwing a symbol
throw Symbol("s");
// %% throwing a bigint
throw -12n;
// %% throwing minus zero
throw -0;
// %% throwing NaN in a callback
[1].map(() => { throw NaN; });
// %% throwing a string with lines
throw "two\nlines";
// %% throwing a frozen error with a cause
throw Object.freeze(new Error("frozen", { cause: new RangeError("inner") }));
// %% throwing an error whose name is a symbol's key or is empty
const e = new Error("msg"); e.name = "";
console.log(String(e));
class HttpError extends Error { override name = "HttpError"; constructor(readonly status: number) { super(`status ${status}`); } }
throw new HttpError(404);
// %% throwing a DOMException and catching an abort
try { AbortSignal.abort().throwIfAborted(); } catch (e) { console.log((e as Error).name, (e as DOMException).code); }
structuredClone(() => {});
// %% an AggregateError and its parts
const parts = new AggregateError([new Error("a"), new TypeError("b")], "several");
console.log(parts.errors.map(String), parts.message);
throw parts;
// %% an error of stack overflow
function deep(n: number): number { return deep(n + 1) + 1; }
try { deep(0); } catch (e) { console.log((e as Error).name, (e as Error).message); }
console.log("goes on");
// %% groups, counts, tables and partial lines
console.group("G"); console.log("in\nlines"); console.group();
console.info({ a: 1, b: [1, 2] }); console.groupEnd(); console.debug("d"); console.groupEnd();
console.log("out"); console.count(); console.count("x"); console.countReset(); console.count();
console.table([{ a: 1, b: "x" }, { a: 2 }]); console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
process.stdout.write("partial "); process.stdout.write("line\n");
console.log("%s is %d and %i %f %j %o %O %%", "s", "42", 3.7, "1.5", { a: 1 }, [1], { b: 2 }, "extra");
console.log("%c styled", "color: red", null, undefined, -0, [undefined, null], new Set([1]), Symbol.iterator, 10n, () => {}, class Q {}, /x/g, new Date(0));
// %% an unterminated group of one program | whole: it would indent later programs
console.group("open"); console.log("inside"); console.groupEnd(); console.groupEnd();
// %% JSON with replacers, revivers, toJSON and cycles
const cyc: any = { a: 1, toJSON() { return { a: this.a }; } };
console.log(JSON.stringify({ c: cyc, m: new Map([[1, 2]]), s: "é\u2028" }, null, 1), JSON.parse('{"a":[1,{"b":2}]}', (k, v) => (typeof v === "number" ? v * 2 : v)));
const loop: any = {}; loop.self = loop;
console.log(loop);
JSON.stringify(loop);
// %% a program that reads a name that is nowhere
declare const nowhere: number;
console.log("first");
nowhere;
// %% strict comparison of functions declared in blocks
{ function inBlock() { return 1; } var ref1 = inBlock; }
{ function inBlock() { return 2; } var ref2 = inBlock; }
console.log(ref1(), ref2(), ref1 === ref2);
// %% a proxied with traps for everything in a spread and a loop
const p = new Proxy({ a: 1, b: 2 }, { ownKeys: () => ["b", "a"], getOwnPropertyDescriptor: (t, k) => ({ value: (t as any)[k], enumerable: k === "b", configurable: true }) });
console.log({ ...p }, Object.keys(p)); for (const k in p) console.log(k);
