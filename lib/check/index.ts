// What an exercise check is made of.
export { answer, seal, type AnswerOptions, type Verdict } from "./answer.js";
export { agree, compare, type CompareOptions, type Slip } from "./compare.js";
export { drawUntil, oddNumbers, oddTensor, oneOf, stream } from "./draw.js";
export { ChangedInput, fields, given, plainOf } from "./given.js";
export { judgeBy, worked, type JudgeOptions, type Mistake } from "./judge.js";
export { examine, outputOf, report, run, type Report } from "./examine.js";
export {
  firstOnly,
  float64,
  isNumbers,
  isPlainTensor,
  plain,
  plainFrom,
  tensor,
  type Plain,
  type PlainTensor,
} from "./plain.js";
export { published, publicSeed, type PublishedProperty } from "./published.js";
export type { CheckLinks } from "./verdict.js";
export type {
  CaseProperty,
  Difference,
  Drive,
  Example,
  Finding,
  Output,
  Property,
  PropertyBase,
  Question,
  TypeProperty,
} from "./question.js";
export { absolutes, float32, largest } from "./rounding.js";
export { show } from "./show.js";
export { judgeTurn, trait, unwritten, yourTurn, type Trait, type Turn, type TurnTrait } from "./turn.js";
export { alsoDrawn, calledOn, tells, withDrawn, type Called } from "./tell.js";
