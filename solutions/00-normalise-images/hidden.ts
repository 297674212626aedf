// What is graded of the normalisation: sets of several forms, still channels among them, and what known mistakes give for them.
import { check } from "residual";
import { withStillChannels } from "./public";

type Numbers = readonly number[];
type Set = { readonly images: Numbers; readonly imageShape: Numbers };
type Case = { readonly train: Set; readonly test: Set };
type Both = { readonly train: Numbers; readonly test: Numbers };

const mean = (values: Numbers) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Numbers) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

/** What is made of a byte, by a mean, a deviation and all numbers of its group. */
type Formula = (byte: number, middle: number, spread: number, group: Numbers) => number;

const formula: Formula = (byte, middle, spread) => (byte - middle) / spread;

/** The group of a place whose like no training image has. */
const empty = { values: [], middle: NaN, spread: NaN };

/** Which group a place of a set belongs to. */
type GroupOf = (place: number, set: Set) => number;

const byChannel: GroupOf = (place, { imageShape }) => place % imageShape[2]!;
const pixelsOf = ({ imageShape }: Set) => imageShape.reduce((product, length) => product * length, 1);

/** A set by the statistics of another one: for each byte by those of its group, and 0 where the group has no spread. */
function by(from: Set, set: Set, groupOf: GroupOf = byChannel, make: Formula = formula): number[] {
  const groups = new Map<number, number[]>();
  for (const [place, byte] of from.images.entries()) {
    const group = groupOf(place, from);
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group)!.push(byte);
  }
  const known = new Map([...groups].map(([group, values]) => [group, { values, middle: mean(values), spread: deviation(values) }]));
  return set.images.map((byte, place) => {
    const { values, middle, spread } = known.get(groupOf(place, set)) ?? empty;
    return spread === 0 ? 0 : make(byte, middle, spread, values);
  });
} // prettier-ignore

/** Both sets by the training images, with other groups or another formula. */
const both =
  (change: { readonly groupOf?: GroupOf; readonly make?: Formula }) =>
  ({ train, test }: Case): Both => ({
    train: by(train, train, change.groupOf, change.make),
    test: by(train, test, change.groupOf, change.make),
  });

const right = both({});

/** The training images as they are up to a number of them. */
const first = ({ train, test }: Case, count: number): Both => {
  const few = { ...train, images: train.images.slice(0, count * pixelsOf(train)) };
  return { train: by(few, train), test: by(few, test) };
};

/** Channels of each image apart, and the mean of their deviations. */
function meanDeviation({ train }: Case, channel: number): number {
  const size = pixelsOf(train);
  const images = Array.from({ length: train.images.length / size }, (_, n) =>
    train.images.slice(n * size, (n + 1) * size).filter((_, i) => byChannel(i, train) === channel),
  );
  return mean(images.map(deviation));
}

const each = ({ train, test }: Case, make: (byte: number, place: number) => number): Both => ({
  train: train.images.map(make),
  test: test.images.map(make),
});

/** A known mistake, with each way in which it is made. */
const slip = (mistake: string, message: string, ...ways: readonly ((drawn: Case) => Both)[]) =>
  ways.map((gives) => ({ mistake, message, gives }));

