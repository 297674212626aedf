// Loops over plain numbers in float64; the inputs are disposed of.
import { runtime } from "residual";

const { tf } = runtime;
type Images = runtime.tf.Tensor4D;

type Numbers = number[][][][];

function convolved(x: Numbers, kernel: Numbers): Numbers {
  return x.map((image) =>
    image.map((row, i) =>
      row.map((_, j) =>
        kernel[0]![0]![0]!.map((_, b) => {
          let sum = 0;
          for (let u = 0; u < 3; u++)
            for (let v = 0; v < 3; v++)
              image[i + u - 1]?.[j + v - 1]?.forEach((value, a) => {
                sum += value * kernel[u]![v]![a]![b]!;
              });
          return sum;
        }),
      ),
    ),
  );
}

const mapped = (x: Numbers, f: (value: number, at: readonly [number, number, number, number]) => number) =>
  x.map((image, n) => image.map((row, i) => row.map((pixel, j) => pixel.map((v, c) => f(v, [n, i, j, c])))));

export async function residualBlock(x: Images, first: Images, second: Images): Promise<Images> {
  const [images, f, g] = (await Promise.all([x.array(), first.array(), second.array()])) as [
    Numbers,
    Numbers,
    Numbers,
  ];
  tf.dispose([x, first, second]);
  const hidden = mapped(convolved(images, f), (value) => Math.max(value, 0));
  return tf.tensor4d(
    mapped(convolved(hidden, g), (value, [n, i, j, c]) => Math.max(value + images[n]![i]![j]![c]!, 0)),
  );
}
