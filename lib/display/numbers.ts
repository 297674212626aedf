// Numbers as people read them: in summaries, tables and labels.
import { highest, lowest } from "../numeric.js";

/**
 * A number with about four significant digits: `0.4631`, `12.35`, `272,474`, `1.20e-7`.
 *
 * @example
 * ```ts
 * plot.formatNumber(1234567.8); // "1,234,568"
 * ```
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return groupThousands(String(value));
  if (size < 1e-4 || size >= 1e9) return value.toExponential(2);
  return groupThousands(value.toFixed(decimalsFor(size)));
}

/** Decimals that give a number of this size four significant digits, at most six. */
function decimalsFor(size: number): number {
  return Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(size))));
}

/** Separates thousands from five digits on, so that years and other four-digit numbers stay as they are, or from `least` digits on. */
function groupThousands(text: string, least = 5): string {
  const [, sign = "", whole = "", rest = ""] = /^(-?)(\d+)(.*)$/.exec(text) ?? [];
  if (whole.length < least) return text;
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + rest;
}

/**
 * A format for all numbers of one column: the same number of decimals, enough for four significant digits of the largest, without
 * zeros at the end that all would have. Where that would hide the smallest, each number is formatted by itself. Thousands are separated in
 * all numbers or in none.
 */
export function columnFormat(values: readonly number[]): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const sizes = finite.filter((value) => value !== 0).map(Math.abs);
  if (sizes.length === 0) return formatNumber;
  const [largest, smallest] = [highest(sizes), lowest(sizes)];
  if (largest >= 1e9) return formatNumber;
  const isWhole = finite.every(Number.isInteger);
  let decimals = isWhole ? 0 : decimalsFor(largest);
  if (!isWhole && smallest < 10 ** (1 - decimals)) return formatNumber;
  while (decimals > 0 && finite.every((value) => value.toFixed(decimals).endsWith("0"))) decimals--;
  const least = largest >= 10_000 ? 4 : 5;
  return (value) => (Number.isFinite(value) ? groupThousands(value.toFixed(decimals), least) : String(value));
}
