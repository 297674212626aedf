// Automatic differentiation that can be read: a tape, its table of operations, and gradient checks.
export { broadcastShapes } from "./broadcast.js";
export {
  backward,
  grad,
  jacobian,
  trace,
  vjp,
  type BackwardOptions,
  type Differentiation,
  type Program,
  type Pullback,
  type Trace,
  type Vjp,
} from "./gradient.js";
export { draw, toDot, type GraphOptions } from "./graph.js";
export {
  array,
  at,
  full,
  indexOf,
  tabulate,
  toNested,
  type NdArray,
  type Nested,
  type Operand,
  type Shape,
} from "./nd-array.js";
export {
  operation,
  type Binary,
  type None,
  type Operation,
  type Quinary,
  type Ternary,
  type Unary,
} from "./operation.js";
export * from "./operations.js";
export { softmax } from "./operations/loss.js";
export type { Places, Window } from "./places.js";
export {
  Tape,
  Value,
  type AnyOperation,
  type Each,
  type Origin,
  type Rule,
  type RuleLatex,
} from "./value.js";
export {
  checkGradient,
  type CheckOptions,
  type GradientReport,
  type InputReport,
  type Kink,
  type Worst,
} from "./check-gradient.js";
export { checkTensorFlow, type TensorProgram } from "./check-tensorflow.js";
export { replay, tensorOperations, toTensor, type TensorOperation } from "./tensorflow.js";
