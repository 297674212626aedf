// Every exam question, in the order of the chapters.
import { questions as degradation } from "./degradation";
import { questions as depthAndClaims } from "./depth-and-claims";
import { questions as gradientsAndCosts } from "./gradients-and-costs";
import type { ExamQuestion } from "./question";

export const questions: readonly ExamQuestion[] = [...degradation, ...gradientsAndCosts, ...depthAndClaims];
