// What an exercise check is made of.
export { answer, type AnswerOptions, type Verdict } from "./answer.js";
