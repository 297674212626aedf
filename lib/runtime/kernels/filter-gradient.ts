// The gradient of a convolution's filter by slices and one matrix product, for backends that lack the kernel (wasm).
import * as tf from "@tensorflow/tfjs-core";

/** Registers the kernel `Conv2DBackpropFilter` for a backend that has none; changes nothing where there is one. */
export function supplyFilterGradient(backendName: string): void {
  const present = tf.getKernelsForBackend(backendName).map(({ kernelName }) => kernelName);
  if (present.includes(tf.Conv2DBackpropFilter)) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      filterGradient(
        inputs["x"] as tf.Tensor4D,
        inputs["dy"] as tf.Tensor4D,
        attrs as unknown as tf.Conv2DBackpropFilterAttrs,
      ),
  });
}

/**
 * With the padded input X, stride s and filter w [K, L, Cin, Cout], the convolution is
 *
 *   y[n,i,j,o] = sum over a, b, c of X[n, i s + a, j s + b, c] w[a,b,c,o]
 *
 * and so, dy being dE/dy,
 *
 *   dE/dw[a,b,c,o] = sum over n, i, j of X[n, i s + a, j s + b, c] dy[n,i,j,o].
 *
 * For each (a, b) the factor X[n, i s + a, j s + b, c] is a slice of X with steps of s. The K L slices side by side are a
 * matrix M [N H' W', K L Cin], dy is a matrix D [N H' W', Cout], and dE/dw = transpose(M) D [K L Cin, Cout], reshaped.
 *
 * @param x [N, H, W, Cin]
 * @param dy [N, H', W', Cout]
 * @returns [K, L, Cin, Cout]
 */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  { filterShape, strides, pad, dataFormat, dimRoundingMode }: tf.Conv2DBackpropFilterAttrs,
): tf.Tensor4D {
  if (dataFormat !== "NHWC") throw new Error(`the filter gradient takes only NHWC; got ${dataFormat}`);
  const { padInfo, strideHeight, strideWidth, outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const [height, width, channelsIn, channelsOut] = filterShape;
  return tf.tidy(() => {
    const padded = tf.pad4d(x, [[0, 0], [padInfo.top, padInfo.bottom], [padInfo.left, padInfo.right], [0, 0]]); // prettier-ignore
    const slices: tf.Tensor4D[] = [];
    for (let a = 0; a < height; a++) {
      for (let b = 0; b < width; b++) {
        const lastRow = a + (outHeight - 1) * strideHeight;
        const lastColumn = b + (outWidth - 1) * strideWidth;
        const end = [x.shape[0], lastRow + 1, lastColumn + 1, channelsIn];
        const steps = [1, strideHeight, strideWidth, 1];
        slices.push(tf.stridedSlice(padded, [0, a, b, 0], end, steps) as tf.Tensor4D);
      }
    }
    const positions = x.shape[0] * outHeight * outWidth;
    const m = tf.reshape<tf.Rank.R2>(tf.concat(slices, 3), [positions, height * width * channelsIn]);
    const d = tf.reshape<tf.Rank.R2>(dy, [positions, channelsOut]);
    return tf.reshape<tf.Rank.R4>(tf.matMul(m, d, true, false), filterShape);
  });
}
