// Imports of Node's own modules in every form, and import() at every place.

// %% default, named, namespace
import fs, { existsSync, readFileSync as read } from "node:fs";
import * as all from "node:fs";
console.log(fs.existsSync === existsSync, typeof read, "existsSync" in all);
// %% import after use | whole: the name comes in the next cell
console.log(sep1.length);
import { sep as sep1 } from "node:path";
// %% one name imported twice
import { join as j1 } from "node:path";
import { join as j2 } from "node:path";
console.log(j1 === j2);
// %% default by name
import { default as p } from "node:path";
console.log(p.posix.basename("a/b"));
// %% effects only
import "node:os";
console.log("ok");
// %% import()
const os = await import("node:os");
console.log(typeof os.cpus, typeof os.default.cpus);
// %% import() in a function, with a computed name
const load = async (name: string) => (await import(`node:${name}`)).default;
console.log(typeof (await load("path")).join);
// %% import() of what is not there
try { await import("node:" + "nothing"); } catch (e) { console.log((e as any).code); }
// %% imported class and function used by a later one
import { EventEmitter } from "node:events";
const em = new EventEmitter();
class My extends EventEmitter { hi() { return this.listenerCount("x"); } }
console.log(new My().hi(), em instanceof EventEmitter, new My() instanceof EventEmitter);
// %% imported names in closures, defaults and templates
import { basename, extname } from "node:path";
const base = (s = basename("/x/y.ts"), e = () => extname(s)) => `${s}:${e()}`;
console.log(base());
// %% import with the same name as a local in a block
import { dirname } from "node:path";
{ const dirname = 1; console.log(dirname); }
console.log(dirname("/a/b"));
// %% import shorthand in an object and export list
import { resolve } from "node:path";
const kit = { resolve, r: resolve };
export { resolve };
console.log(kit.resolve === kit.r);
// %% import called with a tag, new and optional
import { format, TextDecoder as TD } from "node:util";
console.log(format?.("%s", 1), new TD().encoding, `${format}`.length > 5);
// %% import of built-in without the prefix
import path from "path";
console.log(path.posix.sep);
// %% re-exports are allowed
export { join } from "node:path";
export * from "node:url";
console.log("ok");
// %% type-only namespace
import type * as T from "node:fs";
const t: T.Stats | null = null;
console.log(t);
// %% createRequire
import { createRequire } from "node:module";
const req = createRequire("/");
console.log(req("node:path") === req("path"));
// %% imported name with string key
import { "join" as quoted } from "node:path";
console.log(typeof quoted);
// %% import.meta exists
console.log(typeof import.meta.url);
// %% imported live counter is read each time
import { defaultMaxListeners, EventEmitter as E2 } from "node:events";
console.log(typeof defaultMaxListeners, E2.defaultMaxListeners);
// %% promise of imports
const [a, b] = await Promise.all([import("node:path"), import("node:util")]);
console.log(typeof a.join, typeof b.inspect);
// %% a module of data
console.log((await import("data:text/javascript,export default 5")).default);
console.log((await import('data:application/json,{"a":1}', { with: { type: "json" } })).default);
// %% the codes of imports that fail
for (const id of ["not-there-pkg", "./not-there.mjs", "./not-there", "node:not-there", "not-there/deeper", "", 5 as any, ".", "file:///no/such", "#x", "@a", "/no/such.js", "fs/nope"])
  await import(id).catch((e: any) => console.log(e.code, e.name));
// %% import.meta.resolve
for (const id of ["fs", "node:fs", "not-there", "data:text/javascript,1", "file:///no/such.js"])
  try { console.log(import.meta.resolve(id)); } catch (e) { console.log((e as NodeJS.ErrnoException).code); }
console.log(import.meta.resolve("./no-such.mjs") === new URL("no-such.mjs", import.meta.url).href, import.meta.resolve("/a"));
