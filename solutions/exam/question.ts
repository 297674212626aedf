// What an exam question is, and how a number gets into it: computed twice, because a page of answers must not be wrong.

/** One question of the exam. Texts are Markdown. */
export interface ExamQuestion {
  /** The chapter that it asks about, by number. */
  readonly chapter: string;
  readonly points: number;
  readonly question: string;
  readonly answer: string;
  /** The wrong answer to expect, and what it shows. */
  readonly wrong: string;
}

/**
 * A number that two ways agree on: the formula that a learner would use, and the library or another way that does not share the formula.
 *
 * @throws Error with both where they differ by more than the tolerance, which is relative
 */
export function agreed(byHand: number, otherwise: number, tolerance = 1e-9): number {
  if (!(Math.abs(byHand - otherwise) <= tolerance * Math.max(1, Math.abs(otherwise)))) {
    throw new Error(`an exam's number must come out alike in two ways; got ${byHand} and ${otherwise}`);
  }
  return byHand;
}

/** A number with so many digits behind the point, thousands set apart. */
export const shown = (value: number, digits = 0): string =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The same within a formula, where a comma alone would be set with a gap. */
export const inFormula = (value: number): string => shown(value).replaceAll(",", "{,}");

/** `6.1 × 10⁻⁶` as TeX, for numbers that are very large or very small. */
export function powerOfTen(value: number): string {
  const [digits, exponent] = value.toExponential(1).split("e");
  return String.raw`${digits} \times 10^{${Number(exponent)}}`;
}
