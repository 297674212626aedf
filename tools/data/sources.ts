// Where the downloadable data sets come from, and what exactly must arrive: sizes, hashes, the archive's members.
import type { DatasetName } from "../../lib/data/catalogue";

/** A size and the SHA-256 of that many bytes. */
export interface Digest {
  readonly bytes: number;
  /** Lower-case hexadecimal; only its beginning where the publisher gives no more. */
  readonly sha256: string;
  /** Where the publisher gives no exact size: `bytes` is the most that it can be, and the server says how many there are. */
  readonly atMost?: true;
}

/** Whether so many bytes of that SHA-256 are the file. */
export function fits(expected: Digest, bytes: number, sha256: string): boolean {
  return hasSize(expected, bytes) && sha256.startsWith(expected.sha256);
}

/** Whether the file can have so many bytes. */
export function hasSize(expected: Digest, bytes: number): boolean {
  return expected.atMost ? bytes > 0 && bytes <= expected.bytes : bytes === expected.bytes;
}

/** One file to fetch. */
export interface SourceFile extends Digest {
  readonly name: string;
  /** What a .gz file holds. A local copy that was compressed anew is right where this is right. */
  readonly contents?: Digest;
}

/** A file that an archive must hold. */
export interface Member {
  readonly name: string;
  readonly bytes: number;
}

/** What an archive holds: one folder of files. */
export interface ArchiveLayout {
  readonly folder: string;
  readonly members: readonly Member[];
}

/** How to get one data set. */
export interface Source {
  readonly name: string;
  /** The files' address less their names; a mirror stands for this. */
  readonly url: string;
  readonly files: readonly SourceFile[];
  /** Where the one file is a .tar.gz: the folder inside it, and the files of that folder that are wanted. */
  readonly archive?: ArchiveLayout;
}

const cifarUrl = "https://www.cs.toronto.edu/~kriz/";
/** 10,000 records of one label byte and 3072 pixel bytes. */
const cifar10Batch = 10_000 * 3073;

/**
 * Sizes and SHA-256 of the packed files are those that TensorFlow Datasets (`url_checksums/`) and several other projects
 * pin; the publishers' own MD5 sums stand in each data set's README. The contents' hashes of Fashion-MNIST were taken from
 * Debian's package `dataset-fashion-mnist`; their MD5 sums are the widely published ones.
 */
export const sources: Readonly<Record<Exclude<DatasetName, "fashion-mnist-sample"> | "resnet-18", Source>> = {
  "fashion-mnist": {
    name: "fashion-mnist",
    url: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    files: [
      {
        name: "train-images-idx3-ubyte.gz",
        bytes: 26_421_880,
        sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        contents: {
          bytes: 47_040_016,
          sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        },
      },
      {
        name: "train-labels-idx1-ubyte.gz",
        bytes: 29_515,
        sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        contents: {
          bytes: 60_008,
          sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        },
      },
      {
        name: "t10k-images-idx3-ubyte.gz",
        bytes: 4_422_102,
        sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        contents: {
          bytes: 7_840_016,
          sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        },
      },
      {
        name: "t10k-labels-idx1-ubyte.gz",
        bytes: 5_148,
        sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        contents: {
          bytes: 10_008,
          sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        },
      },
    ],
  },
  "cifar-10": {
    name: "cifar-10",
    url: cifarUrl,
    files: [
      {
        name: "cifar-10-binary.tar.gz",
        bytes: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      },
    ],
    archive: {
      folder: "cifar-10-batches-bin",
      members: [
        { name: "data_batch_1.bin", bytes: cifar10Batch },
        { name: "data_batch_2.bin", bytes: cifar10Batch },
        { name: "data_batch_3.bin", bytes: cifar10Batch },
        { name: "data_batch_4.bin", bytes: cifar10Batch },
        { name: "data_batch_5.bin", bytes: cifar10Batch },
        { name: "test_batch.bin", bytes: cifar10Batch },
      ],
    },
  },
  "cifar-100": {
    name: "cifar-100",
    url: cifarUrl,
    files: [
      {
        name: "cifar-100-binary.tar.gz",
        bytes: 168_513_733,
        sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
      },
    ],
    archive: {
      folder: "cifar-100-binary",
      members: [
        { name: "train.bin", bytes: 50_000 * 3074 },
        { name: "test.bin", bytes: 10_000 * 3074 },
      ],
    },
  },
  // Weights, not images: torchvision's ResNet-18. Its own check is that the SHA-256 begins with the eight digits in the name, and it gives the size
  // as 44.661 MiB (models/resnet.py), which is at most 46,830,977 bytes.
  "resnet-18": {
    name: "resnet-18",
    url: "https://download.pytorch.org/models/",
    files: [{ name: "resnet18-f37072fd.pth", bytes: 46_830_977, sha256: "f37072fd", atMost: true }],
  },
};
