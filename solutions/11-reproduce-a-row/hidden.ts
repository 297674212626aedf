// The graded properties of the hand-in are the public ones: nothing about it is secret but which run is trained again.
import type { check } from "residual";
import { properties } from "./public";

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "reproduce-a-row",
    title: "Capstone: reproduce a row of Table 6, and hand in its records",
    needs: ["handIn"],
    properties,
  },
];
