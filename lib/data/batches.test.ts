// Batches on the device, beside plain loops that pad, crop, mirror and normalise one value at a time.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { cropAndFlip, drawCrops, type Crop } from "./augment.js";
import type { Dataset } from "./dataset.js";
import { batches } from "./batches.js";
import { channelStatistics } from "./normalise.js";

beforeAll(async () => {
  await ready();
});

const backends = ["tensorflow", "wasm", "cpu"];

/** Bytes that differ between neighbours in every direction and between images. */
function patterned(count: number, [height, width, channels]: Dataset["imageShape"]): Dataset {
  const stream = randomStream(3, "pattern");
  return {
    name: "patterned",
    split: "train",
    images: Uint8Array.from({ length: count * height * width * channels }, () => stream.integer(256)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 3),
    imageShape: [height, width, channels],
    classes: ["a", "b", "c"],
  };
}

/** Pads with zeros into a larger array, cuts the window out of it, then reverses its rows where mirrored. */
function paddedCroppedFlipped(
  image: number[][][],
  { down, right, mirrored }: Crop,
  pad: number,
): number[][][] {
  const [height, width, channels] = [image.length, image[0]!.length, image[0]![0]!.length];
  const padded = Array.from({ length: height + 2 * pad }, () =>
    Array.from({ length: width + 2 * pad }, () => new Array<number>(channels).fill(0)),
  );
  image.forEach((row, y) => {
    row.forEach((pixel, x) => {
      padded[y + pad]![x + pad] = pixel;
    });
  });
  const window = padded
    .slice(pad + down, pad + down + height)
    .map((row) => row.slice(pad + right, pad + right + width));
  return mirrored ? window.map((row) => row.reverse()) : window;
}

