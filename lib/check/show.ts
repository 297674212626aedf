// Plain data in words that a person reads, with as many digits as tell two numbers apart.
import { isPlainTensor, type Plain } from "./plain.js";

/** The digits that a number is shown with unless two must be told apart. */
const usual = 4;

/**
 * A value as a person reads it, cut to a line.
 *
 * @example
 * ```ts
 * check.show({ shape: [2], values: [1, 2.5] }); // "[1, 2.5] of shape [2]"
 * ```
 */
export function show(value: Plain, digits = usual): string {
  if (isPlainTensor(value)) return `${list(value.values, digits)} of shape [${value.shape.join(", ")}]`;
  if (typeof value === "number") return rounded(value, digits);
  if (Array.isArray(value)) return list(value as readonly Plain[], digits);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} = ${show(inner, digits)}`)
    .join(", ");
}

function list(values: readonly Plain[], digits: number): string {
  const shown = values
    .slice(0, 8)
    .map((value) => show(value, digits))
    .join(", ");
  return `[${shown}${values.length > 8 ? `, ... ${values.length} in all` : ""}]`;
}

function rounded(value: number, digits: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(digits)));
}

/** The least digits, from four, with which two numbers read differently, and one more, so that their distance is seen. */
export function digitsApart(a: number, b: number): number {
  for (let digits = usual; digits < 17; digits++) {
    if (rounded(a, digits) !== rounded(b, digits)) return digits === usual ? usual : digits + 1;
  }
  return 17;
}
