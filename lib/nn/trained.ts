// Trained networks for photographs: torchvision's ResNet-18 where it has been fetched, and the course's own ResNet-20 everywhere.
import { datasetRoots, readIfThere } from "#datasets";
import { asFloat32 } from "../files/floats.js";
import { decodeSafetensors, type StoredTensor } from "../files/safetensors.js";
import { catalogue } from "../data/catalogue.js";
import type { ChannelStatistics } from "../data/normalise.js";
import { parseExactly } from "../files/exact-json.js";
import { assignVariables, specKey } from "../train/weights.js";
import { build } from "./build.js";
import { imageNetResNet } from "./imagenet.js";
import type { Network } from "./network.js";
import { oneOf, onlyKnown } from "./options.js";
import { loadTorchWeights } from "./torch-weights.js";

/** A network with what must be known to use it. */
export interface TrainedResNet {
  readonly name: TrainedName;
  /** In words: what it is, and on what it was trained. */
  readonly about: string;
  /** It holds memory until disposed. */
  readonly network: Network;
  /** What each logit stands for. */
  readonly classes: readonly string[];
  /** Pixels a side of the images that it takes. */
  readonly side: number;
  /** What its training images were normalised by; values of 0 to 1, each channel less its mean and divided by its deviation. */
  readonly statistics: ChannelStatistics;
}

/** The networks that `trainedResNet` knows. */
export type TrainedName = "resnet-18" | "resnet-20";

/** Options of `trainedResNet`. */
export interface TrainedResNetOptions {
  /** Default: `resnet-18` where its weights are, else `resnet-20`. */
  readonly which?: TrainedName;
  /** A folder (in a browser, an address) to look in instead of `RESIDUAL_DATA` and the repository's `datasets`. */
  readonly root?: string;
}

/**
 * A trained ResNet: torchvision's ResNet-18 for the 1,000 classes of ImageNet, where `npm run data -- resnet-18` has fetched its weights, else
 * the course's own ResNet-20 for the ten of CIFAR-10, whose weights are in the repository.
 *
 * @throws Error where the weights asked for are not there (it says how to get them), or the file is not what it should be.
 *
 * @example
 * ```ts
 * const { network, classes, side } = await nn.trainedResNet({ which: "resnet-20" });
 * [network.units.length, classes.length, side]; // [9, 10, 32]
 * ```
 */
export async function trainedResNet(options: TrainedResNetOptions = {}): Promise<TrainedResNet> {
  onlyKnown("trainedResNet", options, ["which", "root"]);
  if (options.which !== undefined) oneOf("trainedResNet: which", options.which, ["resnet-18", "resnet-20"]);
  const roots = datasetRoots(options.root);
  const wanted = options.which === undefined ? (["resnet-18", "resnet-20"] as const) : [options.which];
  for (const which of wanted)
    for (const root of roots) {
      const path = `${root}/${paths[which]}`;
      const bytes = await readIfThere(path);
      if (bytes) return which === "resnet-18" ? resNet18(bytes, path, roots) : resNet20(bytes, path);
    }
  throw new Error(
    `${wanted.at(-1)!} is not here: ${wanted.at(-1) === "resnet-18" ? "in the course's folder run npm run data -- resnet-18 (47 MB)" : "it belongs to the repository, git checkout datasets/resnet-20"}. Looked in ${roots.join(", ")}`,
  );
}

const paths: Readonly<Record<TrainedName, string>> = {
  "resnet-18": "resnet-18/download/resnet18-f37072fd.pth",
  "resnet-20": "resnet-20/resnet-20.safetensors",
};

/** torchvision's, with its class names, which lie in the repository. */
async function resNet18(bytes: Uint8Array, path: string, roots: readonly string[]): Promise<TrainedResNet> {
  const lists = await Promise.all(roots.map((root) => readIfThere(`${root}/resnet-18/classes.json`)));
  const list = lists.find((found) => found !== undefined);
  const classes = list
    ? (JSON.parse(new TextDecoder().decode(list)) as readonly string[])
    : Array.from({ length: 1000 }, (_, i) => `class ${i}`);
  const network = imageNetResNet({ depth: 18 });
  return orDisposed(network, async () => {
    await loadTorchWeights(network, bytes, { name: path });
    return {
      name: "resnet-18",
      about: "torchvision's ResNet-18, trained on 1.28 million images of ImageNet's 1,000 classes",
      network,
      classes,
      side: 224,
      // torchvision, transforms/_presets.py, ImageClassification.
      statistics: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    };
  });
}

/** The course's own, out of the file that tools/data/round-weights.ts wrote from a recorded run. */
async function resNet20(bytes: Uint8Array, path: string): Promise<TrainedResNet> {
  const { tensors, metadata } = decodeSafetensors(bytes, { name: path });
  const spec = parseExactly(metadata[specKey] ?? "null") as Parameters<typeof build>[0] | null;
  const statistics = JSON.parse(metadata["statistics"] ?? "null") as ChannelStatistics | null;
  if (spec === null || statistics === null)
    throw new Error(`${path}: must say its network and statistics, and does not`);
  const network = build(spec);
  return orDisposed(network, () => {
    const values = [...tensors].map(([name, stored]) => {
      const data = asFloat32(stored);
      if (!data) throw new Error(`${path}: ${name} must hold floating numbers; it has ${stored.dtype}`);
      return [name, { dtype: "F32", shape: stored.shape, data } satisfies StoredTensor] as const;
    });
    assignVariables(network.variables(), new Map(values), path);
    return Promise.resolve({
      name: "resnet-20" as const,
      about: metadata["about"] ?? "ResNet-20",
      network,
      classes: catalogue["cifar-10"].classes,
      side: 32,
      statistics,
    });
  });
}

async function orDisposed<T>(network: Network, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    network.dispose();
    throw error;
  }
}
