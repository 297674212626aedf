// The hidden cases of the error rate: random batches, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

type Case = { readonly logits: check.PlainTensor; readonly labels: readonly number[] };

/** The place of the largest number. */
const largest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

function rowsOf({ logits }: Case): number[][] {
  const [images, classes] = logits.shape as [number, number];
  return Array.from({ length: images }, (_, i) => logits.values.slice(i * classes, (i + 1) * classes));
}

/** The share of classes that are not the labels. */
function percent(said: readonly number[], { labels }: Case): number {
  return (100 * said.filter((label, i) => label !== labels[i]).length) / labels.length;
}

const right = (drawn: Case) => percent(rowsOf(drawn).map(largest), drawn);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "stops-at-ten-classes",
    message: "only the first ten classes are looked at: the batch says how many there are",
    gives: (drawn) =>
      percent(
        rowsOf(drawn).map((row) => largest(row.slice(0, 10))),
        drawn,
      ),
  },
  {
    mistake: "stops-at-100-images",
    message: "only the first images are looked at: a data set may hold any number",
    gives: ({ logits, labels }) => {
      const first = { logits, labels: labels.slice(0, 100) };
      return percent(rowsOf(first).slice(0, 100).map(largest), first);
    },
  },
  {
    mistake: "starts-the-search-at-zero",
    message: "where all logits are negative the first class is taken: the largest may lie below zero",
    gives: (drawn) =>
      percent(
        rowsOf(drawn).map((row) =>
          Math.max(
            row.findIndex((value) => value > 0 && value === Math.max(...row)),
            0,
          ),
        ),
        drawn,
      ),
  },
  {
    mistake: "gives-the-accuracy",
    message: "this is the share that is right: the tables give the share that is wrong",
    gives: (drawn) => 100 - right(drawn),
  },
  {
    mistake: "gives-a-fraction",
    message: "this is a fraction of 1: it is asked for in percent",
    gives: (drawn) => right(drawn) / 100,
  },
  {
    mistake: "counts-instead-of-averaging",
    message: "this counts the errors: divide by the number of images",
    gives: (drawn) => right(drawn) * drawn.labels.length,
  },
  {
    mistake: "takes-the-smallest-logit",
    message: "the class with the smallest logit is taken: the largest is what the network says",
    gives: (drawn) =>
      percent(
        rowsOf(drawn).map((row) => largest(row.map((value) => -value))),
        drawn,
      ),
  },
  {
    mistake: "looks-along-the-batch",
    message: "the largest logit is sought along the batch: each image's own row must be searched",
    gives(drawn) {
      const rows = rowsOf(drawn);
      return percent(
        rows[0]!.map((_, c) => largest(rows.map((row) => row[c]!))),
        drawn,
      );
    },
  },
];

/** Batches of the kinds in which something may be overlooked: more classes than ten, no logit above zero, one image, no error. */
function special(draw: ReturnType<typeof check.stream>): readonly Case[] {
  const logits = (images: number, classes: number) => check.oddTensor(draw, [images, classes]);
  const told = (of: check.PlainTensor, errors: number): Case => ({
    logits: of,
    labels: rowsOf({ logits: of, labels: [] }).map(
      (row, i) => (largest(row) + Number(i < errors)) % row.length,
    ),
  });
  const many = logits(5, 14);
  const late = { ...many, values: many.values.map((value, i) => (i % 14 === 11 ? 9 + value : value)) };
  const low = logits(6, 4);
  const negative = { ...low, values: low.values.map((value) => value - 9) };
  return [
    told(late, 1),
    told(negative, 1),
    told(logits(1, 3), 1),
    told(logits(4, 2), 0),
    told(logits(150, 2), 60),
  ];
}

/** A batch with some errors; as many images as classes, so that an axis can be mistaken. */
function batch(draw: ReturnType<typeof check.stream>, classes: number): Case {
  const logits = check.oddTensor(draw, [classes, classes]);
  const wrong = 2 + draw.integer(3);
  const labels = rowsOf({ logits, labels: [] }).map((row, i) => (largest(row) + Number(i < wrong)) % classes);
  return { logits, labels };
}

const judged = check.judgeBy(right, mistakes, { what: "the error", within: check.float32(8, 100) });

/** Batches on which each mistake shows by its own name, but for the first three, which show on special ones. */
function batches(seed: number): readonly Case[] {
  const draw = check.stream(seed, "error-rate");
  const telling = [7, 9, 8].map((classes) =>
    check.drawUntil(
      () => batch(draw, classes),
      (drawn) => check.tells(judged, [drawn], mistakes.slice(3)),
      `a batch of ${classes} classes on which each mistake gives something else`,
    ),
  );
  return [...telling, ...special(draw)];
}

/** The batch of the notebook, and one like it of each learner's own. */
const counted = check.alsoDrawn<Case>(byHand, judged, (draw) => [batch(draw, 4)]);

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "error-rate",
    title: "From logits to an error in percent",
    needs: ["errorPercent"],
    properties: [
      ...counted,
      {
        id: "random",
        title: "it is right for batches of any size, with any logits",
        points: 3,
        cases: batches,
        ...judged,
      },
    ],
  },
];