// prettier-ignore
const mistakes: readonly check.Mistake<Case>[] = [
  slip("takes-the-test-sets-own", "the test images are normalised by their own mean and deviation: both come from the training images",
    ({ train, test }) => ({ train: by(train, train), test: by(test, test) }),
    ({ train, test }) => {
      const [ofTrain, ofTest] = [train, test].map((set) => by(set, test, byChannel, (_, middle) => middle));
      const moved = test.images.map((byte, i) => byte - ofTest![i]! + ofTrain![i]!);
      return { train: by(train, train), test: by(train, { ...test, images: moved }) };
    }),
  slip("counts-the-test-images-too", "mean and deviation are taken over both sets: only training images may be looked at",
    ({ train, test }) => {
      const all = { ...train, images: [...train.images, ...test.images] };
      return { train: by(all, train), test: by(all, test) };
    }),
  slip("takes-the-test-sets-for-both", "mean and deviation are those of the test images: they come from the training images",
    ({ train, test }) => ({ train: by(test, train), test: by(test, test) })),
  slip("leaves-the-test-images", "the test images are as they were, or only brought to 0 to 1: they go through the same formula",
    (drawn) => ({ train: right(drawn).train, test: drawn.test.images }),
    (drawn) => ({ train: right(drawn).train, test: drawn.test.images.map((byte) => byte / 255) })),
  slip("keeps-bytes", "these are whole numbers: a Uint8Array, and so its map, can hold nothing else. Make a list or a Float32Array",
    ...[Uint8Array, Uint8ClampedArray, Int8Array].map((kind) => (drawn: Case) => {
      const { train, test } = right(drawn);
      return { train: [...kind.from(train)], test: [...kind.from(test)] };
    })),
  slip("mixes-channels", "all channels have one mean and one deviation: each channel has its own",
    both({ groupOf: () => 0 })),
  slip("reads-channels-first", "the bytes of a channel are taken to lie side by side, image by image: side by side lie the channels of a pixel",
    both({ groupOf: (place, { imageShape: [height, width, channels] }) => Math.floor(place / (height! * width!)) % channels! })),
  slip("takes-three-channels", "every third number is taken for the same channel: imageShape says how many channels there are",
    both({ groupOf: (place) => place % 3 })),
  slip("normalises-each-image", "each image has a mean and a deviation of its own: they are taken over all training images",
    ({ train, test }) => {
      const groupOf: GroupOf = (place, set) =>
        Math.floor(place / pixelsOf(set)) * set.imageShape[2]! + byChannel(place, set);
      return { train: by(train, train, groupOf), test: by(test, test, groupOf) };
    }),
  slip("normalises-each-place", "each place in the image has a mean and a deviation of its own: they are taken over all pixels of a channel",
    both({ groupOf: (place, set) => place % pixelsOf(set) })),
  slip("takes-the-first-images", "mean and deviation are taken over the first training images: all of them count",
    (drawn) => first(drawn, 64),
    (drawn) => first(drawn, 100),
    (drawn) => first(drawn, 128),
    (drawn) => first(drawn, 256)),
  slip("averages-deviations", "the deviation is a mean of the deviations of single images, which leaves out how images differ: take it over all pixels at once",
    (drawn) => {
      const channels = drawn.train.imageShape[2]!;
      const statistics = Array.from({ length: channels }, (_, c) => ({
        middle: mean(drawn.train.images.filter((_, i) => i % channels === c)),
        spread: meanDeviation(drawn, c),
      }));
      return each(drawn, (byte, place) => {
        const { middle, spread } = statistics[place % channels]!;
        return spread === 0 ? 0 : (byte - middle) / spread;
      });
    }),
  slip("divides-by-n-minus-one", "the variance is a little too large: the sum of squares is divided by one less than the number of pixels",
    both({ make: (...of) => formula(...of) * Math.sqrt((of[3].length - 1) / of[3].length) })),
  slip("divides-by-the-variance", "it divides by the variance: divide by its root, the standard deviation",
    both({ make: (byte, middle, spread) => (byte - middle) / spread ** 2 }),
    both({ make: (byte, middle, spread) => (255 * (byte - middle)) / spread ** 2 })),
  slip("measures-from-zero", "the deviation is taken from 0: it is the distance from the channel's mean that is squared",
    both({ make: (byte, middle, spread) => (byte - middle) / Math.hypot(middle, spread) })),
  slip("averages-distances", "the deviation is a mean of distances: it is the root of the mean of their squares",
    both({
      make: (byte, middle, _, group) =>
        (byte - middle) / mean(group.map((value) => Math.abs(value - middle))),
    })),
  slip("forgets-to-divide", "the mean is subtracted and nothing more: divide by the standard deviation",
    both({ make: (byte, middle) => byte - middle }),
    both({ make: (byte, middle) => (byte - middle) / 255 })),
  slip("forgets-to-subtract", "the bytes are divided and nothing more: subtract the mean first",
    both({ make: (byte, _, spread) => byte / spread })),
  slip("divides-first", "the division comes first, and then the subtraction: it is the difference that is divided, so it stands in brackets",
    both({ make: (byte, middle, spread) => byte / spread - middle }),
    both({ make: (byte, middle, spread) => byte - middle / spread })),
  slip("scales-by-the-range", "the smallest number becomes 0 and the largest 1: mean 0 and deviation 1 are asked for",
    both({ make: (byte, _middle, _spread, group) => (byte - Math.min(...group)) / (Math.max(...group) - Math.min(...group)) })),
  slip("only-scales", "the bytes are brought to a fixed range, whatever the training images are: mean 0 and deviation 1 are asked for",
    (drawn) => each(drawn, (byte) => byte / 255),
    (drawn) => each(drawn, (byte) => byte / 127.5 - 1)),
].flat();

const judged = (part?: "train") =>
  check.judgeBy<Case>(
    (drawn) => (part ? right(drawn)[part] : right(drawn)),
    mistakes.map(({ gives, ...about }) => ({
      ...about,
      gives: (drawn) => (part ? (gives(drawn) as Both)[part] : gives(drawn)),
    })),
    { what: part ? "the training images" : "the images", ...(part ? { part } : {}), within },
  );

/** A variance may be the mean of the squares less the mean's square, of which float32 loses more the smaller it is beside them. */
function within({ train, test }: Case): number {
  const pixels = train.images.length / train.imageShape[2]!;
  const spreads = Array.from({ length: train.imageShape[2]! }, (_, c) =>
    deviation(train.images.filter((_, i) => byChannel(i, train) === c)),
  ).filter((spread) => spread > 0);
  const most = Math.max(...train.images, ...test.images);
  return check.float32(2 * pixels + 16, Math.max(1, ...spreads.map((spread) => (most / spread) ** 2)));
}

