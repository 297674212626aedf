// The messages between the grader and its judge, which alone loads hidden checks.
import type { Finding, Output, Plain } from "../question";

/** A question without its answers. */
export interface QuestionSummary {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly seconds: number;
  readonly properties: readonly PropertySummary[];
}

/** A property without its judge; `types` where it is one of types. */
export interface PropertySummary {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly types?: string;
  readonly otherwise?: Finding;
}

/** What the judge is asked. `hidden` is the path of the exercise's hidden checks. */
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
      readonly input: Plain;
      readonly output: Output;
    };

/** What it answers: `fault` is a mistake in the exercise, not the learner's. */
export type JudgeReply =
  | { readonly questions: readonly QuestionSummary[] }
  | { readonly cases: readonly Plain[] }
  | { readonly finding: Finding | null }
  | { readonly fault: string };
