// How large the signal is, and its gradient, at every depth of a network: does anything vanish or explode on the way?
import * as tf from "@tensorflow/tfjs-core";
import type { Mode, NamedVariable } from "../nn/layer.js";
import { softmaxCrossEntropy } from "../runtime/index.js";

/** What is measured at one place of a network. */
export interface Signal {
  /** The place, such as `stage2.unit1`: its output is measured. */
  readonly name: string;
  /** Standard deviation of the activations over images, positions and channels. */
  readonly deviation: number;
  /** Euclidean norm of the gradient of the mean loss with respect to those activations. */
  readonly gradientNorm: number;
}

/** What the measurement asks of a network. */
export interface Measurable {
  /** x [N, H, W, C] gives logits [N, K]; it reports the output of every unit to `mode`. */
  forward(x: tf.Tensor4D, mode: Mode): tf.Tensor2D;
  /** Every variable; those with the role `statistic` are restored after the measurement. */
  variables(): readonly NamedVariable[];
  /** The units, from the images up. */
  readonly units: readonly { readonly name: string }[];
}

/**
 * Activations and their gradients after every unit, for one batch in training mode, as the first step of training would meet
 * them. Running statistics are left as they were.
 *
 * @param images [N, H, W, C]
 * @param labels [N], int32
 */
export async function signalsThroughDepth(
  network: Measurable,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
): Promise<Signal[]> {
  const names = network.units.map(({ name }) => name);
  const statistics = network.variables().filter(({ role }) => role === "statistic");
  const before = statistics.map(({ variable }) => variable.clone());

  const [deviations, gradientNorms] = tf.tidy(() => {
    const outputs = new Map<string, { shape: number[]; deviation: tf.Tensor }>();
    network.forward(images, {
      training: true,
      observe(name, value) {
        if (!names.includes(name)) return;
        const deviation = tf.keep(tf.sqrt(tf.moments(value).variance));
        outputs.set(name, { shape: value.shape, deviation });
      },
    });
    const found = names.map((name) => {
      const output = outputs.get(name);
      if (!output) throw new Error(`the forward pass did not report the unit ${name}`);
      return output;
    });
    const spread = tf.stack(found.map(({ deviation }) => deviation));
    for (const { deviation } of found) deviation.dispose();

    // A probe of zeros added to an activation changes nothing, and the gradient with respect to the probe is the activation's.
    const lossOf = (...probes: tf.Tensor[]) => {
      const logits = network.forward(images, {
        training: true,
        replace(name, value) {
          const probe = probes[names.indexOf(name)];
          return probe ? tf.add(value, probe) : value;
        },
      });
      return tf.mean(softmaxCrossEntropy(logits, labels));
    };
    const gradients = tf.grads(lossOf)(found.map(({ shape }) => tf.zeros(shape)));
    return [spread, tf.stack(gradients.map((gradient) => tf.norm(gradient)))];
  });

  statistics.forEach(({ variable }, i) => {
    variable.assign(before[i]!);
    before[i]!.dispose();
  });
  const [deviation, gradientNorm] = await Promise.all([deviations.data(), gradientNorms.data()]);
  deviations.dispose();
  gradientNorms.dispose();
  return names.map((name, i) => ({ name, deviation: deviation[i]!, gradientNorm: gradientNorm[i]! }));
}
