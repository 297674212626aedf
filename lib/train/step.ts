// One training step: forward, loss, backward, update.
import * as tf from "@tensorflow/tfjs-core";
import { rootScope, scope } from "../compile/index.js";
import { randomDraws } from "../runtime/index.js";
import { crossEntropy, lossesOf, type Loss } from "./loss.js";
import type { OptimizerState } from "./optimizer.js";
import type { Trainable, TrainableVariable } from "../model/trainable.js";

/**
 * One step over a batch: images [B, H, W, C], labels [B] int32, the rate, and the seed of what its layers draw at random, [2] int32
 * (`runtime.stepSeed`). It assigns the model's variables and the optimizer's, depends on nothing else that changes, reads no value
 * back, and gives [2]: the mean loss before the update, and how many images were classified correctly. The caller disposes
 * that and its arguments.
 */
export type TrainingStep = (
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  learningRate: tf.Scalar,
  seed: tf.Tensor1D,
) => tf.Tensor1D;

/**
 * The variables that training changes by gradients: all but statistics and those frozen by `variable.trainable = false`.
 *
 * @example
 * ```ts
 * train.trainedVariables(nn.cifarResNet({ depth: 8, widths: [2, 2, 2] })).length; // 23
 * ```
 */
export function trainedVariables(model: Trainable): TrainableVariable[] {
  return model.variables().filter(({ role, variable }) => role !== "statistic" && variable.trainable);
}

/** How many of logits [N, K] have their largest entry at the label; labels [N]; a scalar. */
export function countCorrect(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), "float32"));
}

/**
 * The training step of a model and an optimizer that was started for `trained`; `crossEntropy()` is the loss where none is given.
 *
 * The step throws an Error that names the variable if the logits do not depend on one of `trained`.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1] });
 * const trained = train.trainedVariables(network);
 * const step = train.trainingStep(network, trained, train.sgd().start(trained));
 * const [images, labels] = [tf.zeros([4, 8, 8, 1]), tf.tensor1d([0, 1, 2, 3], "int32")];
 * const [loss] = await step(images, labels, tf.scalar(0.1), runtime.stepSeed(1, 0)).data();
 * loss.toFixed(3); // "2.303"
 * ```
 */
export function trainingStep(
  model: Trainable,
  trained: readonly TrainableVariable[],
  optimizer: OptimizerState,
  loss: Loss = crossEntropy(),
): TrainingStep {
  const variables = trained.map(({ variable }) => variable);
  return (images, labels, learningRate, seed) =>
    tf.tidy(() => {
      const correct: tf.Scalar[] = [];
      try {
        const forward = () => {
          const logits = model.forward(images, { training: true, random: randomDraws(seed) });
          return scope("loss", () => {
            correct.push(tf.keep(countCorrect(logits, labels))); // kept: the tape frees all but the loss
            return tf.mean<tf.Scalar>(lossesOf(loss, logits, labels));
          });
        };
        const { value, grads } = scope("backward", () =>
          tf.variableGrads(() => rootScope("forward", forward), variables),
        );
        const gradients = trained.map(({ name, variable }) => gradientOf(name, grads[variable.name]));
        scope("update", () => { optimizer.update(gradients, learningRate); }); // prettier-ignore
        return tf.stack<tf.Scalar>([value, correct[0]!]) as tf.Tensor1D;
      } finally {
        tf.dispose(correct);
      }
    });
}

function gradientOf(name: string, gradient: tf.Tensor | undefined): tf.Tensor {
  if (gradient) return gradient;
  throw new Error(
    `every trained variable must take part in the loss; ${name} has no gradient: ` +
      "use it in the forward pass, or set its variable.trainable to false",
  );
}
