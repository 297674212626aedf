// Which submissions look alike: the winnowing of Dolos over tokens that TypeScript's own scanner gives.
import { File, FingerprintIndex, Region, TokenizedFile } from "@dodona/dolos-core";
import ts from "typescript";
import type { Exercise } from "../exercise";
import { readSubmitted } from "../notebook/submitted";
import type { Submission } from "../intake/discover";
import { formatCsv } from "./csv";

/** Two learners' code for one exercise. */
export interface SimilarPair {
  readonly exercise: string;
  readonly a: string;
  readonly b: string;
  /** The share of fingerprints that both have, from 0 to 1. */
  readonly similarity: number;
  /** Fingerprints in a row of the longest passage in common. */
  readonly longest: number;
}

/** Code under this many tokens looks alike by chance. */
const FEWEST_TOKENS = 40;

/** Pairs of different learners from the most alike down, above `least`; code that was given counts for nobody. */
export async function similarPairs(submissions: readonly Submission[], least = 0.5): Promise<SimilarPair[]> {
  const pairs: SimilarPair[] = [];
  for (const exercise of new Set(submissions.map((submission) => submission.exercise))) {
    const index = new FingerprintIndex(12, 8);
    const owners = new Map<number, string>();
    const files: TokenizedFile[] = [];
    for (const { learner, path } of submissions.filter((submission) => submission.exercise === exercise)) {
      const file = tokenize(path, ownCode(await readSubmitted(path), exercise));
      if (file.tokens.length < FEWEST_TOKENS) continue;
      files.push(file);
      owners.set(file.id, learner);
    }
    index.addFiles(files);
    for (const pair of index.allPairs()) {
      const [a, b] = [owners.get(pair.leftFile.id)!, owners.get(pair.rightFile.id)!];
      if (a === b || pair.similarity < least) continue;
      pairs.push({ exercise: exercise.slug, a, b, similarity: pair.similarity, longest: pair.longest });
    }
  }
  return pairs.sort((x, y) => y.similarity - x.similarity || (x.a + x.b < y.a + y.b ? -1 : 1));
}

/** The pairs as a table for a spreadsheet. */
export function similarityCsv(pairs: readonly SimilarPair[]): string {
  return formatCsv([
    ["exercise", "learner", "other learner", "similarity", "longest passage (fingerprints)"],
    ...pairs.map(({ exercise, a, b, similarity, longest }) => [
      exercise,
      a,
      b,
      similarity.toFixed(3),
      `${longest}`,
    ]),
  ]);
}

function ownCode({ cells }: Awaited<ReturnType<typeof readSubmitted>>, exercise: Exercise): string {
  const given = new Set(exercise.locked.map(({ code }) => code.trim()));
  return cells
    .map(({ code }) => code)
    .filter((code) => !given.has(code.trim()))
    .join("\n");
}

/** Kinds of tokens, without names and values: renaming changes nothing. */
function tokenize(path: string, code: string): TokenizedFile {
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest);
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, code);
  const kinds: string[] = [];
  const regions: Region[] = [];
  const place = (position: number): [row: number, column: number] => {
    const { line, character } = source.getLineAndCharacterOfPosition(position);
    return [line, character];
  };
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    kinds.push(ts.SyntaxKind[kind]);
    regions.push(new Region(...place(scanner.getTokenStart()), ...place(scanner.getTokenEnd())));
  }
  return new TokenizedFile(new File(path, code), kinds, regions);
}
