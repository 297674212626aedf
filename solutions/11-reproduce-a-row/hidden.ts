// The graded properties of the record are the public ones: nothing about it is secret.
import type { check } from "residual";
import { properties } from "./public";

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "reproduce-a-row",
    title: "Capstone: reproduce a row of Table 6, and write it up",
    needs: ["record"],
    properties,
  },
];
