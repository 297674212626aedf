// The graded properties of seeded batches: the public ones, and what epochs must change.
import type { check } from "residual";
import { epochs, properties } from "./public";

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "seeded-batches",
    title: "Batches in a random order that can be had again",
    needs: ["batches"],
    properties: [...properties, epochs],
  },
];
