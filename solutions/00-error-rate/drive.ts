// Calls the learner's error rate on one batch.
import { check, runtime } from "residual";

const { tf } = runtime;

type Answer = (logits: runtime.tf.Tensor, labels: runtime.tf.Tensor1D) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "error-rate": ({ errorPercent }, input) => {
    const { logits, labels } = input as { logits: check.PlainTensor; labels: readonly number[] };
    return check.given(input, () =>
      (errorPercent as Answer)(check.tensor(logits), tf.tensor1d([...labels], "int32")),
    );
  },
};
