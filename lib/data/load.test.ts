// Loading by name: the embedded sample as it lies in the repository, and official layouts made up in a temporary folder.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { catalogue, type DatasetDescription, type DatasetName } from "./catalogue.js";
import { load, loadDescribed } from "./load.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-data-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe("the embedded sample", () => {
  test("load() finds it from any working directory, balanced, with the pixels that NumPy chose from the official files", async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const train = await load("fashion-mnist-sample");
      const test = await load("fashion-mnist-sample", { split: "test" });
      expect([train.split, test.split]).toEqual(["train", "test"]);
      expect(train.imageShape).toEqual([28, 28, 1]);
      for (const [dataset, perClass] of [
        [train, 1000],
        [test, 200],
      ] as const) {
        const counts = new Array<number>(10).fill(0);
        for (const label of dataset.labels) counts[label]!++;
        expect(counts).toEqual(new Array<number>(10).fill(perClass));
        expect(dataset.images.length).toBe(10 * perClass * 28 * 28);
      }
      // Labels of the official files' first images, as every tutorial prints them.
      expect([...train.labels.subarray(0, 10)]).toEqual([9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
      expect([...test.labels.subarray(0, 10)]).toEqual([9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
      expect(createHash("sha256").update(train.images).digest("hex")).toBe(
        "e1427044c614fabc29feeff0f27e6b68f88a9ee2f2cfe7d783b9157159864883",
      );
      expect(createHash("sha256").update(test.images).digest("hex")).toBe(
        "96315b1732ab731e68b8def3c284f34b605f7deb7a61e683c7d786265c827c83",
      );
    } finally {
      process.chdir(before);
    }
  });

  test("load() limit takes the first images, perClass the first of each class", async () => {
    const whole = await load("fashion-mnist-sample", { split: "test" });
    const limited = await load("fashion-mnist-sample", { split: "test", limit: 7 });
    expect([...limited.labels]).toEqual([...whole.labels.subarray(0, 7)]);
    expect([...limited.images]).toEqual([...whole.images.subarray(0, 7 * 784)]);
    const balanced = await load("fashion-mnist-sample", { split: "test", perClass: 2 });
    expect([...balanced.labels].sort()).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]);
    // The second sandal (class 5) of the balanced set is the second of the whole.
    const nth = (labels: Uint8Array, label: number, n: number): number =>
      [...labels.keys()].filter((i) => labels[i] === label)[n]!;
    const [from, to] = [nth(whole.labels, 5, 1), nth(balanced.labels, 5, 1)];
    expect([...balanced.images.subarray(to * 784, (to + 1) * 784)]).toEqual([
      ...whole.images.subarray(from * 784, (from + 1) * 784),
    ]);
  });

  test.each([
    [{ limit: 0 }, "limit must be an integer from 1 to 2000, the size of fashion-mnist-sample test; got 0"],
    [{ limit: 2001 }, "got 2001"],
    [{ limit: 1.5 }, "got 1.5"],
    [{ perClass: 201 }, "class 0 has 200 images; got a request for 201"],
    [{ perClass: -1 }, "images per class must be a positive integer; got -1"],
    [{ limit: 5, perClass: 5 }, "limit and perClass exclude each other; got 5 and 5"],
    [{ labels: "coarse" as const }, "only cifar-100 has coarse labels; got fashion-mnist-sample"],
  ])("load() refuses %o", async (options, message) => {
    await expect(load("fashion-mnist-sample", { split: "test", ...options })).rejects.toThrow(message);
  });

  test("load() still finds it where RESIDUAL_DATA points elsewhere", async () => {
    vi.stubEnv("RESIDUAL_DATA", folder);
    expect((await load("fashion-mnist-sample", { split: "test" })).labels.length).toBe(2000);
  });
});

test("load() of an unknown name lists those it knows", async () => {
  await expect(load("toString" as DatasetName)).rejects.toThrow(
    "a data set must be one of fashion-mnist-sample, fashion-mnist, cifar-10, cifar-100; got toString",
  );
});

test("load() of what is not here says how to get it", async () => {
  await expect(load("cifar-10", { root: folder })).rejects.toThrow(
    /^cifar-10 is not here: in the course's folder run npm run data -- cifar-10 \(170 MB\), .*; elsewhere put the publisher's files into a folder cifar-10, and give the one above it as root or RESIDUAL_DATA/,
  );
});

