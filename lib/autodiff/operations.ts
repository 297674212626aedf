// The table of operations: for each its shape rule, its forward pass, its vector-Jacobian product, and the LaTeX of both.
//
// A vjp is written in operations, so a gradient can be differentiated again. `d("x")` is dE/dx. Images are [N, H, W, C].
import { add, subtract, multiply, scale, sum } from "./operations/arithmetic.js";
import { power, exp, log, relu, sigmoid, dropout } from "./operations/elementwise.js";
import { mean, max } from "./operations/reductions.js";
import {
  reshape,
  gather,
  scatterAdd,
  transpose,
  concat,
  padChannels,
  subsample,
} from "./operations/moving.js";
import { matmul, conv2d, maxPool, averagePool, globalAveragePool } from "./operations/windows.js";
import { batchNorm, batchNormInference } from "./operations/normalisation.js";
import { softmaxCrossEntropy } from "./operations/loss.js";

export type { Axes } from "./operations/arithmetic.js";
export type { Slide } from "./operations/windows.js";
export type { Epsilon } from "./operations/normalisation.js";
export {
  add,
  subtract,
  multiply,
  scale,
  sum,
  power,
  exp,
  log,
  relu,
  sigmoid,
  dropout,
  mean,
  max,
  reshape,
  gather,
  scatterAdd,
  transpose,
  concat,
  padChannels,
  subsample,
  matmul,
  conv2d,
  maxPool,
  averagePool,
  globalAveragePool,
  batchNorm,
  batchNormInference,
  softmaxCrossEntropy,
};

/** Every operation by its name. */
export const operations = {
  add, subtract, multiply, scale, power, exp, log,
  relu, sigmoid, dropout,
  sum, mean, max,
  reshape, gather, scatterAdd, transpose, concat, padChannels, subsample,
  matmul, conv2d, maxPool, averagePool, globalAveragePool,
  batchNorm, batchNormInference, softmaxCrossEntropy,
}; // prettier-ignore

/** The name of an operation. */
export type OperationName = keyof typeof operations;
