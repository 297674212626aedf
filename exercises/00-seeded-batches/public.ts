// What the notebook checks of seeded batches: what each epoch must hold, and what seeds and epochs must change.
import { check } from "residual";

type Case = {
  readonly images: number;
  readonly size: number;
  readonly runs: readonly (readonly [seed: number, epoch: number])[];
};

/** The batches of each run, or what is wrong with their form. */
function epochsOf(input: Case, output: check.Output): readonly number[][][] | check.Finding {
  if ("error" in output) return check.compare(output, null)!;
  const epochs = output.value;
  const formed =
    Array.isArray(epochs) &&
    epochs.length === input.runs.length &&
    epochs.every((epoch) => Array.isArray(epoch) && epoch.every(check.isNumbers));
  return formed
    ? (epochs as unknown as number[][][])
    : { mistake: "wrong-kind", message: "batches must be lists of lists of image numbers" };
}

/** A property of the epochs of a case. */
function property(
  about: Pick<check.CaseProperty, "id" | "title" | "points">,
  cases: (draw: ReturnType<typeof check.stream>) => readonly Case[],
  judge: (epochs: readonly number[][][], input: Case) => check.Finding | undefined,
): check.CaseProperty {
  return {
    ...about,
    cases: (seed) => cases(check.stream(seed, about.id)).map((drawn) => ({ ...drawn })),
    judge(input, output) {
      const drawn = input as unknown as Case;
      const epochs = epochsOf(drawn, output);
      return "mistake" in epochs ? epochs : judge(epochs, drawn);
    },
  };
}

const orderOf = (epoch: readonly (readonly number[])[]): string => epoch.flat().join();

function judgeContents([epoch]: readonly number[][][], { images, size }: Case): check.Finding | undefined {
  const flat = epoch!.flat();
  const missing = Array.from({ length: images }, (_, i) => i).filter((i) => !flat.includes(i));
  const detail = `got ${flat.length} numbers; ${missing.length} of ${images} images are missing; the batches have ${check.show(epoch!.map(({ length }) => length))} images`;
  if (flat.some((i) => !Number.isInteger(i) || i < 0 || i >= images)) {
    return { mistake: "counts-from-one", message: "an image number is none of 0 to images - 1", detail };
  }
  if (missing.length > 0 && flat.length === images) {
    return {
      mistake: "draws-with-replacement",
      message:
        "some images come twice and others never: an epoch takes each image once, so it is an order, not draws",
      detail,
    };
  }
  if (missing.length > 0 && flat.length === images - (images % size)) {
    return {
      mistake: "drops-the-last-batch",
      message: "the images that do not fill a batch are left out: they make a smaller last batch",
      detail,
    };
  }
  if (missing.length > 0 || flat.length !== images) {
    return { mistake: "wrong-values", message: "an epoch must hold every image once", detail };
  }
  const sizes = epoch!.map(({ length }) => length);
  if (sizes.includes(0)) {
    return {
      mistake: "adds-an-empty-batch",
      message: "a batch without images: there is nothing left to take",
      detail,
    };
  }
  if (sizes.slice(0, -1).some((length) => length !== size) || sizes.at(-1)! > size) {
    return { mistake: "wrong-sizes", message: "every batch but the last must be full", detail };
  }
  return undefined;
}

/** How many images of an epoch come right after the image before them or behind them in their own order: about 2 of 40 by chance. */
const neighbours = (epoch: readonly (readonly number[])[]): number =>
  epoch.flat().filter((image, i, order) => i > 0 && [1, 39].includes((image - order[i - 1]! + 40) % 40))
    .length;

/** Whether two runs of a case have one order. */
const same = (epochs: readonly number[][][], a: number, b: number) =>
  orderOf(epochs[a]!) === orderOf(epochs[b]!);

/** The properties. */
export const properties: readonly check.CaseProperty[] = [
  property(
    {
      id: "every-image-once",
      title: "an epoch holds every image once, in full batches and a rest",
      points: 2,
    },
    // With a rest and without one, batches of one image, and one batch that is not full.
    (draw) =>
      [[25 + draw.integer(5), 6], [24, 6], [5, 1], [7, 10], [8, 8]].map(([images, size]) => ({ images: images!, size: size!, runs: [[draw.integer(1000), draw.integer(50)]] })), // prettier-ignore
    judgeContents,
  ),
  property(
    { id: "order", title: "the same seed gives the same order, another seed another", points: 2 },
    (draw) => {
      const [seed, epoch] = [draw.integer(1000), draw.integer(50)];
      return [{ images: 40, size: 8, runs: [[seed, epoch], [seed, epoch], [seed + 1, epoch]] }]; // prettier-ignore
    },
    (epochs) => {
      if (!same(epochs, 0, 1)) {
        return {
          mistake: "ignores-the-seed",
          message: "two calls with one seed and one epoch give two orders: the run cannot be had again",
        };
      }
      if (!same(epochs, 0, 2)) {
        return neighbours(epochs[0]!) < 20
          ? undefined
          : {
              mistake: "keeps-neighbours-together",
              message:
                "most images still follow the one before them: a shuffle must move each image, not whole blocks",
            };
      }
      return orderOf(epochs[0]!) === Array.from({ length: 40 }, (_, i) => i).join()
        ? { mistake: "forgets-to-shuffle", message: "the images come in their own order: shuffle them" }
        : {
            mistake: "one-order-for-all-seeds",
            message: "two seeds give one order: runs with different seeds must differ",
          };
    },
  ),
  property(
    { id: "epochs", title: "every epoch has an order of its own, which no other run has", points: 3 },
    (draw) => {
      const [seed, epoch] = [draw.integer(1000), draw.integer(50)];
      return [{ images: 40, size: 8, runs: [[seed, epoch], [seed, epoch + 1], [seed + 1, epoch], [seed + 1, epoch + 1]] }]; // prettier-ignore
    },
    (epochs) => {
      if (same(epochs, 0, 1)) {
        return {
          mistake: "reuses-the-seed-each-epoch",
          message: "two epochs of one run have one order: the network would always see the same neighbours",
        };
      }
      if (same(epochs, 1, 2) || same(epochs, 0, 3)) {
        return {
          mistake: "adds-the-epoch-to-the-seed",
          message: "an epoch of one seed is another epoch of the next seed: the two runs are not independent",
        };
      }
      return undefined;
    },
  ),
];
