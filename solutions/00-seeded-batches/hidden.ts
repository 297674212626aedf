// The graded properties of seeded batches: the public ones, because what they ask says nothing of how to do it.
import type { check } from "residual";
import { properties } from "./public";

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "seeded-batches",
    title: "Batches in a random order that can be had again",
    needs: ["batches"],
    properties,
  },
];
