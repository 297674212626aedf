// Which hidden cases a learner gets.
import { createHmac } from "node:crypto";

/** What cases are drawn for. */
export interface Draw {
  readonly learner: string;
  /** Tells a learner's attempts apart, so that what one learns of an attempt's cases says nothing of the next one's. */
  readonly attempt: string;
  readonly question: string;
  readonly property: string;
}

/** The seed of the cases for one property: 32 bits that nobody without the course's secret can tell. */
export function seedOf(secret: string, { learner, attempt, question, property }: Draw): number {
  const text = [learner, attempt, question, property].join("\0");
  return createHmac("sha256", secret).update(text).digest().readUInt32LE(0);
}
