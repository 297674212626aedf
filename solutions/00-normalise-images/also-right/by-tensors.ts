// Moments of tensors [N, H, W, C], over all axes but the last.
import { runtime } from "residual";

const { tf } = runtime;

interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}

export function normalised(train: Images, test: Images) {
  return tf.tidy(() => {
    const tensor = ({ images, imageShape: [height, width, channels] }: Images) => {
      const count = images.length / (height * width * channels);
      return tf.tensor4d(Float32Array.from(images), [count, height, width, channels]);
    };
    const { mean, variance } = tf.moments(tensor(train), [0, 1, 2]);
    const by = (set: Images) => tf.divNoNan(tf.sub(tensor(set), mean), tf.sqrt(variance));
    return { train: by(train), test: by(test) };
  });
}
