// Picks and prepares the TensorFlow.js backend, and gives the kernels that TensorFlow.js lacks.
/// <reference types="@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops" preserve="true" />
import "./stock-tslab.js";
import "./tensor-display.js";
export * as tf from "@tensorflow/tfjs-core";
export type { BackendName } from "./backend.js";
export type { Attempt } from "./choose.js";
export { ready, type ReadyOptions, type RuntimeInfo } from "./ready.js";
export { conv2d } from "./kernels/conv2d.js";
export { relu } from "./kernels/relu.js";
export { batchNormTraining, batchNormInference, type RunningStatistics } from "./kernels/batch-norm.js";
export { softmaxCrossEntropy } from "./kernels/softmax-cross-entropy.js";
export { statelessUniform } from "./kernels/stateless-uniform.js";
export { randomDraws, stepSeed, type RandomDraws } from "./random-draws.js";
export { setting, type Setting } from "./setting.js";
