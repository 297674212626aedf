// The hidden cases of the identity layer: the public properties with sizes of the learner's own.
import type { check } from "residual";
import { properties } from "./public";

/** The question. */
export const questions: readonly check.Question[] = [
  { id: "identity-layers", title: "A layer that changes nothing", needs: ["identityLayer"], properties },
];
