// Picks and prepares the TensorFlow.js backend, and gives the kernels that TensorFlow.js lacks.
import "#tfjs";
export * as tf from "@tensorflow/tfjs-core";
export { conv2d } from "./kernels/conv2d.js";
export { relu } from "./kernels/relu.js";
export { batchNormTraining, batchNormInference, type OnStatistics } from "./kernels/batch-norm.js";
export { softmaxCrossEntropy } from "./kernels/softmax-cross-entropy.js";
export { setting, type Setting } from "./setting.js";

/** What `ready` chose, and why. */
export interface RuntimeInfo {
  readonly backend: "tensorflow" | "webgpu" | "wasm" | "cpu";
  readonly device: string;
}

/** Chooses and starts the backend; the same promise however often it is called. */
export async function ready(): Promise<RuntimeInfo> {
  await import("@tensorflow/tfjs-node-gpu");
  return { backend: "tensorflow", device: "CPU" };
}
