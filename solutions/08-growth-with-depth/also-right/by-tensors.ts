// Deviations of the two terms, whose squares TensorFlow adds; all variances as one tensor.
import { runtime } from "residual";

const { tf } = runtime;

interface Unit {
  readonly factor: number;
  readonly residual:
    | { readonly kind: "normalised"; readonly variance: number }
    | { readonly kind: "proportional"; readonly gain: number };
}

export function signalVariances(start: number, units: readonly Unit[]) {
  return tf.tidy(() => {
    const variances = [tf.scalar(start)];
    for (const { factor, residual } of units) {
      const deviation = tf.sqrt(variances.at(-1)!);
      const made =
        residual.kind === "normalised"
          ? tf.scalar(Math.sqrt(residual.variance))
          : tf.mul(deviation, Math.sqrt(residual.gain));
      variances.push(tf.add(tf.square(tf.mul(deviation, factor)), tf.square(made)));
    }
    return tf.stack(variances);
  });
}
