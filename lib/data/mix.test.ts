// Mixed sources beside a count of every image, and training on them beside a run that is stopped and taken up again.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { highest, lowest } from "../numeric.js";
import { cifarResNet } from "../nn/index.js";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { evaluate, fit, predict, type BatchSource, type FitOptions } from "../train/index.js";
import { batches } from "./batches.js";
import { mixSources } from "./mix.js";

beforeAll(async () => {
  await ready();
});

/** Images of one pixel that holds the image's own number, counted from `first`; with a stream each gets what it draws on top. */
function numbered(name: string, size: number, first = 0): BatchSource {
  return {
    name,
    size,
    imageShape: [1, 1, 1],
    classes: ["even", "odd"],
    batch(indices, augmentation) {
      const values = Float32Array.from(indices, (index) => first + index + (augmentation?.uniform() ?? 0));
      return {
        images: tf.tensor4d(values, [indices.length, 1, 1, 1]),
        labels: tf.tensor1d(Int32Array.from(indices, (index) => (first + index) % 2), "int32"), // prettier-ignore
      };
    },
  };
}

/** The pixels of images of one pixel, and their labels. */
function read(source: BatchSource, indices: ArrayLike<number>, seed?: number): readonly [number[], number[]] {
  const stream = seed === undefined ? undefined : randomStream(seed, "augment");
  const { images, labels } = source.batch(Int32Array.from(indices), stream);
  const values: [number[], number[]] = [[...images.dataSync()], [...labels.dataSync()]];
  tf.dispose([images, labels]);
  return values;
}

const every = (source: BatchSource) => Array.from({ length: source.size }, (_, i) => i);

test("mixSources() without weights holds each image once, with weights each source its share and every image of it equally often", () => {
  const before = tf.memory().numTensors;
  const sizesAndWeights = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 1,
      maxLength: 4,
    })
    .filter((sources) => sources.some(([, weight]) => weight > 0));
  fc.assert(
    fc.property(sizesAndWeights, fc.constantFrom(1, 0.1, 1e-12, 1e12), (sources, unit) => {
      const made = sources.map(([size], i) => numbered(`s${i}`, size, 100 * i));
      const plain = mixSources(made);
      expect(read(plain, every(plain))[0]).toEqual(made.flatMap((one) => read(one, every(one))[0]));

      const mix = mixSources(made, { weights: sources.map(([, weight]) => weight * unit) });
      const [pixels, labels] = read(mix, every(mix));
      expect(labels).toEqual(pixels.map((pixel) => pixel % 2));
      const total = sources.reduce((sum, [, weight]) => sum + weight, 0);
      sources.forEach(([size, weight], i) => {
        const counts = Array.from({ length: size }, (_, k) => pixels.filter((p) => p === 100 * i + k).length);
        const share = counts.reduce((sum, count) => sum + count, 0);
        if (weight === 0) expect(share).toBe(0);
        else expect(lowest(counts)).toBeGreaterThanOrEqual(1);
        expect(highest(counts) - lowest(counts)).toBeLessThanOrEqual(1);
        // Shares are whole numbers, so the sum of all is off by as many halves as there are sources, and one share by a half more.
        expect(Math.abs(share - (mix.size * weight) / total)).toBeLessThanOrEqual(
          (sources.length + 1) / 2 + 1e-9,
        );
      });
    }),
    { numRuns: 100, seed: 1 },
  );
  expect(tf.memory().numTensors).toBe(before);
});

test.each(["tensorflow", "wasm", "cpu"])(
  "mixSources() gives a batch in the order of its indices, and its augmentation by the stream alone, on %s",
  async (backend) => {
    await tf.setBackend(backend);
    try {
      const mix = mixSources([numbered("a", 3), numbered("b", 2, 10)]);
      expect(read(mix, [4, 0, 3, 3, 2])).toEqual([[11, 0, 10, 10, 2], [1, 0, 0, 0, 0]]); // prettier-ignore
      expect(read(mix, [4, 0, 3], 1)).toEqual(read(mix, [4, 0, 3], 1));
      expect(read(mix, [4, 0, 3], 1)).not.toEqual(read(mix, [4, 0, 3], 2));
      const floors = read(mix, [4, 0, 3], 1)[0].map(Math.floor);
      expect(floors).toEqual([11, 0, 10]);
    } finally {
      await tf.setBackend("tensorflow");
    }
  },
);

