// Many runs at once: a sweep as data, trained side by side on every core.
export type { Sweep, SweepData, SweepRecipe, SweptModule, SweptSpec } from "./description.js";
export type { SweepProgress, SweepReport } from "./display.js";
export { correctImages, type CorrectImages } from "./correct-map.js";
export {
  recordedStudy,
  type RecordedNetworkRuns,
  type RecordedStudy,
  type RecordedStudyOptions,
} from "./recorded-study.js";
export { keepWeights, recordedNetwork, type RecordedWeightsOptions } from "./recorded-weights.js";
export { readRecord, recordName, writeRecord, type RunRecord } from "./record.js";
export { writeStudy, type Study, type StudyFinding } from "./write-study.js";
export {
  sweep,
  SweepFailed,
  sweepRuns,
  type SweepOptions,
  type SweepResult,
  type PlacedRun,
  type SweptRun,
} from "./sweep.js";
