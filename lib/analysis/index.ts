// Measurements on networks and on runs.
export { autocorrelation, pairCorrelation } from "./autocorrelation.js";
export { branchShares, type BranchShare } from "./branch-shares.js";
export {
  correlationLaw,
  shareLaw,
  type CorrelationLawOptions,
  type Joining,
  type ShareLawOptions,
} from "./correlation-laws.js";
export { costOf, costTable, type Cost } from "./cost.js";
export { coordinatesIn, directionTo, displaced, randomDirection, type Direction } from "./directions.js";
export {
  equivalence,
  equivalencePower,
  runsForEquivalence,
  type Equivalence,
  type EquivalenceOptions,
  type EquivalencePlan,
} from "./equivalence.js";
export { eulerRefined, type EulerOptions } from "./euler.js";
export { splitGradients, traceGradients, type TraceOptions } from "./gradient-microscope.js";
export {
  splitTrace,
  type GradientSplit,
  type GradientTrace,
  type SplitOptions,
  type UnitSplit,
  type UnitTrace,
} from "./gradient-split.js";
export { readTrace, saveTrace } from "./gradient-trace-file.js";
export { backwardOne, forwardSum, type IdentityReport, type IdentityRow } from "./identity-sums.js";
export { inputSlopes, type InputSlopes, type InputSlopesOptions } from "./input-slopes.js";
export { meanInterval, type MeanInterval } from "./interval.js";
export { kendallTau, swappedOrder, withoutUnits, withUnitOrder } from "./lesion.js";
export { lineGradients, type LineGradientsOptions } from "./line-gradients.js";
export {
  lossSurface,
  roughness,
  type LossSurface,
  type LossSurfaceOptions,
  type SurfaceProgress,
} from "./loss-surface.js";
export {
  effectiveDepth,
  enumeratePaths,
  gradientByPathLength,
  pathCounts,
  type Path,
  type PathGradient,
} from "./paths.js";
export { layerResponses, type Response } from "./responses.js";
export { signalsThroughDepth, type Signal, type SignalsOptions } from "./signals.js";
export { snapshot, trainingPath, type Snapshot, type TrainingPath } from "./training-path.js";
