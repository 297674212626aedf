// The graded properties of a design: the public ones, because what they ask says nothing of how to do it.
import type { check } from "residual";
import { properties } from "./public";

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "design-under-a-budget",
    title: "Design a network under two budgets",
    needs: ["design"],
    properties,
  },
];
