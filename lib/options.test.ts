// What public functions say to options that they do not have, or to none where they need some.
import { beforeAll, expect, test } from "vitest";
import { cifarArchitecture } from "./nn/cifar.js";
import { batches } from "./data/batches.js";
import { onlyKnown } from "./options.js";
import { ready } from "./runtime/index.js";
import { evaluate } from "./train/evaluate.js";
import { fit } from "./train/fit.js";
import type { FitOptions } from "./train/plan.js";
import { sgd } from "./train/sgd.js";
import { smallModel, stripes } from "./train/small-model.fixture.js";

beforeAll(async () => {
  await ready();
});

const images = { name: "n", split: "train", images: Uint8Array.of(0, 255), labels: Uint8Array.of(0, 0), imageShape: [1, 1, 1], classes: ["a"] } as const; // prettier-ignore

test("fit() without options, with {} and with an unknown option says what it needs", async () => {
  const run = (...options: unknown[]) =>
    fit(smallModel(1), stripes({ size: 200 }), ...(options as [FitOptions]));
  await expect(run()).rejects.toThrow("give either epochs or steps; got neither");
  await expect(run({})).rejects.toThrow("give either epochs or steps; got neither");
  await expect(run(null)).rejects.toThrow("fit has the options epochs, steps, ");
  await expect(run({ epoch: 3 })).rejects.toThrow('got "epoch": is epochs meant?');
  await expect(run({ epochs: 1, batchsize: 3 })).rejects.toThrow('got "batchsize": is batchSize meant?');
  await expect(run({ epochs: 1, checkpoint: { file: "x" } })).rejects.toThrow("fit: checkpoint has the options path"); // prettier-ignore
  await expect(run({ epochs: 1, checkpoint: {} })).rejects.toThrow("fit: checkpoint needs the options path; got none: give path"); // prettier-ignore
  await expect(run({ epochs: 1, checkpoint: "x" })).rejects.toThrow('to be given as an object; path must be given; got "x"'); // prettier-ignore
  await expect(run({ epochs: 1, compile: { checkevery: 2 } })).rejects.toThrow("is checkEvery meant?");
  await expect(run({ epochs: 1, compile: true })).rejects.toThrow("fit: compile has the options key");
});

test("evaluate(), sgd(), batches() and the networks name an unknown option and the nearest known one", async () => {
  const unknown = (name: string) => ({ [name]: 1 }) as never;
  await expect(evaluate(smallModel(1), stripes(), unknown("batchsize"))).rejects.toThrow(
    "is batchSize meant?",
  );
  expect(() => sgd(unknown("weightdecay"))).toThrow("is weightDecay meant?");
  expect(() => batches(images, unknown("normalize"))).toThrow("is normalise meant?");
  expect(() => cifarArchitecture({ depth: 8, ...(unknown("width") as object) })).toThrow("is widths meant?");
  expect(() => { onlyKnown("f", { zzz: 1 }, ["steps"]); }).toThrow(/got "zzz"$/); // prettier-ignore
});

test("batches() of a split that is not the training split asks for statistics", () => {
  for (const split of ["test", "validation"] as const) {
    expect(() => batches({ ...images, split })).toThrow(
      `a ${split} split must be normalised by its training split's statistics, not its own; got n ${split} without any: give ` +
        "{ normalise: train.statistics }, or data.channelStatistics(trainImages)",
    );
    batches({ ...images, split }, { normalise: { mean: [0.5], std: [0.5] } }).dispose();
    batches({ ...images, split }, { normalise: "none" }).dispose();
  }
  batches(images).dispose();
});