test("mixSources() refuses sources that do not fit together, and weights that are none", () => {
  const [a, b] = [numbered("a", 3), numbered("b", 2)];
  const refuses = (call: () => unknown, message: string) => {
    expect(call).toThrow(message);
  };
  refuses(() => mixSources([]), "needs at least one source; got []");
  refuses(
    () => mixSources(a as never),
    "takes a list of sources, such as [one, other]; got an object with name",
  );
  refuses(() => mixSources([a, { images: 1 } as never]), "sources[1] must be a source of batches with at least one image, which data.batches(dataset) makes; got an object with images"); // prettier-ignore
  refuses(() => mixSources([a, { ...b, imageShape: [2, 1, 1] }]), "all images must have one shape; those of a are 1x1x1, those of b 2x1x1"); // prettier-ignore
  refuses(() => mixSources([a, { ...b, classes: ["odd", "even"] }]), 'a label must mean the same class in all sources; 0 is "even" in a and "odd" in b'); // prettier-ignore
  refuses(() => mixSources([a, { ...b, classes: ["even", "odd", "both"] }]), '2 is undefined in a and "both" in b'); // prettier-ignore
  refuses(() => mixSources([a, b], { weights: [1] }), "weights must be a list of 2 numbers, one for each source; got [1]"); // prettier-ignore
  refuses(() => mixSources([a, b], { weights: [] }), "one for each source; got []");
  refuses(() => mixSources([a, b], { weights: [1, -1] }), "weights[1], that of b, must be a finite number of at least 0; got -1"); // prettier-ignore
  refuses(() => mixSources([a, b], { weights: [NaN, 1] }), "weights[0], that of a, must be a finite number of at least 0; got NaN"); // prettier-ignore
  refuses(() => mixSources([a, b], { weights: [0, 0] }), "a weight must be above 0; got [0,0]");
  refuses(() => mixSources([a, b], { weights: [1e-12, 1] }), "give a, which has 3 images, more than 1e-12");
  refuses(() => read(mixSources([a, b]), [5]), "a place in a + b must be 0 to 4; got 5");
  refuses(() => read(mixSources([a, b]), []), "a batch must hold at least one image; got 0");
});

describe("training on mixSources()", () => {
  /** Two sets of stripes, the second upside down in brightness, cropped and mirrored at random. */
  function sources() {
    const stream = randomStream(4, "stripes");
    const make = (name: string, size: number, sign: number) =>
      batches(
        {
          name,
          split: "train",
          imageShape: [8, 8, 1],
          classes: ["rows", "columns"],
          labels: Uint8Array.from({ length: size }, (_, i) => i % 2),
          images: Uint8Array.from({ length: size * 64 }, (_, p) => {
            const [image, row, column] = [Math.floor(p / 64), Math.floor((p % 64) / 8), p % 8];
            return 128 + sign * (((image % 2 === 0 ? row : column) % 2) * 80 + stream.integer(20));
          }),
        },
        { augment: { pad: 2, flip: true }, normalise: { mean: [0.5], std: [0.25] } },
      );
    return [make("bright", 30, 1), make("dark", 6, -1)];
  }

  async function trained(options: FitOptions, weights = [2, 1]) {
    const [bright, dark] = sources();
    const mix = mixSources([bright!, dark!], { weights });
    const network = cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 2, seed: 3 });
    try {
      const { history, stepLosses, stopped, steps } = await fit(network, mix, {
        batchSize: 12,
        epochs: 4,
        stepLosses: true,
        progress: "none",
        ...options,
      });
      const measured = await evaluate(network, mix, { progress: "none" });
      const { labels } = await predict(network, mix);
      return { losses: stepLosses, accuracy: history.at(-1)?.accuracy, measured, labels, stopped, steps };
    } finally {
      network.dispose();
      bright!.dispose();
      dark!.dispose();
    }
  }

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "residual-mix-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("fit() on a mix gives the same losses compiled and not, and again after a stop, and others with other weights", async () => {
    const uncompiled: string[] = [];
    const whole = await trained({ compile: { onUncompiled: (reason) => uncompiled.push(reason) } });
    expect(uncompiled).toEqual([]);
    expect(whole.steps).toBe(4 * Math.floor(45 / 12));
    expect(await trained({ compile: false })).toEqual(whole);

    const path = join(folder, "run.safetensors");
    const controller = new AbortController();
    const onStep = ({ step }: { step: number }) => {
      if (step === 5) controller.abort();
    };
    const first = await trained({ checkpoint: { path }, signal: controller.signal, onStep });
    expect([first.stopped, first.steps]).toEqual([true, 5]);
    expect(await trained({ checkpoint: { path } })).toEqual(whole);
    await expect(trained({ checkpoint: { path } }, [1, 1])).rejects.toThrow(/run\.safetensors.*data/s);
  });
});
