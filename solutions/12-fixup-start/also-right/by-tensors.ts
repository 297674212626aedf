// He's deviations and factors as two tensors.
import { runtime } from "residual";

const { tf } = runtime;

type Layer = {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
};

export async function fixupDeviations(layers: readonly Layer[]) {
  await Promise.resolve();
  return tf.tidy(() => {
    const he = tf.sqrt(tf.div(2, tf.tensor1d(layers.map(({ inputs }) => inputs))));
    const units = 1 + layers.reduce((most, { unit }) => Math.max(most, unit ?? -1), -1);
    const logarithms = layers.map(({ place, unit }, i) => {
      if (place === "head") return -Infinity;
      if (place !== "branch") return 0;
      const later = layers.slice(i + 1).some((other) => other.place === "branch" && other.unit === unit);
      const m = layers.filter((other) => other.place === "branch" && other.unit === unit).length;
      return later ? -Math.log(units) / (2 * (m - 1)) : -Infinity;
    });
    return tf.mul(he, tf.exp(tf.tensor1d(logarithms)));
  });
}
