// Shapes in types: what compiles, what does not, and the very sentence that the compiler shows.
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { diagnose } from "../../tools/exercises/diagnose";
import { ready, tf } from "../runtime/index.js";
import { valuesOf } from "../runtime/kernels/float64.fixture.js";
import { add, concat, conv2d, norm, padChannels, subsample } from "./operations.js";
import { shaped } from "./shape.js";

beforeAll(async () => {
  await ready();
});

const small = () => shaped(tf.ones([2, 32, 32, 16]), ["N", 32, 32, 16]);
const large = () => shaped(tf.ones([2, 16, 16, 32]), ["N", 16, 16, 32]);

test("add() refuses a shortcut of another shape when it is compiled, and when it runs", () => {
  // @ts-expect-error 32x32x16 cannot be added to 16x16x32
  expect(() => add(large(), small())).toThrow(
    "a shortcut must have the residual's shape, [2, 16, 16, 32]; got [2, 32, 32, 16]",
  );
});

test("add() refuses what TensorFlow would broadcast", () => {
  const onePixel = shaped(tf.ones([2, 1, 1, 32]), ["N", 1, 1, 32]);
  // @ts-expect-error 1x1x32 would be broadcast over the image
  expect(() => add(large(), onePixel)).toThrow("a shortcut must have the residual's shape");
});

test("add() takes the shortcut of option A", async () => {
  const sum = add(large(), padChannels(subsample(small()), 32));
  expect(sum.tensor.shape).toEqual([2, 16, 16, 32]);
  const pixel = (await valuesOf(sum.tensor)).slice(0, 32);
  expect(pixel).toEqual(Array.from({ length: 32 }, (_, c) => (c < 16 ? 2 : 1)));
});

test("conv2d() gives the shape that its type says, and refuses a kernel for other channels", () => {
  const kernel = shaped(tf.ones([3, 3, 16, 32]), [3, 3, 16, 32]);
  const y = add(large(), conv2d(small(), kernel, 2));
  expect(y.tensor.shape).toEqual([2, 16, 16, 32]);
  // @ts-expect-error the kernel takes 16 channels, the images have 32
  expect(() => conv2d(large(), kernel, 1)).toThrow();
});

test("concat() counts the channels of both, and refuses images of another size", async () => {
  const [front, back] = [
    shaped(tf.zeros([1, 2, 2, 3]), ["N", 2, 2, 3]),
    shaped(tf.ones([1, 2, 2, 2]), ["N", 2, 2, 2]),
  ];
  const both = concat(front, back);
  const five: 5 = both.dimensions[3];
  expect(both.tensor.shape).toEqual([1, 2, 2, five]);
  expect((await valuesOf(both.tensor)).slice(0, five)).toEqual([0, 0, 0, 1, 1]);
  // @ts-expect-error 16x16 images cannot be joined to 2x2 ones
  expect(() => concat(front, large())).toThrow();
});

test("norm() scales and shifts each channel, and refuses a norm of other channels", async () => {
  const two = { scale: shaped(tf.tensor1d([2, -1]), [2]), shift: shaped(tf.tensor1d([0.5, 3]), [2]) };
  const x = shaped(tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]), ["N", 1, 2, 2]);
  expect(await valuesOf(norm(x, two).tensor)).toEqual([2.5, 1, 6.5, -1]);
  // @ts-expect-error the norm has 2 channels, the images 32
  expect(() => norm(large(), two)).toThrow();
});

test("shaped() refuses a tensor of another shape", () => {
  expect(() => shaped(tf.ones([2, 3]), ["N", 4])).toThrow(
    "a tensor must have the shape it is given, [N, 4]; got [2, 3]",
  );
});

test("add() the compiler's message names both shapes and the remedy", () => {
  const file = join(__dirname, "bad-shortcut.ts");
  const text = `import { add, type Shape } from "./index.js";
export const bad = (f: Shape<["N", 16, 16, 32]>, x: Shape<["N", 32, 32, 16]>) => add(f, x);`;
  const messages = diagnose(new Map([[file, text]])).get(file)!;
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain(
    "Shape<[N, 32, 32, 16]> cannot be added to Shape<[N, 16, 16, 32]>: project or pad the shortcut",
  );
});
