// Parts of a data set, and shrinking it.
import { describe, expect, test } from "vitest";
import type { Dataset } from "./dataset.js";
import { downsample } from "./downsample.js";
import { firstOfEachClass, splitValidation, subset } from "./subset.js";

/** Images of one pixel whose value is their place. */
function numbered(count: number): Dataset {
  return {
    name: "numbered",
    split: "train",
    images: Uint8Array.from({ length: count }, (_, i) => i),
    labels: Uint8Array.from({ length: count }, (_, i) => (i * i) % 3),
    imageShape: [1, 1, 1],
    classes: ["zero", "one", "two"],
  };
}

describe("subset()", () => {
  test("subset() takes images and labels together, in the order given, repeats too", () => {
    const part = subset(numbered(10), [7, 2, 7]);
    expect([...part.images]).toEqual([7, 2, 7]);
    expect([...part.labels]).toEqual([1, 1, 1]);
  });

  test.each([-1, 10, 0.5, NaN])("subset() refuses index %d", (index) => {
    expect(() => subset(numbered(10), [index])).toThrow(`from 0 to 9; got ${index}`);
  });
});

test("firstOfEachClass() keeps file order, and names a class that is too small", () => {
  const dataset = { ...numbered(6), labels: Uint8Array.from([2, 2, 0, 2, 1, 0]) };
  expect([...firstOfEachClass(dataset, 1).images]).toEqual([0, 2, 4]);
  expect(() => firstOfEachClass(dataset, 2)).toThrow(
    "class 1 has 1 images; got a request for 2 of each class",
  );
});

describe("splitValidation()", () => {
  test("splitValidation() parts the images without loss or overlap, in file order", () => {
    const { train, validation } = splitValidation(numbered(100), 30, 5);
    expect([train.labels.length, validation.labels.length]).toEqual([70, 30]);
    expect([...train.images, ...validation.images].sort((a, b) => a - b)).toEqual([...numbered(100).images]);
    for (const { images } of [train, validation])
      expect([...images]).toEqual([...images].sort((a, b) => a - b));
    expect(validation.split).toBe("validation");
    for (const part of [train, validation])
      expect([...part.labels]).toEqual([...part.images].map((i) => (i * i) % 3));
  });

  test("splitValidation() draws by seed", () => {
    const draw = (seed: number): number[] => [...splitValidation(numbered(100), 30, seed).validation.images];
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  test("splitValidation() refuses empty parts and splits other than train", () => {
    expect(() => splitValidation(numbered(10), 10, 0)).toThrow("1 to 9 of the 10 images; got 10");
    expect(() => splitValidation(numbered(10), 0, 0)).toThrow("got 0");
    expect(() => splitValidation({ ...numbered(10), split: "test" }, 1, 0)).toThrow(
      "the train split; got test",
    );
  });
});

describe("downsample()", () => {
  test("downsample() averages squares of each channel, halves up", () => {
    const dataset: Dataset = {
      ...numbered(1),
      imageShape: [2, 4, 2],
      // Rows of four pixels of two channels.
      images: Uint8Array.from([0, 100, 2, 100, 10, 255, 20, 255, 1, 100, 3, 103, 30, 255, 40, 254]),
    };
    const small = downsample(dataset, 2);
    expect(small.imageShape).toEqual([1, 2, 2]);
    // (0+2+1+3)/4 = 1.5, (100+100+100+103)/4 = 100.75, (10+20+30+40)/4 = 25, (255*3+254)/4 = 254.75
    expect([...small.images]).toEqual([2, 101, 25, 255]);
  });

  test("downsample() refuses a factor that does not divide", () => {
    expect(() => downsample({ ...numbered(1), imageShape: [28, 28, 1] }, 3)).toThrow(
      "divides 28 and 28; got 3",
    );
  });
});