type Stream = ReturnType<typeof check.stream>;
/** Training and test images, whose channels, images and places differ in their brightness; the last ones are brighter, and so are the test's. */
function draw(from: Stream, numbers: readonly [train: number, test: number], imageShape: Numbers): Case {
  const size = pixelsOf({ images: [], imageShape });
  const channels = Array.from({ length: imageShape[2]! }, (_, c) => ({
    middle: 70 + 30 * (c % 3) + from.integer(20),
    spread: 14 + from.integer(16),
  }));
  const places = Array.from({ length: size }, () => from.integer(40) - 20);
  const bytes = (count: number, more: number) =>
    Array.from({ length: count }, (_, n) => {
      const shift = more + from.integer(40) - 20 + (40 * n) / count;
      return places.map((place, i) => {
        const { middle, spread } = channels[i % channels.length]!;
        return Math.min(254, Math.max(1, Math.round(middle + shift + place + spread * from.normal())));
      });
    }).flat();
  return {
    train: { images: bytes(numbers[0], 0), imageShape },
    test: { images: bytes(numbers[1], 25), imageShape },
  };
}

/** The same with one byte in all pixels of a channel of the training images. */
const still = ({ train, test }: Case, channel: number, byte: number): Case => ({
  train: { ...train, images: train.images.map((value, i) => (byChannel(i, train) === channel ? byte : value)) },
  test,
}); // prettier-ignore

const own = judged();
const ofTraining = judged("train");

/** The mistakes that show on few training images. */
const inTraining = mistakes.filter(({ mistake }) => !["takes-the-test-sets-own", "leaves-the-test-images", "takes-the-first-images"].includes(mistake)); // prettier-ignore

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "normalise-images",
    title: "Images of mean 0 and deviation 1, without a look at the test set",
    needs: ["normalised"],
    properties: [
      {
        id: "by-hand",
        title: "it is right for images that can be worked out by hand",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "normalise-images by hand");
          // As in the first of the worked ones: each channel lies around a mean, at its deviation.
          const pair = (): Case => {
            const [m, n] = [80 + draw.integer(90), 80 + draw.integer(90)];
            const [d, e] = [10 + draw.integer(60), 10 + draw.integer(60)];
            const train = [m - d, n - e, m - d, n + e, m + d, n - e, m + d, n + e];
            const test = train.slice(4).map(() => draw.integer(256));
            return {
              train: { images: train, imageShape: [1, 2, 2] },
              test: { images: test, imageShape: [1, 2, 2] },
            };
          };
          const worked: readonly Case[] = [
            // Channels of means 20 and 100, and of deviations 10 and 40.
            {
              train: { images: [10, 60, 10, 140, 30, 60, 30, 140], imageShape: [1, 2, 2] },
              test: { images: [20, 180, 50, 100], imageShape: [1, 2, 2] },
            },
            { train: { images: [0, 200], imageShape: [2, 1, 1] }, test: { images: [100, 250, 0, 50], imageShape: [2, 1, 1] } }, // prettier-ignore
            {
              train: { images: [7, 8], imageShape: [1, 2, 1] },
              test: { images: [9, 7], imageShape: [1, 2, 1] },
            },
          ];
          return check.withDrawn(own, worked, () => [pair()]);
        },
        ...own,
      },
      {
        id: "training",
        title: "the training images get mean 0 and deviation 1 in each channel",
        points: 2,
        cases(seed: number) {
          const from = check.stream(seed, "normalise-images training");
          return check.drawUntil(
            () => [
              draw(from, [3, 2], [2, 2, 3]),
              draw(from, [3, 2], [1, 2, 4]),
              draw(from, [2, 1], [3, 2, 1]),
              draw(from, [1, 2], [2, 3, 2]),
            ],
            (drawn) => check.tells(ofTraining, drawn, inTraining),
            "training images on which each mistake shows",
          );
        },
        ...ofTraining,
      },
      {
        id: "test",
        title: "the test images go through the same formula, with the training images' numbers",
        points: 2,
        cases(seed: number) {
          const from = check.stream(seed, "normalise-images test");
          return check.drawUntil(
            () => [
              draw(from, [2, 3], [2, 2, 3]),
              draw(from, [2, 2], [2, 1, 4]),
              draw(from, [3, 1], [3, 2, 1]),
              draw(from, [260 + from.integer(30), 2], [1, 1, 1]),
            ],
            (drawn) => check.tells(own, drawn, mistakes),
            "test images on which each mistake shows",
          );
        },
        ...own,
      },
      {
        id: "still",
        title: "a channel that never changes in the training images becomes 0 in both sets",
        points: 1,
        // A power of two of pixels and a byte of 0 or 255, so that no way of computing the mean rounds.
        cases(seed: number) {
          const from = check.stream(seed, "normalise-images still");
          return check.drawUntil(
            () => [
              still(draw(from, [4, 1], [2, 1, 3]), from.integer(3), 255),
              still(draw(from, [2, 2], [1, 4, 2]), 0, 0),
              draw(from, [1, 2], [1, 1, 3]),
            ],
            (drawn) => check.tells(own, drawn),
            "images on which mistakes can be told apart",
          );
        },
        ...own,
      },
    ].map(withStillChannels),
  },
];
