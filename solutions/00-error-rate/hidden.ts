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

/** A batch with some errors; as many images as classes, so that an axis can be mistaken. */
function batch(draw: ReturnType<typeof check.stream>, classes: number): Case {
  const logits = check.oddTensor(draw, [classes, classes]);
  const wrong = 2 + draw.integer(3);
  const labels = rowsOf({ logits, labels: [] }).map((row, i) => (largest(row) + Number(i < wrong)) % classes);
  return { logits, labels };
}

/** Batches on which no mistake gives the same as another, so that each is told by its own name. */
function batches(seed: number): readonly Case[] {
  const draw = check.stream(seed, "error-rate");
  return [7, 9, 8].map((classes) => {
    for (;;) {
      const drawn = batch(draw, classes);
      const outcomes = [right, ...mistakes.map(({ gives }) => gives)].map((gives) => gives(drawn));
      if (new Set(outcomes).size === outcomes.length) return drawn;
    }
  });
}

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "error-rate",
    title: "From logits to an error in percent",
    needs: ["errorPercent"],
    properties: [
      ...byHand,
      {
        id: "random",
        title: "it is right for random batches",
        points: 3,
        cases: batches,
        ...check.judgeBy(right, mistakes, { what: "the error" }),
      },
    ],
  },
];
