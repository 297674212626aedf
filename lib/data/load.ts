// Loads a data set by name from its files, checking every byte count, magic number and label on the way.
import { datasetRoots, readIfThere, unpackGzip } from "#datasets";
import {
  catalogue,
  type CifarLayout,
  type DatasetDescription,
  type DatasetName,
  type IdxLayout,
} from "./catalogue.js";
import { cifarRecordBytes, parseCifar } from "./cifar.js";
import type { Dataset } from "./dataset.js";
import { parseIdx } from "./idx.js";
import { oneOf, onlyKnown } from "../options.js";
import { firstOfEachClass, subset } from "./subset.js";

/** Options of `load`. */
export interface LoadOptions {
  /** The official split; default `train`. */
  readonly split?: "train" | "test";
  /**
   * Where to look instead of the default places: a folder (in a browser, an address) that holds the data set's folder, is
   * that folder, or is the official archive's folder, such as `cifar-10-batches-bin`. Default: the environment variable
   * `RESIDUAL_DATA`, then the repository's `datasets`.
   */
  readonly root?: string;
  /** Only the first so many images, in file order. */
  readonly limit?: number;
  /** Only the first so many images of each class, kept in file order. Not together with `limit`. */
  readonly perClass?: number;
  /** Which labels of CIFAR-100: 100 classes (`fine`, the default) or 20 superclasses (`coarse`). */
  readonly labels?: "fine" | "coarse";
  /** What figures and records call it, where the files are not the official ones: `cifar-10 (JPEG copy)`. Default: its name. */
  readonly as?: string;
}

/**
 * Loads one split of a data set into host memory: images [N, H, W, C], labels [N].
 *
 * `fashion-mnist-sample` (10,000 training images, 2,000 test, 28x28x1) is in the repository. `fashion-mnist` (60,000 and
 * 10,000), `cifar-10` and `cifar-100` (50,000 and 10,000, 32x32x3) are fetched once by `npm run data -- NAME`; CIFAR is
 * also read from the unpacked official binary archive, wherever `root` or `RESIDUAL_DATA` points.
 *
 * @throws RangeError where the name, the limit or the labels asked for do not exist.
 * @throws Error where the data set is not there (it says how to get it), or a file is not in its format.
 *
 * @example
 * ```ts
 * const images = await data.load("fashion-mnist-sample", { split: "train", limit: 100 });
 * images.imageShape; // [28, 28, 1]
 * images.labels.length; // 100
 * ```
 */
export async function load(name: DatasetName, options: LoadOptions = {}): Promise<Dataset> {
  onlyKnown("load", options, ["split", "root", "limit", "perClass", "labels", "as"]);
  oneOf("load: split", options.split ?? "train", ["train", "test"]);
  oneOf("load: labels", options.labels ?? "fine", ["fine", "coarse"]);
  if (!Object.hasOwn(catalogue, name))
    throw new RangeError(`a data set must be one of ${Object.keys(catalogue).join(", ")}; got ${name}`);
  return loadDescribed(catalogue[name], options);
}

/** As `load`, for any description. */
export async function loadDescribed(
  description: DatasetDescription,
  { split = "train", root, limit, perClass, labels = "fine", as: name = description.name }: LoadOptions = {},
): Promise<Dataset> {
  if (limit !== undefined && perClass !== undefined)
    throw new RangeError(`limit and perClass exclude each other; got ${limit} and ${perClass}`);
  if (labels === "coarse" && description.coarseClasses === undefined)
    throw new RangeError(`only cifar-100 has coarse labels; got ${description.name}`);

  const { layout, imageShape } = description;
  const decoded =
    layout.format === "idx"
      ? await loadIdx(description, layout, split, root)
      : await loadCifar(description, layout, split, root, labels);
  const classes = labels === "coarse" ? description.coarseClasses! : description.classes;
  const whole: Dataset = { name, split, imageShape, classes, ...decoded };

  if (perClass !== undefined) return firstOfEachClass(whole, perClass);
  if (limit === undefined) return whole;
  const size = whole.labels.length;
  if (!Number.isInteger(limit) || limit < 1 || limit > size)
    throw new RangeError(
      `limit must be an integer from 1 to ${size}, the size of ${name} ${split}; got ${limit}`,
    );
  return subset(
    whole,
    Int32Array.from({ length: limit }, (_, i) => i),
  );
}

