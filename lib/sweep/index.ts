// Many runs at once: a sweep as data, trained side by side on every core.
export type { Sweep, SweepData, SweepRecipe, SweptModule, SweptSpec } from "./description.js";
export type { SweepProgress, SweepReport } from "./display.js";
export {
  sweep,
  SweepFailed,
  sweepRuns,
  type SweepOptions,
  type SweepResult,
  type SweptRun,
} from "./sweep.js";
