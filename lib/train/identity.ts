// What makes a run or a measurement itself: fingerprints of the images and of weights, and the model's own description.
import { fingerprint } from "../files/fingerprint.js";
import { randomStream } from "../random/index.js";
import { measuredKey, modelComputes } from "./computes.js";
import type { BatchSource, Trainable } from "../model/trainable.js";

/** Something as JSON, to be compared with what a file holds. */
export type Identity = Readonly<Record<string, unknown>>;

/**
 * What a model computes, apart from its weights: what builds it, its route if it is a view, which variables are frozen, and, measured, what
 * its code makes of some images, so that a part of the caller's own is told from another one of the same name.
 *
 * @throws RangeError if it has a part of the caller's own without a name: another one could not be told from it.
 */
export async function modelIdentity(model: Trainable): Promise<Identity> {
  const unnamed = Object.entries(model.spec.options).find(([, value]) => value === "custom")?.[0];
  if (unnamed !== undefined) {
    throw new RangeError(
      `a ${unnamed} of your own needs a name before a run or a surface with it can be saved, since another ${unnamed} could not be told from it; ` +
        `give { name: "...", part: yourOwn } as the option ${unnamed}`,
    );
  }
  const frozen = model
    .variables()
    .filter(({ role, variable }) => role !== "statistic" && !variable.trainable);
  return {
    ...model.spec,
    route: model.route ?? null,
    frozen: frozen.map(({ name }) => name),
    [measuredKey]: await modelComputes(model),
  };
}

/** Images that are read at a time, and how many are augmented to see what augmentation does. */
const imagesAtATime = 500;

/**
 * What a source gives: its name, its images as the model sees them, normalised, with their labels, and what augmentation makes of some.
 * It is measured and not asked for, so that no wrapper around a source can forget to say what it changes. It reads every image once.
 */
export async function sourceIdentity(source: BatchSource): Promise<Identity> {
  const { name, size, imageShape, classes } = source;
  async function* plain() {
    for (let first = 0; first < size; first += imagesAtATime) {
      yield* await valuesOf(source.batch(range(first, Math.min(size, first + imagesAtATime))));
    }
  }
  const some = range(0, Math.min(size, imagesAtATime));
  const augmented = await valuesOf(source.batch(some, randomStream(0, "identity")));
  return {
    name,
    size,
    imageShape,
    classes,
    images: await fingerprint(plain()),
    augmented: await fingerprint(augmented),
  };
}

/** A fingerprint of the values of variables, with their names and shapes. */
export async function weightsFingerprint(variables: ReturnType<Trainable["variables"]>): Promise<string> {
  async function* parts() {
    for (const { name, variable } of variables) {
      yield `${name} ${variable.shape.join("x")}`;
      yield await variable.data<"float32">();
    }
  }
  return fingerprint(parts());
}

/** The same for values in host memory, by the variables' names. */
export function storedFingerprint(
  variables: ReturnType<Trainable["variables"]>,
  stored: ReadonlyMap<string, { readonly data: unknown }>,
): Promise<string> {
  return fingerprint(
    variables.flatMap(({ name, variable }) => [
      `${name} ${variable.shape.join("x")}`,
      (stored.get(name)?.data as Float32Array | undefined) ?? "",
    ]),
  );
}

async function valuesOf({
  images,
  labels,
}: ReturnType<BatchSource["batch"]>): Promise<(Float32Array | Int32Array)[]> {
  try {
    return [await images.data<"float32">(), Int32Array.from(await labels.data<"int32">())];
  } finally {
    images.dispose();
    labels.dispose();
  }
}

const range = (first: number, end: number): Int32Array =>
  Int32Array.from({ length: end - first }, (_, i) => first + i);
