// Derivations that run: lines of a proof, each held to witnesses that do not share its code; the course's, and a learner's own.
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
} from "./derivation.js";
export { derive, subjectNames, type Subject } from "./derive.js";
export type { DerivationReport, Deviation, LineReport, Witness } from "./report.js";
export { verify, type VerifyOptions } from "./verify.js";
export type { ResidualChainOptions } from "./subjects/chain.js";
export type { ChainOptions } from "./subjects/chain-parts.js";
export type { ConvolutionOptions } from "./subjects/conv2d.js";
export type { UnitDerivationOptions } from "./subjects/unit.js";
export { checkSteps, type OwnLine, type OwnReport, type OwnStep, type StepReport } from "./own.js";
