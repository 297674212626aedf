// Representations of a value by MIME type: what a cell's last expression shows.
import { inspect } from "node:util";

/** Representations of one value by MIME type, ready for JSON. */
export type Bundle = Readonly<Record<string, unknown>>;

const displayKey = Symbol.for("Jupyter.display");

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

/** A value as text: strings as they are, all else as Node's console shows it. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { depth: 4 });
}

/**
 * How a value shows itself: by its own method `Symbol.for("Jupyter.display")`, which gives a bundle or a promise of one,
 * otherwise as text. A text is always among the representations.
 */
export async function represent(value: unknown): Promise<Bundle> {
  const show = (value as Record<symbol, unknown> | null | undefined)?.[displayKey];
  if (typeof show !== "function") return { "text/plain": toText(value) };
  const bundle: unknown = await show.call(value);
  if (typeof bundle !== "object" || bundle === null)
    throw new TypeError(
      `Symbol.for("Jupyter.display") must return an object of MIME types; got ${inspect(bundle)}`,
    );
  const shown = toJson(bundle as Bundle);
  return "text/plain" in shown ? shown : { ...shown, "text/plain": toText(value) };
}