describe.each(backends)("cropAndFlip() on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });
  afterAll(async () => {
    await tf.setBackend("tensorflow");
  });

  test.each([
    [4, 32, 32, 3],
    [4, 28, 28, 1],
    [4, 8, 9, 2],
    [6, 7, 14, 1],
    [1, 2, 2, 1],
  ])(
    "cropAndFlip() equals padding by %i, cropping and mirroring %ix%ix%i: every shift",
    async (pad, height, width, channels) => {
      const images = tf.tidy(() =>
        tf.randomUniform<tf.Rank.R4>([3, height, width, channels], 1, 2, "float32", 5),
      );
      const shifts = Array.from({ length: 2 * pad + 1 }, (_, i) => i - pad);
      const crops = shifts.flatMap((down) =>
        shifts.flatMap((right) => [false, true].map((mirrored) => ({ down, right, mirrored }))),
      );
      const indices = Int32Array.from(crops, (_, i) => (i * 2) % 3);
      const cropped = cropAndFlip(images, indices, crops);
      const source = await images.array();
      const expected = crops.map((crop, i) => paddedCroppedFlipped(source[indices[i]!]!, crop, pad));
      // Whole pixels are moved, so equality is exact; flat, as nested comparison is slow.
      const actual = await cropped.data();
      expect(actual.length).toBe(crops.length * height * width * channels);
      const wrong = expected.flat(3).findIndex((value, i) => value !== actual[i]);
      expect(wrong).toBe(-1);
      tf.dispose([images, cropped]);
    },
  );

  test("batches() gives the same batches from device and from host memory, and leaks nothing", async () => {
    const before = tf.memory().numTensors;
    const dataset = patterned(20, [12, 10, 3]);
    const options = { augment: "pad-crop-flip" } as const;
    const near = batches(dataset, options);
    const far = batches(dataset, { ...options, residentBytes: 4 * dataset.images.length - 1 });
    expect([near.resident, far.resident]).toEqual([true, false]);
    const held = tf.memory().numTensors;
    const indices = Int32Array.of(19, 3, 3, 0, 7);
    for (const seed of [undefined, 1, 2]) {
      const stream = () => (seed === undefined ? undefined : randomStream(seed));
      const [a, b] = [near.batch(indices, stream()), far.batch(indices, stream())];
      expect(a.images.shape).toEqual([5, 12, 10, 3]);
      expect(await a.images.data()).toEqual(await b.images.data());
      expect([...(await a.labels.data())]).toEqual([1, 0, 0, 0, 1]);
      expect([...(await b.labels.data())]).toEqual([1, 0, 0, 0, 1]);
      tf.dispose([a, b].flatMap(({ images, labels }) => [images, labels]));
    }
    expect(tf.memory().numTensors).toBe(held);
    near.dispose();
    far.dispose();
    near.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("batches()", () => {
  test("batches() normalises each channel: (byte / 255 - mean) / std", async () => {
    const dataset = patterned(4, [2, 3, 2]);
    const source = batches(dataset, { normalise: { mean: [0.25, 0.5], std: [0.5, 2] } });
    const { images, labels } = source.batch(Int32Array.of(2));
    const bytes = [...dataset.images.subarray(24, 36)];
    const expected = bytes.map((byte, i) =>
      Math.fround(i % 2 === 0 ? (byte / 255 - 0.25) / 0.5 : (byte / 255 - 0.5) / 2),
    );
    expect([...(await images.data())]).toEqual(expected);
    tf.dispose([images, labels]);
    source.dispose();
  });

  test("batches() per channel gives mean 0 and deviation 1; its statistics serve the test split", async () => {
    const train = patterned(50, [4, 4, 3]);
    const source = batches(train);
    const all = source.batch(Int32Array.from({ length: 50 }, (_, i) => i));
    const { mean, variance } = tf.tidy(() => tf.moments(all.images, [0, 1, 2]));
    for (const value of await mean.data()) expect(value).toBeCloseTo(0, 5);
    for (const value of await variance.data()) expect(value).toBeCloseTo(1, 4);

    // One white image, by the training split's figures.
    const test = { ...patterned(1, [4, 4, 3]), split: "test" as const, images: new Uint8Array(48).fill(255) };
    const other = batches(test, { normalise: source.statistics });
    const batch = other.batch(Int32Array.of(0));
    const { mean: m, std: s } = channelStatistics(train);
    expect([...(await batch.images.data())].slice(0, 3)).toEqual(
      [0, 1, 2].map((c) => Math.fround((1 - m[c]!) / s[c]!)),
    );
    tf.dispose([all.images, all.labels, mean, variance, batch.images, batch.labels]);
    source.dispose();
    other.dispose();
  });

  test("batches() normalise none gives 0 to 1", async () => {
    const source = batches(
      { ...patterned(1, [1, 2, 1]), images: Uint8Array.of(0, 255) },
      { normalise: "none" },
    );
    const { images, labels } = source.batch(Int32Array.of(0));
    expect([...(await images.data())]).toEqual([0, 1]);
    expect(source.statistics).toEqual({ mean: [0], std: [1] });
    tf.dispose([images, labels]);
    source.dispose();
  });

  test("batches() augments by the stream alone: one seed, one batch", async () => {
    const source = batches(patterned(8, [10, 10, 1]), { augment: "pad-crop-flip" });
    const indices = Int32Array.of(0, 1, 2, 3);
    const read = async (seed: number): Promise<number[]> => {
      const { images, labels } = source.batch(indices, randomStream(seed));
      const values = [...(await images.data())];
      tf.dispose([images, labels]);
      return values;
    };
    expect(await read(1)).toEqual(await read(1));
    expect(await read(1)).not.toEqual(await read(2));
    source.dispose();
  });

  test("batches() refuses statistics, augmentation, indices and sets that do not fit", () => {
    const dataset = patterned(4, [6, 8, 3]);
    expect(() => batches(dataset, { normalise: { mean: [0], std: [1] } })).toThrow(
      "each of 3 channels; got 1 means",
    );
    expect(() => batches(dataset, { normalise: { mean: [0, 0, 0], std: [1, 0, 1] } })).toThrow(
      "positive; got 1, 0, 1",
    );
    expect(() => batches(dataset, { normalise: { mean: [0, NaN, 0], std: [1, 1, 1] } })).toThrow(
      "finite; got 0, NaN, 0",
    );
    expect(() => batches({ ...dataset, images: new Uint8Array(4 * 144) })).toThrow("positive; got 0, 0, 0");
    expect(() => batches({ ...dataset, images: new Uint8Array(3 * 144) }, { residentBytes: 0 })).toThrow(
      "4 images of 6x8x3 are 576 bytes; patterned train has 432",
    );
    const labels = Uint8Array.from(dataset.labels, (label, i) => (i === 2 ? dataset.classes.length : label));
    expect(() => batches({ ...dataset, labels })).toThrow(
      /labels are whole numbers .*; label 2 of patterned train/,
    );
    for (const values of [Float32Array, Float64Array, Int8Array])
      expect(() => batches({ ...dataset, images: values.from(dataset.images) as never })).toThrow(
        `patterned train has them in a ${values.name}`,
      );
    for (const other of [null, undefined, 7, { name: "no images" }])
      expect(() => batches(other as never)).toThrow(/batches takes a data set with images, labels/);
    expect(() => batches(dataset, { augment: { pad: 6, flip: true } })).toThrow(
      "pad must be an integer from 0 to 5; got 6",
    );
    expect(() => batches(patterned(1, [1, 8, 1]), { augment: "pad-crop-flip" })).toThrow(
      "at least 2x2 pixels; got 1x8",
    );
    expect(() => batches({ ...dataset, images: new Uint8Array(), labels: new Uint8Array() })).toThrow(
      "patterned train has 0",
    );
    const source = batches(dataset);
    expect(() => source.batch(Int32Array.of(4))).toThrow("an image's index must be 0 to 3; got 4");
    expect(() => source.batch(new Int32Array())).toThrow("at least one image; got 0");
    source.dispose();
    expect(() => source.batch(Int32Array.of(0))).toThrow("patterned train was disposed");
  });
});

describe("drawCrops()", () => {
  test("drawCrops() reaches every shift of 9x9, and mirrors about half", () => {
    const crops = drawCrops({ pad: 4, flip: true }, 8100, randomStream(11));
    const counts = new Map<string, number>();
    for (const { down, right } of crops)
      counts.set(`${down},${right}`, (counts.get(`${down},${right}`) ?? 0) + 1);
    expect(counts.size).toBe(81);
    // 100 expected, deviation 10: six deviations either way.
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(60);
    const mirrored = crops.filter((crop) => crop.mirrored).length;
    expect(Math.abs(mirrored - 4050)).toBeLessThan(6 * 45);
    expect(crops.every(({ down, right }) => Math.max(Math.abs(down), Math.abs(right)) <= 4)).toBe(true);
  });

  test("drawCrops() without padding only mirrors, without flip only shifts", () => {
    expect(
      drawCrops({ pad: 0, flip: true }, 50, randomStream(1)).every(
        ({ down, right }) => down === 0 && right === 0,
      ),
    ).toBe(true);
    expect(drawCrops({ pad: 4, flip: false }, 50, randomStream(1)).some(({ mirrored }) => mirrored)).toBe(
      false,
    );
  });
});

test("channelStatistics() equals a two-pass mean and deviation in float64", () => {
  const dataset = patterned(30, [5, 7, 3]);
  const { mean, std } = channelStatistics(dataset);
  for (const c of [0, 1, 2]) {
    const values = [...dataset.images].filter((_, i) => i % 3 === c).map((byte) => byte / 255);
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
    expect(mean[c]).toBeCloseTo(average, 12);
    expect(std[c]).toBeCloseTo(Math.sqrt(variance), 12);
  }
});