describe("CIFAR's layout", () => {
  // Two files of 3 training records, one of 2 test records, in CIFAR-100's form: superclass, class, planes.
  const small: DatasetDescription = {
    ...catalogue["cifar-100"],
    layout: {
      format: "cifar",
      folder: "cifar-100-binary",
      labelBytes: 2,
      recordsPerFile: { train: 3, test: 2 },
      train: ["one.bin", "two.bin"],
      test: ["test.bin"],
    },
  };
  const record = (coarse: number, fine: number, value: number): Buffer =>
    Buffer.concat([Buffer.from([coarse, fine]), Buffer.alloc(3072, value)]);

  async function write(into: string): Promise<void> {
    await mkdir(into, { recursive: true });
    await writeFile(
      join(into, "one.bin"),
      Buffer.concat([record(1, 10, 0), record(2, 20, 1), record(3, 30, 2)]),
    );
    await writeFile(
      join(into, "two.bin"),
      Buffer.concat([record(4, 40, 3), record(5, 50, 4), record(6, 60, 5)]),
    );
    await writeFile(join(into, "test.bin"), Buffer.concat([record(7, 70, 6), record(8, 80, 7)]));
  }

  test.each([
    "",
    "cifar-100-binary",
    "cifar-100",
    "cifar-100/cifar-100-binary",
    "cifar-100/download/cifar-100-binary",
  ])("load() finds files in root/%s, in file order", async (inside) => {
    await write(join(folder, inside));
    const dataset = await loadDescribed(small, { root: folder });
    expect([...dataset.labels]).toEqual([10, 20, 30, 40, 50, 60]);
    expect([0, 1, 2, 3, 4, 5].map((n) => dataset.images[n * 3072 + 3071])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(dataset.classes).toHaveLength(100);
  });

  test("load() looks where RESIDUAL_DATA points", async () => {
    await write(join(folder, "cifar-100-binary"));
    vi.stubEnv("RESIDUAL_DATA", folder);
    expect([...(await loadDescribed(small, { split: "test" })).labels]).toEqual([70, 80]);
  });

  test("load() gives coarse labels with their 20 classes, under the name asked for", async () => {
    await write(folder);
    const dataset = await loadDescribed(small, { root: folder, labels: "coarse", as: "cifar-100 (a copy)" });
    expect([...dataset.labels]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(dataset.classes).toHaveLength(20);
    expect(dataset.name).toBe("cifar-100 (a copy)");
  });

  test("load() names the file that is missing or damaged", async () => {
    await write(folder);
    await writeFile(join(folder, "two.bin"), Buffer.alloc(5));
    await expect(loadDescribed(small, { root: folder })).rejects.toThrow(
      /two\.bin: 3 records of 3074 bytes .* got 5/,
    );
    await rm(join(folder, "two.bin"));
    await expect(loadDescribed(small, { root: folder })).rejects.toThrow(
      /two\.bin is missing, but one\.bin is there/,
    );
  });
});

describe("IDX layout", () => {
  const small: DatasetDescription = {
    ...catalogue["fashion-mnist"],
    imageShape: [2, 1, 1],
    images: { train: 2, test: 1 },
  };
  const images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 11, 12, 13, 14];
  const labels = [0, 0, 8, 1, 0, 0, 0, 2, 9, 3];

  async function write(imageFile: Uint8Array, labelFile: Uint8Array): Promise<void> {
    const into = join(folder, "fashion-mnist", "download");
    await mkdir(into, { recursive: true });
    await writeFile(join(into, "train-images-idx3-ubyte.gz"), imageFile);
    await writeFile(join(into, "train-labels-idx1-ubyte.gz"), labelFile);
  }
  const gz = (bytes: readonly number[]): Uint8Array => gzipSync(Uint8Array.from(bytes));

  test("load() reads images and labels", async () => {
    await write(gz(images), gz(labels));
    const dataset = await loadDescribed(small, { root: folder });
    expect([[...dataset.images], [...dataset.labels]]).toEqual([
      [11, 12, 13, 14],
      [9, 3],
    ]);
  });

  test.each([
    ["files that are not gzip", Uint8Array.from(images), gz(labels), "incorrect header check"],
    ["gzip cut short", gz(images).subarray(0, 20), gz(labels), "unexpected end of file"],
    [
      "gzip of too much",
      gz([...images, ...new Array<number>(100_000).fill(0)]),
      gz(labels),
      "20 bytes was expected",
    ],
    ["another count", gz(images.with(7, 3)), gz(labels), "shape must be [2, 2, 1]; got [3, 2, 1]"],
    ["a label out of range", gz(images), gz(labels.with(9, 10)), "a class must be 0 to 9; got 10 at 1"],
  ])("load() refuses %s", async (_, imageFile, labelFile, message) => {
    await write(imageFile, labelFile);
    await expect(loadDescribed(small, { root: folder })).rejects.toThrow(message);
  });
});
