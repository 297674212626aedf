// How strongly layers respond: the standard deviations of Figure 7 of the ResNet paper.
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../nn/model.js";

/** One convolution's response. */
export interface Response {
  /** The convolution, such as `stage1.unit1.conv1`. */
  readonly name: string;
  /** Standard deviation over images, positions and channels. */
  readonly deviation: number;
}

/**
 * Standard deviations of the responses of the units' convolutions: "the outputs of each 3x3 layer, after BN and before other
 * nonlinearity (ReLU/addition)" (ResNet paper, section 4.2, Figure 7). Running statistics are read and not changed.
 *
 * Where the next operation of the unit is no norm, as at the end of a pre-activation unit, it is the convolution's own output.
 *
 * @param images [N, H, W, C]
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1] });
 * (await analysis.layerResponses(network, tf.zeros([2, 8, 8, 1]))).length; // 7
 * ```
 */
export async function layerResponses(
  network: Pick<Model, "forward">,
  images: tf.Tensor4D,
): Promise<Response[]> {
  const names: string[] = [];
  const measured = tf.tidy(() => {
    const deviations: tf.Tensor[] = [];
    let follows: string | undefined; // the unit whose convolution was seen last, and nothing since
    network.forward(images, {
      training: false,
      observe(name, value) {
        const [unit, layer] = split(name);
        const isConvolution =
          /^conv\d*$/.test(layer) && !unit.endsWith(".shortcut") && !unit.endsWith(".gate");
        const normed = /^norm\d*$/.test(layer) && follows === unit;
        if (!isConvolution && !normed) {
          follows = undefined;
          return;
        }
        const deviation = tf.keep(tf.sqrt(tf.moments(value).variance));
        if (normed) deviations.pop()!.dispose();
        else names.push(name);
        deviations.push(deviation);
        follows = isConvolution ? unit : undefined;
      },
    });
    const stacked = tf.stack(deviations);
    tf.dispose(deviations);
    return stacked;
  });
  const values = await measured.data();
  measured.dispose();
  return names.map((name, i) => ({ name, deviation: values[i]! }));
}

/** `stage1.unit1.conv1` as the unit and the layer in it. */
function split(name: string): readonly [unit: string, layer: string] {
  const dot = name.lastIndexOf(".");
  return [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
}
