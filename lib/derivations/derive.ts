// The door to all derivations: derive(subject, options).
import { onlyKnown } from "../options.js";
import type { Derivation } from "./derivation.js";
import * as arithmetic from "./subjects/arithmetic.js";
import { batchNormInferenceDerivation } from "./subjects/batch-norm-inference.js";
import { batchNormTraining } from "./subjects/batch-norm.js";
import { byHand } from "./subjects/by-hand.js";
import { plainChain, residualChain } from "./subjects/chain.js";
import { conv2dDerivation } from "./subjects/conv2d.js";
import { denseConcat } from "./subjects/dense.js";
import * as moving from "./subjects/moving.js";
import * as pointwise from "./subjects/pointwise.js";
import * as pooling from "./subjects/pooling.js";
import { matmul, softmaxCrossEntropy } from "./subjects/products.js";
import { forwardSum, lambdaPower, onePlusSum } from "./subjects/sums.js";
import { residualUnit } from "./subjects/unit.js";

/** Every subject, and what makes its derivation. */
export const subjects = {
  add: arithmetic.add,
  subtract: arithmetic.subtract,
  multiply: arithmetic.multiply,
  scale: pointwise.scale,
  relu: pointwise.relu,
  sigmoid: pointwise.sigmoid,
  dropout: pointwise.dropout,
  sum: moving.sum,
  mean: moving.mean,
  reshape: moving.reshape,
  concat: moving.concat,
  padChannels: moving.padChannels,
  subsample: moving.subsample,
  maxPool: pooling.maxPool,
  averagePool: pooling.averagePool,
  globalAveragePool: pooling.globalAveragePool,
  matmul,
  conv2d: conv2dDerivation,
  batchNorm: batchNormTraining,
  batchNormInference: batchNormInferenceDerivation,
  softmaxCrossEntropy,
  byHand,
  residualUnit,
  plainChain,
  residualChain,
  forwardSum,
  onePlusSum,
  lambdaPower,
  denseConcat,
} as const;

/** The options of those subjects that have any, by name. */
const subjectOptions: Partial<Readonly<Record<Subject, readonly string[]>>> = {
  conv2d: ["stride", "padding", "kernel"],
  residualUnit: ["kind", "order", "shortcut"],
  plainChain: ["depth"],
  residualChain: ["depth", "shortcut"],
  forwardSum: ["depth"],
  onePlusSum: ["depth"],
  lambdaPower: ["depth"],
  denseConcat: ["depth"],
};

/** What can be derived. */
export type Subject = keyof typeof subjects;

/**
 * A derivation, line by line.
 *
 * @example
 * ```ts
 * autodiff.derive("conv2d", { stride: 2, padding: 1 }).lines.length; // 10
 * autodiff.derive("residualChain", { depth: 4, shortcut: "gated" }).lines.length; // 26
 * ```
 *
 * @throws RangeError if there is no such subject.
 */
export function derive<S extends Subject>(
  subject: S,
  ...options: Parameters<(typeof subjects)[S]>
): Derivation {
  const make = subjects[subject] as ((...options: unknown[]) => Derivation) | undefined;
  if (!make) {
    throw new RangeError(`a subject must be one of ${Object.keys(subjects).join(", ")}; got ${subject}`);
  }
  onlyKnown(`derive of ${subject}`, options.length === 0 ? {} : options[0], subjectOptions[subject] ?? []);
  return make(...options);
}

/** Every subject's name. */
export const subjectNames = Object.keys(subjects) as readonly Subject[];
