// The nearest of several names, for errors that can then name what was meant.

/** Characters of a name, and candidates, that are compared: names may come from a file. */
const compared = 100;
const mostCandidates = 5000;

/** The candidate with the fewest edits (insertions, deletions, replacements) from `name`, if they are at most half of its letters. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const most = Math.ceil(Math.min(name.length, compared) / 2);
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates.slice(0, mostCandidates)) {
    const edits = distance(name.slice(0, compared), candidate.slice(0, compared));
    if (edits <= most && edits < (best?.edits ?? Infinity))
      best = { candidate: candidate.slice(0, compared), edits };
  }
  return best?.candidate;
}

/** Levenshtein's distance, one row of the table at a time. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1];
    for (let j = 0; j < b.length; j++) {
      row.push(Math.min(row[j]! + 1, above[j + 1]! + 1, above[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    above = row;
  }
  return above[b.length]!;
}
