// What the notebook checks: every graded property, on public cases that hold numbers and no rule.
import { check } from "residual";
import { cases } from "./cases";

/** The properties. */
export const properties: readonly check.CaseProperty[] = check.published(cases);
