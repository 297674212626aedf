// Refuses an option that a function does not have, and says which one may have been meant: a misspelt option would be left out in silence.

/** @throws RangeError naming the unknown options and those that there are; TypeError where the options are no object. */
export function onlyKnown(what: string, options: object, known: readonly string[]): void {
  const given: unknown = options; // JavaScript may pass anything
  if (typeof given !== "object" || given === null) {
    throw new TypeError(
      `${what} takes its options as an object of ${known.join(", ")}; got ${String(given)}`,
    );
  }
  const unknown = Object.keys(given).filter((option) => !known.includes(option));
  if (unknown.length === 0) return;
  const meant = nearest(unknown[0]!, known);
  throw new RangeError(
    `${what} has the options ${known.join(", ")}; got ${unknown.map((option) => JSON.stringify(option)).join(", ")}` +
      (meant === undefined ? "" : `: is ${meant} meant?`),
  );
}

/** The known name that takes the fewest edits, if these are at most a third of its letters. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, edits: editsBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.ceil(best.candidate.length / 3) ? best.candidate : undefined;
}

/** Letters to insert, delete or replace (Levenshtein), row by row. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1])));
    }
    row = next;
  }
  return row[b.length]!;
}
