// What the notebook checks of the path lengths: all that is graded, with public numbers.
import { check } from "residual";
import { cases } from "./cases";

/** The properties. */
export const properties: readonly check.CaseProperty[] = check.published(cases);
