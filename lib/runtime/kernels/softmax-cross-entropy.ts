// Softmax cross-entropy with integer labels, fused where the backend has a fused kernel.
import * as tf from "@tensorflow/tfjs-core";
import { firstOrderOnly } from "./first-order.js";
import { attributesOf, defineKernel, isNative } from "./native.js";

/**
 * The loss of each sample, in nats: -log softmax(logits)[label].
 *
 * On the native engine loss and gradient come from one pass (`SparseSoftmaxCrossEntropyWithLogits`). Only the first
 * derivative exists, on every backend; a second one throws. Labels are not differentiated.
 *
 * Labels outside 0..K-1 are the caller's mistake and are not looked for here, because looking would wait for the device
 * at every step: check labels once, where data is loaded. What such a label does depends on the device: TensorFlow on a
 * CPU throws and names it, on a GPU the loss is NaN, and the portable form gives a loss of 0.
 *
 * @param logits [N, K] float32
 * @param labels [N] int32
 * @returns [N] float32
 * @throws TypeError when labels are not int32
 * @throws RangeError when labels and rows of logits differ in number, or with fewer than two classes
 *
 * @example
 * ```ts
 * runtime.softmaxCrossEntropy(
 *   tf.tensor2d([
 *     [0, 0],
 *     [0, Math.log(3)],
 *   ]),
 *   tf.tensor1d([0, 1], "int32"),
 * ); // [0.69315, 0.28768]
 * ```
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  if (labels.dtype !== "int32") {
    throw new TypeError(`labels must be int32; got ${labels.dtype} (convert them with labels.toInt())`);
  }
  if (labels.size !== logits.shape[0]) {
    throw new RangeError(
      `there must be one label for each of the ${logits.shape[0]} rows of logits; got ${labels.size}`,
    );
  }
  if (logits.shape[1] < 2) {
    throw new RangeError(`logits must have a column for each of at least 2 classes; got ${logits.shape[1]}`);
  }
  if (!isNative()) return softmaxCrossEntropyPortable(logits, labels);
  const [loss, gradient] = fusedKernel<tf.Tensor[]>({ logits, labels }, {});
  gradient!.dispose();
  return loss as tf.Tensor1D;
}

/** {@link softmaxCrossEntropy} by TensorFlow.js's own operations, on every backend. */
export function softmaxCrossEntropyPortable(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const operation = tf.customGrad((...inputs) => {
    const [logits, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const target = tf.cast(tf.oneHot(labels, logits.shape[1]), "float32");
    const logProbability = tf.logSoftmax(logits);
    save([logits, tf.sub(tf.exp(logProbability), target)]);
    return {
      value: tf.neg(tf.sum(tf.mul(target, logProbability), 1)),
      gradFunc: (dLoss, saved) => {
        const rows = tf.mul(saved[1]!, tf.expandDims(dLoss, 1));
        return firstOrderOnly(rows, saved[0]!, "softmaxCrossEntropy");
      },
    };
  });
  return operation(logits) as tf.Tensor1D;
}

// With p = softmax(z) and L = -log p_label:  dL/dz_k = p_k - [k = label],  computed by the kernel beside the loss.
const fusedKernel = defineKernel<"logits" | "labels">({
  name: "ResidualSoftmaxCrossEntropy",
  forward(backend, { logits, labels }) {
    const { type } = attributesOf(backend);
    const types = [type("T", "float32"), type("Tlabels", "int32")];
    return backend.executeMultipleOutputs("SparseSoftmaxCrossEntropyWithLogits", types, [logits, labels], 2);
  },
  gradient: {
    saveInputs: ["logits"],
    saveOutputs: [false, true],
    backward: ([dLoss], [logits, gradient]) => ({
      logits: () => {
        const rows = tf.mul(gradient!, tf.expandDims(dLoss!, 1));
        return firstOrderOnly(rows, logits!, "softmaxCrossEntropy");
      },
      labels: () => {
        throw new Error("softmaxCrossEntropy has no gradient with respect to labels: they are integers");
      },
    }),
  },
});
