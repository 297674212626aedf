// The training loop, optimizer, schedules, checkpoints and metrics. It knows nothing of residual networks.
export type { BatchSource, Trainable, TrainableVariable } from "../model/trainable.js";
export { fit, type FitResult } from "./fit.js";
export type { CheckpointOptions, FitOptions } from "./plan.js";
export { evaluate, topK, type EvaluateOptions, type Metric } from "./evaluate.js";
export { LossNotFinite, type Divergence } from "./divergence.js";
export type { EpochRecord, Metrics, StepRecord } from "./metrics.js";
export { each, type EachOptions } from "./each.js";
export type { Progress, ProgressOption, ProgressPart, ProgressReport } from "./progress.js";
export {
  constant,
  cosine,
  stepSchedule,
  warmUp,
  type CosineOptions,
  type Schedule,
  type StepScheduleOptions,
  type WarmUpOptions,
} from "./schedule.js";
export { adam, adamW, type AdamOptions } from "./adam.js";
export { crossEntropy, meanSquaredError, type CrossEntropyOptions, type Loss } from "./loss.js";
export type { Optimizer, OptimizerState, WeightDecayOptions } from "./optimizer.js";
export { freeze, parameter, unfreeze } from "./parameters.js";
export { predict, type PredictOptions, type Predictions } from "./predict.js";
export { sgd, type SgdOptions } from "./sgd.js";
export {
  compile,
  stepGraph,
  type CompiledStep,
  type CompileOptions,
  type GraphNode,
  type StepGraph,
  type TraceReport,
} from "../compile/index.js";
export { trainedVariables, trainingStep, type TrainingStep } from "./step.js";
export {
  assignWeights,
  loadWeights,
  readWeights,
  saveWeights,
  weightsOf,
  type ModelSpec,
  type Weights,
  type WeightTensor,
} from "./weights.js";
