// Representations of a value by MIME type: what a cell's last expression shows.
import { inspect } from "node:util";
import { isProxy } from "node:util/types";
import { shownMegabytes } from "./output-bound";
import { read } from "./thrown";
import { isTensor, recordsTable, showTensor, type TensorLike } from "residual/plot";

/** Representations of one value by MIME type, ready for JSON. */
export type Bundle = Readonly<Record<string, unknown>>;

/** The method by which a value shows itself. */
export const displayKey = Symbol.for("Jupyter.display");
const mimeType = /^(text|image|audio|video|application|model)\/[\w.+-]+$/;

/** A bundle with its binary values in base64, as Jupyter's messages carry them. */
export function toJson(bundle: Bundle): Bundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, value]) => [
      type,
      value instanceof Uint8Array
        ? Buffer.from(value.buffer, value.byteOffset, value.length).toString("base64")
        : value,
    ]),
  );
}

/** Of an object with more properties than these the first are shown, as Node's console shows an array's. */
const mostProperties = 1000;

function inspected(value: unknown): string {
  // Of a Proxy nothing is asked: it may refuse, and a revoked one does.
  const isPlain = typeof value === "object" && value !== null && !isProxy(value) && !Array.isArray(value);
  const keys = isPlain ? Object.keys(value) : [];
  if (keys.length <= mostProperties || ArrayBuffer.isView(value)) return inspect(value, { depth: 4 });
  const first = keys
    .slice(0, mostProperties)
    .map((key) => [key, Object.getOwnPropertyDescriptor(value, key)!]);
  const part = Object.create(
    Object.getPrototypeOf(value) as object | null,
    Object.fromEntries(first) as PropertyDescriptorMap,
  ) as object;
  return `${inspect(part, { depth: 4 })}\n… ${(keys.length - mostProperties).toLocaleString("en")} more properties`;
}

/** A value as text: strings as they are, all else as Node's console shows it; of a long one the beginning. */
export function toText(value: unknown): string {
  const text = typeof value === "string" ? value : inspected(value);
  const bound = 1e5 * shownMegabytes(process.env);
  if (text.length <= bound) return text;
  const megabytes = (units: number): string => (units / 1e6).toFixed(1);
  return `${text.slice(0, bound)}\n… This value has ${megabytes(text.length)} MB of text; the first ${megabytes(bound)} are shown.`;
}

/**
 * How a value shows itself: by its own method `Symbol.for("Jupyter.display")`, which gives a bundle or a promise of one; an object
 * whose keys are all MIME types as that bundle; a tensor by its values; an array of records as a table; otherwise as text. A text is
 * always among the representations. What must be waited for, such as a tensor's values, is a promise; all else is there at once.
 */
export function represent(value: unknown): Bundle | Promise<Bundle> {
  const shown = representation(value);
  return isThenable(shown) ? shown.then((bundle) => toBundle(value, bundle)) : toBundle(value, shown);
}

/** A bundle, a promise of one, or whatever else the value's own method gave. */
function representation(value: unknown): unknown {
  // Functions and classes may have the method too.
  if ((typeof value !== "object" && typeof value !== "function") || value === null)
    return { "text/plain": toText(value) };
  const show = ownDisplay(value);
  if (typeof show === "function") return show.call(value);
  if (read(() => isTensor(value), false)) return showTensor(value as TensorLike);
  // A copy, which can be asked for `then`.
  if (isBundle(value)) return { ...value };
  const table = read(() => recordsTable(value), undefined);
  return table ? { "text/html": table.html, "text/plain": table.text } : { "text/plain": toText(value) };
}

/** A value's own method to show itself, if any. A Proxy may refuse to be asked for what it does not know: then it has none. */
function ownDisplay(value: object): unknown {
  const method = (): unknown => (value as Record<symbol, unknown>)[displayKey];
  return isProxy(value) ? read(method, undefined) : method();
}

function isThenable(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

function isBundle(value: object): boolean {
  const keys = read(() => (Array.isArray(value) ? [] : Object.keys(value)), []);
  return keys.length > 0 && keys.every((key) => mimeType.test(key));
}

/** @throws TypeError if it is no bundle */
function toBundle(value: unknown, bundle: unknown): Bundle {
  if (typeof bundle !== "object" || bundle === null)
    throw new TypeError(
      `Symbol.for("Jupyter.display") must return an object of MIME types; got ${inspect(bundle)}`,
    );
  const shown = toJson(bundle as Bundle);
  return "text/plain" in shown ? shown : { ...shown, "text/plain": textBeside(value, shown) };
}

/** A bundle's text where it brings none: the value, or the names of its types where the value is the bundle itself. */
function textBeside(value: unknown, bundle: Bundle): string {
  return typeof value === "object" && value !== null && isBundle(value)
    ? Object.keys(bundle).join(", ")
    : toText(value);
}
