// Makes names that anyone may have chosen safe to print, to write into tables and pages, and to name files with.
import { createHash } from "node:crypto";

/** A file's name has at most 255 bytes; what the grader adds to a learner's (`.json.4711-12.partial`) takes some of them. */
const MOST_BYTES = 120;
/** Longer texts are cut: nobody reads on. */
const MOST_SHOWN = 160;

/** What moves a terminal's cursor, turns the direction of writing, or shows as nothing: control, format and unpaired characters. */
const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu;
/** What some file system gives a meaning. */
const special = /[\\/:*?"<>|]/gu;

/** The text with everything that cannot be seen written out, as `\u{1b}`, and cut where it is long. */
export function printable(text: string): string {
  const seen = text.replace(invisible, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
  return seen.length <= MOST_SHOWN ? seen : `${cut(seen, MOST_SHOWN - 1)}…`;
}

/**
 * A name for each of the given ones, in their order: a plain name as it is (in Unicode's composed form), any other cleaned and told apart
 * by a hash. No two are the same, not even on a disk that ignores case.
 */
export function safeNames(names: readonly string[]): string[] {
  const safe = names.map((name) => {
    const clean = cleaned(name);
    return clean === name.normalize("NFC") ? clean : hashed(clean, name);
  });
  const users = new Map<string, number>();
  for (const name of safe) users.set(folded(name), (users.get(folded(name)) ?? 0) + 1);
  return safe.map((name, index) => (users.get(folded(name))! > 1 ? hashed(name, names[index]!) : name));
}

/** Under this, names that a disk or a reader may take for the same are the same. */
export function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase().normalize("NFKC");
}

function cleaned(name: string): string {
  const visible = name
    .normalize("NFC")
    .replace(invisible, "_")
    .replace(special, "_")
    .replace(/^[. ]|[. ]$/g, "_");
  return cut(visible, MOST_BYTES);
}

function hashed(clean: string, name: string): string {
  return `${cut(clean, MOST_BYTES - 12)}~${createHash("sha256").update(name).digest("hex").slice(0, 10)}`;
}

/** As many whole characters as fit. */
function cut(text: string, bytes: number): string {
  let kept = "";
  let size = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    kept += character;
  }
  return kept;
}
