// What comparing notebooks is asked and answers, without what it takes to compare them: the grader holds only this.
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

/** One exercise's notebooks, as the program that compares them is asked. */
export interface Comparison {
  readonly exercise: string;
  /** Code that everybody was given: locked cells, and the stubs, whose lines stand in every answer. */
  readonly given: readonly string[];
  readonly notebooks: readonly { readonly learner: string; readonly path: string }[];
  /** Pairs less alike than this are left out; 0.5 unless said. */
  readonly least?: number;
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
