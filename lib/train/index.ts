// The training loop, optimizer, schedules, checkpoints and metrics. It knows nothing of residual networks.
export type { BatchSource, Trainable, TrainableVariable } from "./trainable.js";