type Pixels = Pick<Dataset, "images" | "labels">;

async function loadIdx(
  description: DatasetDescription,
  layout: IdxLayout,
  split: "train" | "test",
  root: string | undefined,
): Promise<Pixels> {
  const count = description.images[split];
  const [height, width] = description.imageShape;
  const files = layout[split];
  const folders = datasetRoots(root).flatMap((at) => [
    `${at}/${description.name}/download`,
    `${at}/${description.name}`,
    // A bare folder of IDX files does not say whether it is the sample; only an explicit root names one.
    ...(root === undefined ? [] : [at]),
  ]);
  const found = await readTogether(description, folders, [files.images, files.labels]);

  const [imageFile, labelFile] = [found[0]!, found[1]!];
  const imageBytes = await unpacked(imageFile, 16 + count * height * width);
  const labelBytes = await unpacked(labelFile, 8 + count);
  const images = parseIdx(imageBytes, [count, height, width], imageFile.path).values;
  const labels = parseIdx(labelBytes, [count], labelFile.path).values;
  const wrong = labels.findIndex((label) => label >= description.classes.length);
  if (wrong >= 0)
    throw new Error(
      `${labelFile.path}: a class must be 0 to ${description.classes.length - 1}; got ${labels[wrong]!} at ${wrong}`,
    );
  return { images, labels };
}

async function loadCifar(
  description: DatasetDescription,
  layout: CifarLayout,
  split: "train" | "test",
  root: string | undefined,
  labelKind: "fine" | "coarse",
): Promise<Pixels> {
  const { folder, labelBytes } = layout;
  const { name } = description;
  const folders = datasetRoots(root).flatMap((at) => [
    `${at}/${name}/download/${folder}`,
    `${at}/${name}/${folder}`,
    `${at}/${name}`,
    `${at}/${folder}`,
    at,
  ]);
  const files = await readTogether(description, folders, layout[split]);

  const format = {
    labelBytes,
    records: layout.recordsPerFile[split],
    classes: description.classes.length,
    coarseClasses: description.coarseClasses?.length ?? 0,
  };
  const count = format.records * files.length;
  const images = new Uint8Array(count * (cifarRecordBytes(labelBytes) - labelBytes));
  const labels = new Uint8Array(count);
  files.forEach(({ bytes, path }, i) => {
    const part = parseCifar(bytes, format, path);
    images.set(part.images, i * part.images.length);
    labels.set(labelKind === "coarse" ? part.coarseLabels! : part.labels, i * part.labels.length);
  });
  return { images, labels };
}

interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** All the files from the first folder that has the first of them. */
async function readTogether(
  description: DatasetDescription,
  folders: readonly string[],
  names: readonly string[],
): Promise<readonly FoundFile[]> {
  for (const folder of folders) {
    const first = await readIfThere(`${folder}/${names[0]!}`);
    if (first === undefined) continue;
    const found: FoundFile[] = [{ path: `${folder}/${names[0]!}`, bytes: first }];
    for (const name of names.slice(1)) {
      const path = `${folder}/${name}`;
      const bytes = await readIfThere(path);
      if (bytes === undefined)
        throw new Error(`${path} is missing, but ${names[0]!} is there: ${remedy(description)}`);
      found.push({ path, bytes });
    }
    return found;
  }
  throw new Error(`${description.name} is not here: ${remedy(description)}. Looked in ${folders.join(", ")}`);
}

function remedy({ name, downloadMegabytes }: DatasetDescription): string {
  if (downloadMegabytes === undefined) return `it belongs to the repository: git checkout datasets/${name}`;
  return (
    `in the course's folder run npm run data -- ${name} (${downloadMegabytes} MB), or npm run data -- ${name} --from-file FILE; ` +
    `elsewhere put the publisher's files into a folder ${name}, and give the one above it as root or RESIDUAL_DATA`
  );
}

async function unpacked({ path, bytes }: FoundFile, size: number): Promise<Uint8Array> {
  try {
    // One byte more than is right, so that a longer file is told from a bomb by its size.
    return await unpackGzip(bytes, size + 1);
  } catch (error) {
    throw new Error(`${path}: gzip that unpacks to ${size} bytes was expected; ${(error as Error).message}`, {
      cause: error,
    });
  }
}
