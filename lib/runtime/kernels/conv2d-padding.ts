// Convolutions of the native engine with zeros counted in numbers, as `tf.conv2d(x, kernel, [1, 1], 1)` asks for them.
import * as tf from "@tensorflow/tfjs-core";

/** Rows and columns of zeros: [before, after] for height and width. */
type Zeros = readonly [readonly [number, number], readonly [number, number]];

/** What of a convolution's attributes counts here. */
interface Attributes extends tf.NamedAttrMap {
  readonly pad: "same" | "valid" | number | readonly (readonly [number, number])[];
  readonly dataFormat: "NHWC" | "NCHW";
}

/**
 * Wraps the three kernels of TensorFlow.js's convolution on the native engine, which refuse padding given as a number or as a list of
 * numbers ("supports only 'valid' and 'same'"). Its other backends take it. The wrapper puts the zeros there itself and asks for 'valid';
 * the gradient drops what belongs to the zeros.
 */
export function convolvePadded(): void {
  wrap(tf.Conv2D, ({ x, filter }, attributes, zeros, original) =>
    original({ x: padded(x!, zeros, attributes), filter: filter! }, { ...attributes, pad: "valid" }),
  );
  wrap(tf.Conv2DBackpropFilter, ({ x, dy }, attributes, zeros, original) =>
    original({ x: padded(x!, zeros, attributes), dy: dy! }, { ...attributes, pad: "valid" }),
  );
  wrap(tf.Conv2DBackpropInput, ({ dy, filter }, attributes, zeros, original) => {
    const inputShape = attributes["inputShape"] as unknown as number[];
    const edges = perDimension(zeros, attributes);
    const whole = inputShape.map((length, i) => length + edges[i]![0] + edges[i]![1]);
    const gradient = original(
      { dy: dy!, filter: filter! },
      { ...attributes, pad: "valid", inputShape: whole },
    );
    return tf.slice(gradient, edges.map(([before]) => before), inputShape); // prettier-ignore
  });
}

type Inputs = Readonly<Record<string, tf.Tensor | undefined>>;
type Original = (inputs: Readonly<Record<string, tf.Tensor>>, attributes: tf.NamedAttrMap) => tf.Tensor;

function wrap(
  name: string,
  compute: (inputs: Inputs, attributes: Attributes, zeros: Zeros, original: Original) => tf.Tensor,
): void {
  const original = tf.getKernel(name, "tensorflow");
  tf.unregisterKernel(name, "tensorflow");
  tf.registerKernel({
    ...original,
    kernelFunc: (call) => {
      const attributes = call.attrs as Attributes;
      if (typeof attributes.pad === "string") return original.kernelFunc(call);
      return tf.tidy(() =>
        compute(
          call.inputs as unknown as Inputs,
          attributes,
          zerosOf(attributes),
          (inputs, attrs) => original.kernelFunc({ ...call, inputs: inputs, attrs }) as tf.Tensor,
        ),
      );
    },
  });
}

function zerosOf({ pad, dataFormat }: Attributes): Zeros {
  if (typeof pad === "number") return [[pad, pad], [pad, pad]]; // prettier-ignore
  const [height, width] = dataFormat === "NHWC" ? [1, 2] : [2, 3];
  return [(pad as Zeros)[height]!, (pad as unknown as Zeros[number][])[width]!];
}

/** [before, after] for each of the four dimensions. */
function perDimension([height, width]: Zeros, { dataFormat }: Attributes): [number, number][] {
  const none: [number, number] = [0, 0];
  const image: [number, number][] = [[...height], [...width]];
  return dataFormat === "NHWC" ? [none, ...image, none] : [none, none, ...image];
}

const padded = (x: tf.Tensor, zeros: Zeros, attributes: Attributes): tf.Tensor =>
  tf.pad(x, perDimension(zeros, attributes));
