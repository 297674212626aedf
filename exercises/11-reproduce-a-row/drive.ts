// Gives the learner's record as it is.
import type { check } from "residual";

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "reproduce-a-row": ({ record }) => (record ?? null) as check.Plain,
};
