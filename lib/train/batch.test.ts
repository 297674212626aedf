// What a source of one's own may get wrong, and would train in silence: labels that are no classes, other images than promised; and a model's own list.
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { BatchSource } from "../model/trainable.js";
import { ready } from "../runtime/index.js";
import { evaluate } from "./evaluate.js";
import { fit } from "./fit.js";
import { meanSquaredError } from "./loss.js";
import { predict } from "./predict.js";
import { smallModel, stripes } from "./small-model.fixture.js";

let model: ReturnType<typeof smallModel>;
beforeAll(() => ready());
beforeEach(() => {
  model = smallModel(1);
});
afterEach(() => {
  model.dispose();
});

const right = stripes();
const run = { epochs: 2, batchSize: 32, compile: false, progress: "none" } as const;

/** The source with other labels or images. */
function changed(
  change: (batch: ReturnType<BatchSource["batch"]>) => Partial<ReturnType<BatchSource["batch"]>>,
): BatchSource {
  return {
    ...right,
    batch(indices, stream) {
      const batch = right.batch(indices, stream);
      const others = change(batch);
      for (const name of Object.keys(others) as ("images" | "labels")[]) batch[name].dispose();
      return { ...batch, ...others };
    },
  };
}

test.each([
  [
    "from 1",
    ({ labels }: { labels: tf.Tensor1D }) =>
      tf.tidy(() => tf.add<tf.Tensor1D>(labels, tf.scalar(1, "int32"))),
    "is 3",
  ],
  [
    "-1",
    ({ labels }: { labels: tf.Tensor1D }) =>
      tf.tidy(() => tf.sub<tf.Tensor1D>(labels, tf.scalar(1, "int32"))),
    "is -1",
  ],
])(
  "fit(), evaluate() and predict() refuse labels that count %s, whatever the loss",
  async (_, relabel, named) => {
    const source = changed((batch) => ({ labels: relabel(batch) }));
    const before = tf.memory().numTensors;
    for (const loss of [undefined, meanSquaredError()]) {
      const given = loss ? { loss } : {};
      await expect(fit(model, source, { ...run, ...given })).rejects.toThrow(
        /labels are whole numbers from 0 to 2, .*of stripes/,
      );
      await expect(evaluate(model, source, given)).rejects.toThrow(named);
    }
    await expect(predict(model, source)).rejects.toThrow(named);
    expect(tf.memory().numTensors).toBe(before);
  },
);

test("fit() and evaluate() refuse a source that gives fewer images than it was asked for, or others", async () => {
  const fewer = changed(({ images }) => ({ images: tf.slice(images, 0, images.shape[0] - 1) }));
  const smaller = changed(({ images }) => ({ images: tf.slice(images, [0, 0, 0, 0], [-1, 4, 4, 1]) }));
  await expect(evaluate(model, fewer)).rejects.toThrow(
    "asked for, 96x8x8x1, and a label for each; stripes gave 95x8x8x1 and 96 labels",
  );
  await expect(fit(model, fewer, run)).rejects.toThrow("stripes gave 31x8x8x1");
  await expect(fit(model, smaller, run)).rejects.toThrow("stripes gave 32x4x4x1");
});

test("fit() refuses a model that lists one variable under two names: a step would update it twice", async () => {
  const [first, ...others] = model.variables();
  const tied = {
    forward: model.forward.bind(model),
    spec: model.spec,
    inputShape: model.inputShape,
    classes: model.classes,
    variables: () => [first!, ...others, { ...first!, name: "again" }],
  };
  await expect(fit(tied, right, run)).rejects.toThrow(`lists one as ${first!.name} and as again`);
});
