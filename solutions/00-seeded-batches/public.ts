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
  const held = new Set(flat);
  const missing = Array.from({ length: images }, (_, i) => i).filter((i) => !held.has(i));
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
  if (missing.length > 0 && flat.length === 1000) {
    return {
      mistake: "stops-at-1000-images",
      message: "the images behind the thousandth never come: there may be any number of images",
      detail,
    };
  }
  if (missing.length > 0 && images % size === 1 && flat.length === images - 1) {
    return {
      mistake: "drops-a-batch-of-one",
      message: "an image that is left alone never comes: it makes a last batch of one",
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
  if (
    sizes.slice(0, -1).every((length) => length === size) &&
    sizes.at(-1)! > size &&
    sizes.at(-1)! < 2 * size
  ) {
    return {
      mistake: "puts-the-rest-into-the-last-batch",
      message:
        "the images that do not fill a batch are put into the one before: they make a batch of their own",
      detail,
    };
  }
  if (sizes.slice(0, -1).some((length) => length !== size) || sizes.at(-1)! > size) {
    return { mistake: "wrong-sizes", message: "every batch but the last must be full", detail };
  }
  return undefined;
}

/** How many pairs of neighbours of one order are neighbours in another too, in either direction: about 2 of 40 by chance. */
function kept(epochs: readonly number[][][], a: number, b: number): number {
  const pairs = (order: readonly number[]) =>
    order.slice(1).map((image, i) => [image, order[i]!].sort((x, y) => x - y).join());
  const others = new Set(pairs(epochs[b]!.flat()));
  return pairs(epochs[a]!.flat()).filter((pair) => others.has(pair)).length;
}

/** Seeds and epochs that a formula might mix: small ones, those whose digits run together, multiples, and seeds of both signs. */
const mixable: Case["runs"] = [-11, -1, 0, 1, 2, 3, 10, 11, 12, 100, 1000, 1001].flatMap((seed) =>
  [0, 1, 2, 3, 10, 11, 12, 100].map((epoch) => [seed, epoch] as const),
);

/** How many images of an epoch come right after the image before them or behind them in their own order: about 2 of 40 by chance. */
const neighbours = (epoch: readonly (readonly number[])[]): number =>
  epoch.flat().filter((image, i, order) => i > 0 && [1, 39].includes((image - order[i - 1]! + 40) % 40))
    .length;

/** The batches of an epoch as sets: no two of 96 runs have the same by chance. */
const contentsOf = (epoch: readonly (readonly number[])[]): string =>
  epoch
    .map((batch) => batch.toSorted((a, b) => a - b).join())
    .toSorted()
    .join(" ");

/** Whether an image has the same place in all epochs of a seed, or with all seeds in an epoch: by chance in none of a million draws. */
function leavesOne(epochs: readonly number[][][], runs: Case["runs"]): boolean {
  const groups = ([0, 1] as const).flatMap((part) =>
    [...new Set(runs.map((run) => run[part]))].map((value) =>
      epochs.filter((_, i) => runs[i]![part] === value),
    ),
  );
  return groups.some((group) => {
    const [first, ...others] = group.map((epoch) => epoch.flat());
    return first!.some((image, place) => others.every((order) => order[place] === image));
  });
}

/** Whether any two of many runs have one order, or the same batches, and whether an image stays in its place. */
function judgeMixing(epochs: readonly number[][][], runs: Case["runs"]): check.Finding | undefined {
  const seen = new Map<string, number>();
  for (const [i, epoch] of epochs.entries()) {
    const order = orderOf(epoch);
    const other = seen.get(order);
    seen.set(order, i);
    if (other === undefined) continue;
    const [[seed, at], [before, then]] = [runs[i]!, runs[other]!];
    const detail = `seed ${before} in epoch ${then} and seed ${seed} in epoch ${at} have one order`;
    if (at === then && seed === -before) {
      return {
        mistake: "ignores-the-sign-of-the-seed",
        message: "a seed and its negative give one order: a seed may be negative, and is another one then",
        detail,
      };
    }
    return seed === before
      ? {
          mistake: "repeats-epochs",
          message: "two epochs of one run have one order: each needs its own",
          detail,
        }
      : {
          mistake: "mixes-seed-and-epoch",
          message:
            "two different pairs of a seed and an epoch give one order: the two numbers are put together so that different pairs meet",
          detail,
        };
  }
  if (new Set(epochs.map(contentsOf)).size < epochs.length) {
    return {
      mistake: "shuffles-within-batches",
      message:
        "two runs have the same batches, with their images in another order: shuffle all images, then cut",
    };
  }
  if (leavesOne(epochs, runs)) {
    return {
      mistake: "leaves-an-image-in-its-place",
      message: "an image has the same place in one order after the other: any image may come anywhere",
    };
  }
  return undefined;
}

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
    // With a rest and without one, batches of one image, one batch that is not full, a rest of one image, of two of six and of one less than a
    // batch, one image in all, and more than a thousand.
    (draw) =>
      [[26 + draw.integer(4), 6], [24, 6], [5, 1], [7, 10], [8, 8], [31, 6], [20, 6], [23, 6], [1, 1], [1, 4], [1001 + draw.integer(400), 128]].map(([images, size]) => ({ images: images!, size: size!, runs: [[draw.integer(1000), draw.integer(50)]] })), // prettier-ignore
    judgeContents,
  ),
  property(
    { id: "order", title: "the same seed gives the same order, another seed another", points: 2 },
    (draw) => {
      const [seed, epoch] = [draw.integer(1000), draw.integer(50)];
      return [{ images: 40, size: 8, runs: [[seed, epoch], [seed, epoch], [seed + 1, epoch], [seed, epoch + 1], [seed, epoch], [seed, epoch]] }]; // prettier-ignore
    },
    (epochs) => {
      if ([1, 4, 5].some((again) => !same(epochs, 0, again))) {
        return {
          mistake: "ignores-the-seed",
          message: "calls with one seed and one epoch give different orders: the run cannot be had again",
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
      return [{ images: 40, size: 8, runs: [[seed, epoch], [seed, epoch + 1], [seed + 1, epoch], [seed + 1, epoch + 1]] }, { images: 40, size: 8, runs: mixable }]; // prettier-ignore
    },
    (epochs, { runs }) => {
      if (runs.length > 4) return judgeMixing(epochs, runs);
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
      if (kept(epochs, 0, 1) >= 20 || kept(epochs, 0, 2) >= 20) {
        return {
          mistake: "moves-blocks",
          message:
            "most images keep their neighbours from one run to another: each order must be drawn anew, not turned or cut from a common one",
        };
      }
      return undefined;
    },
  ),
];
