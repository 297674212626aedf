// ---
// title: Images of mean 0 and deviation 1, without a look at the test set
// difficulty: 2
// importance: 4
// minutes: 20
// source: the ResNet paper, section 4.2, which subtracts a mean over the training images; by channels, as the course and much used code do
// passage: Tensors
// ---
// %% [markdown]
// # Images of mean 0 and deviation 1, without a look at the test set
//
// A network learns faster from numbers around 0 than from bytes between 0 and 255. So the images are **normalised** first: from each number the mean of its
// channel is subtracted, and the difference is divided by the channel's standard deviation. The test images go through the same formula. They stand for
// images that nobody has seen yet, so nothing may be computed from them, not even a mean.
//
// The bytes of a set lie in one `Uint8Array`, in the order `[N, H, W, C]`: image by image, row by row, pixel by pixel, and each pixel's channels side by side.
// `imageShape` is `[H, W, C]` of one image.
//
// **Your task.** Write `normalised(train, test)`. It gives both sets normalised, each as a list or a typed array of as many numbers, in the order of the bytes.
// A channel's mean and deviation are taken over all pixels of all *training* images; the variance is the mean of the squared distances from the mean. A
// channel that has the same byte in every pixel of the training images tells the network nothing: it becomes 0 in both sets. There is at least one image in
// each set, and any number of channels. Leave the bytes as they are.

// %% tags=["setup"]
import { check } from "residual";

interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly [height: number, width: number, channels: number];
}

// %% tags=["answer"]
function normalised(train: Images, test: Images): { train: ArrayLike<number>; test: ArrayLike<number> } {
  // BEGIN SOLUTION
  const channels = train.imageShape[2];
  const statistics = Array.from({ length: channels }, (_, c) => {
    const values = Array.from(train.images).filter((_, i) => i % channels === c);
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(variance) };
  });
  const byTraining = ({ images }: Images) =>
    Array.from(images, (value, i) => {
      const { mean, deviation } = statistics[i % channels]!;
      return deviation === 0 ? 0 : (value - mean) / deviation;
    });
  return { train: byTraining(train), test: byTraining(test) };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Which places of the list belong to channel 1, if each pixel has three channels? Write the first few down: what do they have in common?

// %% [markdown] tags=["hint"]
// On paper: two training images of one grey pixel, 10 and 30, and a test image of 50. Which mean, which deviation, and which three numbers come out? Where did you
// need the 50?

// %% [markdown] tags=["hint"]
// What does a `Uint8Array` keep of −1.5? (Ask it: `Uint8Array.of(-1.5)`.) So what kind of list should the result be? And what is 0 / 0, where a channel never changes?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["normalise-images"]!, { normalised });

// %% [markdown]
// In the chapters `data.channelStatistics(trainImages)` takes the means and deviations, and `data.batches(testImages, { normalise })` uses them on the test
// images. If each test set were normalised by itself, a network's error on an image would depend on the other images that happen to be tested with it, and a single image, whose
// every pixel may be brighter than usual, could not be told from an ordinary one.
