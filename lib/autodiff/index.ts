// Automatic differentiation that can be read: a tape, its table of operations, gradient checks, and derivations that run.
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
export { softmax } from "./parts.js";
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
export {
  DerivationError,
  derivation,
  gradientOf,
  jacobianOf,
  valueOf,
  type Derivation,
  type DerivationParts,
  type Line,
  type Quantity,
  type Scope,
  type Slip,
} from "./derivations/derivation.js";
export { derive, subjectNames, type Subject } from "./derivations/derive.js";
export type { DerivationReport, Deviation, LineReport, Witness } from "./derivations/report.js";
export { verify, type VerifyOptions } from "./derivations/verify.js";
export type { ResidualChainOptions } from "./derivations/subjects/chain.js";
export type { ChainOptions } from "./derivations/subjects/chain-parts.js";
export type { ConvolutionOptions } from "./derivations/subjects/conv2d.js";
export type { UnitDerivationOptions } from "./derivations/subjects/unit.js";
export {
  checkSteps,
  type OwnLine,
  type OwnReport,
  type OwnStep,
  type StepReport,
} from "./derivations/own.js";
