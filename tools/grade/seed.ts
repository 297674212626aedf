// Which hidden cases a learner gets.
import { createHash } from "node:crypto";

/** The seed of a learner's cases for one property: 32 bits of a hash. */
export function seedOf(course: string, learner: string, question: string, property: string): number {
  const text = [course, learner, question, property].join("\0");
  return createHash("sha256").update(text).digest().readUInt32LE(0);
}
