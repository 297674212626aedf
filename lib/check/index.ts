// What an exercise check is made of.
export { answer, type AnswerOptions, type Verdict } from "./answer.js";
export { agree, compare, show, type CompareOptions, type Slip } from "./compare.js";
export { oddNumbers, oddTensor, oneOf, stream } from "./draw.js";
export { judgeBy, worked, type Example, type JudgeOptions, type Mistake } from "./judge.js";
export { examine, outputOf, report, run, type PropertyResult, type Report } from "./examine.js";
export {
  float64,
  isNumbers,
  isPlainTensor,
  plain,
  plainFrom,
  tensor,
  type Plain,
  type PlainTensor,
} from "./plain.js";
export type {
  CaseProperty,
  Drive,
  Finding,
  Output,
  Property,
  PropertyBase,
  Question,
  TypeProperty,
} from "./question.js";
