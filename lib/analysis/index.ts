// Measurements on networks and on runs.
export { costOf, costTable, type Cost } from "./cost.js";
export {
  coordinatesIn,
  directionTo,
  displaced,
  randomDirection,
  type Direction,
  type WithWeights,
} from "./directions.js";
export { meanInterval, type MeanInterval } from "./interval.js";
export { kendallTau, swappedOrder, withoutUnits, withUnitOrder, type Operable } from "./lesion.js";
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
  type Unravelled,
} from "./paths.js";
export { layerResponses, type Response } from "./responses.js";
export { signalsThroughDepth, type Measurable, type Signal } from "./signals.js";
