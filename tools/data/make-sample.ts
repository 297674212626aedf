// Makes datasets/fashion-mnist-sample from the official files: the first 1,000 training and 200 test images of each class.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { catalogue } from "../../lib/data/catalogue";
import { formatIdx, parseIdx } from "../../lib/data/idx";
import { sources } from "./sources";

const help = `node -r ./tools/typescript.cjs tools/data/make-sample.ts --from FOLDER [--to FOLDER]

Makes the embedded Fashion-MNIST sample: of each class the first 1,000 training and the first 200 test images, in the
order of the official files. The same input gives the same images and labels; with one release of Node, the same bytes.

  --from FOLDER   holds the four official .gz files, such as /usr/share/datasets/fashion-mnist of Debian's package
                  dataset-fashion-mnist, or datasets/fashion-mnist/download; their contents are checked
  --to FOLDER     default datasets/fashion-mnist-sample`;

const perClass = { train: 1000, test: 200 } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { from: { type: "string" }, to: { type: "string" }, help: { type: "boolean", default: false } },
  });
  if (values.help || values.from === undefined) {
    console.log(help);
    if (!values.help) process.exitCode = 2;
    return;
  }
  const to = values.to ?? join(__dirname, "..", "..", "datasets", "fashion-mnist-sample");
  await mkdir(to, { recursive: true });
  for (const split of ["train", "test"] as const) await makeSplit(values.from, to, split);
}

async function makeSplit(from: string, to: string, split: "train" | "test"): Promise<void> {
  const { layout, images: counts, imageShape, classes } = catalogue["fashion-mnist"];
  if (layout.format !== "idx") throw new Error(`Fashion-MNIST must be IDX; got ${layout.format}`);
  const [height, width] = imageShape;
  const files = layout[split];
  const images = parseIdx(await official(from, files.images), [counts[split], height, width], files.images);
  const labels = parseIdx(await official(from, files.labels), [counts[split]], files.labels);

  const pixels = height * width;
  const count = perClass[split] * classes.length;
  const chosenImages = new Uint8Array(count * pixels);
  const chosenLabels = new Uint8Array(count);
  const seen = new Int32Array(classes.length);
  let at = 0;
  labels.values.forEach((label, i) => {
    if (seen[label]! >= perClass[split]) return;
    seen[label]!++;
    chosenImages.set(images.values.subarray(i * pixels, (i + 1) * pixels), at * pixels);
    chosenLabels[at++] = label;
  });
  if (at !== count) throw new Error(`${count} ${split} images were to be chosen; got ${at}`);

  await write(join(to, files.images), formatIdx({ shape: [count, height, width], values: chosenImages }));
  await write(join(to, files.labels), formatIdx({ shape: [count], values: chosenLabels }));
}

/** The contents of an official file, checked against its published hash. */
async function official(folder: string, name: string): Promise<Uint8Array> {
  const source = sources["fashion-mnist"].files.find((file) => file.name === name);
  if (source?.contents === undefined) throw new Error(`${name} is not a file of Fashion-MNIST`);
  const contents = gunzipSync(await readFile(join(folder, name)), { maxOutputLength: source.contents.bytes });
  const sha256 = createHash("sha256").update(contents).digest("hex");
  if (sha256 !== source.contents.sha256)
    throw new Error(`${name}: contents must have SHA-256 ${source.contents.sha256}; got ${sha256}`);
  return contents;
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  // Node's gzip header carries no name and time 0; byte 9, the operating system, is set to "unknown" to be the same everywhere.
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255;
  await writeFile(path, packed);
  console.log(`${createHash("sha256").update(packed).digest("hex")}  ${packed.length}  ${path}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
