import { beforeAll, expect, test } from "vitest";
import { ready, tf } from "../runtime/index.js";
import { expectClose, valuesOf } from "../runtime/kernels/float64.fixture.js";
import { dense } from "./dense.js";
import { globalAveragePool, maxPool } from "./pool.js";
import { expectForward, oddImages, setOddValues, toTensor, type Images } from "./reference.fixture.js";

beforeAll(async () => {
  await ready();
});

/** The largest pixel of each window that lies in the image. */
function largest(x: Images, window: number, stride: number, padding: number): Images {
  const [n, height, width, channels] = x.shape;
  const rows = Math.floor((height + 2 * padding - window) / stride) + 1;
  const columns = Math.floor((width + 2 * padding - window) / stride) + 1;
  const values: number[] = [];
  for (let image = 0; image < n; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let c = 0; c < channels; c++) {
          const inside: number[] = [];
          for (let y = row * stride - padding; y < row * stride - padding + window; y++)
            for (let z = column * stride - padding; z < column * stride - padding + window; z++)
              if (y >= 0 && y < height && z >= 0 && z < width)
                inside.push(x.values[((image * height + y) * width + z) * channels + c]!);
          values.push(Math.max(...inside));
        }
  return { shape: [n, rows, columns, channels], values };
}

test.each([
  [6, 6],
  [7, 8],
])("maxPool() 3x3/2 pads %i x %i on all sides with cells that never win", async (height, width) => {
  const odd = oddImages([2, height, width, 2], 1);
  const negative = { ...odd, values: odd.values.map((value) => value - 5) };
  await expectForward(maxPool(), negative, largest(negative, 3, 2, 1));
});

test("maxPool() passes a finite gradient to the largest pixel of each window", async () => {
  // The 2x2 image is one window with its padding; its largest pixel is the last.
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const gradient = tf.grad((input: tf.Tensor) => tf.sum(maxPool().forward(input, { training: true })))(x);
  expect(await valuesOf(gradient)).toEqual([0, 0, 0, 1]);
});

test("maxPool() names the rule for a small image and for too much padding", () => {
  expect(() => maxPool({ padding: 0 }).outputShape([2, 8, 1])).toThrow(
    "max pool 3x3/2 needs an image of at least 3 pixels a side; got 2x8",
  );
  expect(() => maxPool({ padding: 2 })).toThrow("padding must be at most half the kernel of 3; got 2");
});

test("globalAveragePool() averages over height and width", async () => {
  const x = oddImages([2, 3, 4, 2], 1);
  const values = [0, 1].flatMap((image) =>
    [0, 1].map((c) => {
      const own = x.values.slice(image * 24, image * 24 + 24).filter((_, i) => i % 2 === c);
      return own.reduce((a, b) => a + b, 0) / 12;
    }),
  );
  await expectForward(globalAveragePool(), x, { shape: [2, 2], values });
});

test("globalAveragePool() gives each pixel its share of the gradient, and of the second derivative", async () => {
  const x = toTensor(oddImages([2, 3, 4, 2], 1));
  const weights = tf.tensor2d([1.5, -2, 0.25, 3], [2, 2]);
  const mean = (x: tf.Tensor) => globalAveragePool().forward(x, { training: false });
  const share = (c: number, image: number) => [1.5, -2, 0.25, 3][2 * image + c]! / 12;
  const expected = [0, 1].flatMap((image) => Array.from({ length: 24 }, (_, i) => share(i % 2, image)));
  const slope = tf.grad((x: tf.Tensor) => tf.mul(mean(x), weights));
  expectClose(await valuesOf(slope(x)), expected, 1e-6);

  // d/dx sum of (d/dx sum of mean^2) = d/dx (2 / 12 sum of 12 means) = 2 / 12, for every pixel alike.
  const second = tf.grad((x: tf.Tensor) => tf.grad((x: tf.Tensor) => tf.square(mean(x)))(x))(x);
  expectClose(await valuesOf(second), Array.from({ length: 48 }, () => 2 / 12), 1e-6); // prettier-ignore
});

test("dense() is x W + b, and takes only its number of features", async () => {
  const layer = dense(3, 2);
  const { weight, bias } = setOddValues(layer);
  const x = [0.5, -1.5, 2];
  const y = layer.forward(tf.tensor2d(x, [1, 3]), { training: false });
  const expected = [0, 1].map(
    (k) => x.reduce((sum, value, i) => sum + value * weight!.values[i * 2 + k]!, 0) + bias!.values[k]!,
  );
  expectClose(await valuesOf(y), expected, 1e-6);
  expect(layer.rows([3])[0]).toMatchObject({ parameters: 8, multiplyAdds: 6, outputShape: [2] });
  expect(() => layer.outputShape([4])).toThrow("dense needs features [3]; got [4]");
  expect(() => layer.outputShape([2, 2, 3])).toThrow("dense needs features [3]; got [2, 2, 3]");
});
