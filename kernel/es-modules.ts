// Has Node read the notebook's own ES modules again when they, or what they import, have changed: Node keeps a module for ever by its address.
import { register } from "node:module";

/**
 * What Node runs on a thread of its own: each file of the notebook's gets an address with a mark of its own text's version and of those that it
 * imports. It is text, because where the kernel is bundled no file lies beside it.
 */
const hooks = String.raw`
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

const imported = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"'?]+)["']/g;

function collect(url, versions) {
  if (versions.has(url)) return;
  const file = new URL(url);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return;
  versions.set(url, [stat.mtimeMs, stat.size]);
  if (!/\.m?js$/.test(file.pathname)) return;
  for (const [, path] of readFileSync(file, "utf8").matchAll(imported)) collect(new URL(path, url).href, versions);
}

export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  if (!found.url.startsWith("file:") || found.url.includes("/node_modules/") || found.url.includes("?")) return found;
  const versions = new Map();
  collect(found.url, versions);
  const version = createHash("sha1").update(JSON.stringify([...versions])).digest("hex").slice(0, 12);
  return { ...found, url: found.url + "?changed=" + version };
}
`;

let isRegistered = false;

/** Called before a module of the notebook's own is imported; the first call starts the thread. */
export function watchModules(): void {
  if (isRegistered) return;
  isRegistered = true;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}

/** A stack trace's line without such marks. */
export const withoutVersion = (text: string): string => text.replace(/\?changed=\w+(?=:\d)/g, "");
