// A cell that runs before those above it: one sentence with the names that are missing, in place of a compiler error for each.
import type { Diagnostic } from "./diagnostic";

/** A name that no cell has declared, as a value, a namespace, with a similar name proposed, or as `{ name }`. */
const missing: Readonly<Record<number, RegExp>> = {
  2304: /^Cannot find name '(.+?)'/,
  2503: /^Cannot find namespace '(.+?)'/,
  2552: /^Cannot find name '(.+?)'/,
  18004: /shorthand property '(.+?)'/,
};

const nameOf = ({ code, messageText, fileName }: Diagnostic): string | undefined =>
  fileName === undefined ? missing[code]?.exec(messageText)?.[1] : undefined;

/** Whether a cell asks an exercise's checks: there even one missing name is the answer's, or the library's. */
const isCheck = (code: string): boolean => /\bcheck\.(run|answer)\(/.test(code);

/**
 * What is wrong with a cell; where two names or more are missing, or one of a check, that alone, because what else is wrong may follow from
 * it. One missing name elsewhere is as likely misspelt, and keeps TypeScript's words.
 */
export function withMissingNames(diagnostics: readonly Diagnostic[], code: string): readonly Diagnostic[] {
  const names = [...new Set(diagnostics.flatMap((one) => nameOf(one) ?? []))];
  if (names.length === 0 || (names.length === 1 && !isCheck(code))) return diagnostics;
  const first = diagnostics.find((one) => nameOf(one) !== undefined)!;
  const quoted = names.map((name) => `'${name}'`);
  const listed = [quoted.slice(0, -1).join(", "), quoted.at(-1)!].filter((part) => part !== "").join(" and ");
  const messageText = `Cannot find ${names.length === 1 ? "name" : "names"} ${listed}: run the cells above first (Run > Run All Above).`;
  return [{ ...first, code: 2304, messageText }];
}
