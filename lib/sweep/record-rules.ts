// What must agree within a record: numbers with what they were counted from, curves with the recipe, images with their data set.
import { catalogue } from "../data/catalogue.js";
import { sha256 } from "../files/fingerprint.js";
import { correctMap, correctImages } from "./correct-map.js";
import { scheduleOf } from "./recipe-parts.js";
import type { RunRecord } from "./record-format.js";

/** Nine digits are all that float32 carries. */
export const rounded = (value: number): number => Number(value.toPrecision(9));

/** A rule in words, and whether it holds. */
type Rule = readonly [holds: boolean, words: string];

/** The first rule by which a record's numbers contradict one another, or undefined. */
export async function disagreement(record: RunRecord): Promise<string | undefined> {
  const rules = [...ofImages(record), ...ofMetrics(record), ...ofCurves(record), ...ofSessions(record)];
  const broken = rules.find(([holds]) => !holds)?.[1];
  if (broken !== undefined) return broken;
  const { each, loss, fingerprint } = record.curves.updates;
  // Nine digits give each float32 back, so where every update is there its bits can be held to their hash.
  if (each === 1 && (await sha256(Float32Array.from(loss))) !== fingerprint)
    return "curves.updates.fingerprint must be that of the losses";
  return undefined;
}

function ofImages({ config, data }: RunRecord): readonly Rule[] {
  const { name, perClass, labels } = config.data;
  const { images, classes, coarseClasses } = catalogue[name];
  const count = (labels === "coarse" ? coarseClasses! : classes).length;
  return (["train", "test"] as const).map((split, i) => {
    const expected = perClass ? count * perClass[i]! : images[split];
    const got = data[split].images;
    return [got === expected, `data.${split}.images must be those of ${name}, ${expected}; got ${got}`];
  });
}

function ofMetrics(record: RunRecord): readonly Rule[] {
  const { metrics, data, testCorrect } = record;
  const correct = correctImages(record);
  const right = correct.filter(Boolean).length;
  return [
    [correctMap(correct) === testCorrect, `testCorrect must have a bit for each of ${data.test.images} test images, and no more`],
    [rounded(right / data.test.images) === metrics.test.accuracy, `metrics.test.accuracy must be the share that testCorrect has, ${right} of ${data.test.images}`],
    [isShare(metrics.train.accuracy, data.train.images), `metrics.train.accuracy must be a whole number of ${data.train.images} images; got ${metrics.train.accuracy}`],
  ]; // prettier-ignore
}

function ofCurves({ steps, curves, config, data, protocol, metrics }: RunRecord): readonly Rule[] {
  const { epochs, updates } = curves;
  const { recipe } = config;
  const { batchSize = 128, lastBatch = "drop", validation = "none" } = recipe;
  const perEpoch = (lastBatch === "drop" ? Math.floor : Math.ceil)(data.train.images / batchSize);
  const ends = epochs.step.map((_, i) => Math.min((i + 1) * perEpoch, steps));
  const schedule = scheduleOf(recipe.schedule ?? { schedule: "constant", learningRate: 0.1 });
  const isTested = validation === "test";
  const { test } = epochs;
  return [
    [epochs.step.at(-1) === steps && updates.loss.length === Math.ceil(steps / updates.each), `curves must end at update ${steps}`],
    [[epochs.learningRate, epochs.loss, epochs.accuracy, ...(test ? [test.loss, test.accuracy] : [])].every(({ length }) => length === epochs.step.length), "curves.epochs must have a number of each kind for each epoch"],
    [recipe.epochs === undefined || recipe.epochs === epochs.step.length, `a run of ${recipe.epochs} epochs must have as many in its curves; got ${epochs.step.length}`],
    [recipe.steps === undefined || recipe.steps === steps, `a run of ${recipe.steps} updates must have made them; got ${steps}`],
    [epochs.step.every((step, i) => step === ends[i]), `epochs of ${perEpoch} updates must end at ${ends.join(", ")}; got ${epochs.step.join(", ")}`],
    [epochs.learningRate.every((rate, i) => isNear(rate, schedule.learningRate(ends[i]! - 1))), "curves.epochs.learningRate must be the schedule's rate at each epoch's last update"],
    // Batches alike, so the epochs' means and those of updates are means of the same losses.
    [lastBatch === "keep" || isNear(meanBySteps(epochs.loss, epochs.step), meanBySteps(updates.loss, updates.loss.map((_, i) => Math.min((i + 1) * updates.each, steps)))), "the losses of epochs and of updates must have the same mean"],
    [isTested === (test !== undefined) && isTested === (protocol.testMeasured !== "once, after the last update"), "protocol.testMeasured and the curves must be as the recipe's validation says"],
    [test === undefined || test.accuracy.at(-1) === metrics.test.accuracy, "the last epoch's test accuracy must be metrics.test.accuracy"],
  ]; // prettier-ignore
}

function ofSessions({ sessions, steps }: RunRecord): readonly Rule[] {
  return [
    [sessions[0]?.from === 0 && sessions.at(-1)!.to === steps && sessions.every(({ from }, i) => i === 0 || from <= sessions[i - 1]!.to), `sessions must lead from update 0 to ${steps} without a gap`],
    [sessions.every(({ start, end }) => Date.parse(start) <= Date.parse(end)), "a session must end after it starts"],
  ]; // prettier-ignore
}

/** The mean of values that each hold from the last end to their own. */
const meanBySteps = (values: readonly number[], ends: readonly number[]): number =>
  values.reduce((sum, value, i) => sum + value * (ends[i]! - (ends[i - 1] ?? 0)), 0) / ends.at(-1)!;

const isNear = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));

function isShare(accuracy: number, images: number): boolean {
  const count = Math.round(accuracy * images);
  return count >= 0 && count <= images && rounded(count / images) === accuracy;
}
