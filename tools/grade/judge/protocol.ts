// The messages between the grader and its judge, which alone loads hidden checks.
import type { check } from "residual";

/** A question without its answers. */
export interface QuestionSummary {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly seconds: number;
  readonly properties: readonly PropertySummary[];
}

/** A property without its judge. */
export interface PropertySummary {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  /** Of a property of types: what must compile after the learner's cells, and what is said when it does not. */
  readonly typed?: { readonly snippet: string; readonly otherwise: check.Finding };
}

/** What the judge is asked. `hidden` is the path of the exercise's hidden checks, or of its public ones. */
export type JudgeRequest =
  | { readonly op: "describe"; readonly hidden: string }
  | {
      readonly op: "cases";
      readonly hidden: string;
      readonly question: string;
      readonly property: string;
      readonly seed: number;
    }
  | {
      readonly op: "judge";
      readonly hidden: string;
      readonly question: string;
      readonly property: string;
      readonly input: check.Plain;
      readonly output: check.Output;
    }
  | { readonly op: "publicCases"; readonly hidden: string; readonly property: string }
  | {
      readonly op: "example";
      readonly hidden: string;
      readonly property: string;
      readonly input: check.Plain;
      readonly output: check.Output;
    };

/** What it answers: `fault` is a mistake in the exercise, not the learner's. */
export type JudgeReply =
  | { readonly questions: readonly QuestionSummary[] }
  | { readonly cases: readonly check.Plain[] }
  | { readonly finding: check.Finding | null }
  | { readonly example: string | null }
  | { readonly fault: string };
