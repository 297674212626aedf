// What is known of each data set before a byte is read: its files, sizes and classes. Imports nothing, so that tools can read it too.

/** The data sets that `load` knows. */
export type DatasetName = "fashion-mnist-sample" | "fashion-mnist" | "cifar-10" | "cifar-100";

/** The files of one data set, and what they must hold. */
export interface DatasetDescription {
  readonly name: DatasetName;
  /** [H, W, C] of one image. */
  readonly imageShape: readonly [number, number, number];
  readonly classes: readonly string[];
  /** CIFAR-100's 20 superclasses. */
  readonly coarseClasses?: readonly string[];
  /** Images a split. */
  readonly images: { readonly train: number; readonly test: number };
  readonly layout: IdxLayout | CifarLayout;
  /** What the download weighs, in units of 10^6 bytes; the sample, being in the repository, has none. */
  readonly downloadMegabytes?: number;
}

/** Two gzipped IDX files a split: images and labels. */
export interface IdxLayout {
  readonly format: "idx";
  readonly train: { readonly images: string; readonly labels: string };
  readonly test: { readonly images: string; readonly labels: string };
}

/** Files of records: one label byte (CIFAR-100: a coarse one, then a fine one) and 3072 bytes of planes. */
export interface CifarLayout {
  readonly format: "cifar";
  /** The folder inside the official archive. */
  readonly folder: string;
  readonly labelBytes: 1 | 2;
  readonly recordsPerFile: { readonly train: number; readonly test: number };
  readonly train: readonly string[];
  readonly test: readonly string[];
}

const fashionClasses = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

const idxFiles: IdxLayout = {
  format: "idx",
  train: { images: "train-images-idx3-ubyte.gz", labels: "train-labels-idx1-ubyte.gz" },
  test: { images: "t10k-images-idx3-ubyte.gz", labels: "t10k-labels-idx1-ubyte.gz" },
};

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Every data set by name. Sources, licences and citations: the README of each under `datasets/`. */
export const catalogue: Readonly<Record<DatasetName, DatasetDescription>> = {
  "fashion-mnist-sample": {
    name: "fashion-mnist-sample",
    imageShape: [28, 28, 1],
    classes: fashionClasses,
    images: { train: 10_000, test: 2_000 },
    layout: idxFiles,
  },
  "fashion-mnist": {
    name: "fashion-mnist",
    imageShape: [28, 28, 1],
    classes: fashionClasses,
    images: { train: 60_000, test: 10_000 },
    layout: idxFiles,
    downloadMegabytes: 31,
  },
  "cifar-10": {
    name: "cifar-10",
    imageShape: [32, 32, 3],
    classes: words("airplane automobile bird cat deer dog frog horse ship truck"),
    images: { train: 50_000, test: 10_000 },
    layout: {
      format: "cifar",
      folder: "cifar-10-batches-bin",
      labelBytes: 1,
      recordsPerFile: { train: 10_000, test: 10_000 },
      train: words("data_batch_1.bin data_batch_2.bin data_batch_3.bin data_batch_4.bin data_batch_5.bin"),
      test: ["test_batch.bin"],
    },
    downloadMegabytes: 170,
  },
  "cifar-100": {
    name: "cifar-100",
    imageShape: [32, 32, 3],
    classes: words(`
      apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
      caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant
      flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man
      maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree
      plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper
      snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train
      trout tulip turtle wardrobe whale willow_tree wolf woman worm`),
    coarseClasses: words(`
      aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices
      household_furniture insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes
      large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles small_mammals trees
      vehicles_1 vehicles_2`),
    images: { train: 50_000, test: 10_000 },
    layout: {
      format: "cifar",
      folder: "cifar-100-binary",
      labelBytes: 2,
      recordsPerFile: { train: 50_000, test: 10_000 },
      train: ["train.bin"],
      test: ["test.bin"],
    },
    downloadMegabytes: 169,
  },
};
