// What the notebook checks: every graded property, on public cases that hold numbers and no rule.
import { check } from "residual";
import { cases } from "./cases";

type Set = { readonly images: readonly number[]; readonly imageShape: readonly number[] };

/** The findings that name no mistake of this exercise. */
const unnamed = new Set(["wrong-values", "not-finite", "imprecise"]);

/** What an answer makes of the channels that have one byte in all training images, if it is not 0. */
function stillChannel(input: check.Plain, output: check.Output): check.Finding | undefined {
  if ("error" in output) return undefined;
  const sets = input as unknown as { readonly train: Set; readonly test: Set };
  const { train, test } = (output.value ?? {}) as {
    readonly train?: check.Plain;
    readonly test?: check.Plain;
  };
  if (!check.isNumbers(train) || !check.isNumbers(test)) return undefined;
  const channels = sets.train.imageShape[2]!;
  const isStill = (place: number) =>
    sets.train.images.every((byte, i) => i % channels !== place % channels || byte === sets.train.images[place % channels]); // prettier-ignore
  const still = [train, test].flatMap((values) => values.filter((_, i) => isStill(i)));
  const detail = `in the channels that never change in the training images: ${check.show(still)}`;
  if (!still.every(Number.isFinite)) {
    return {
      mistake: "divides-by-zero",
      message: "a channel that never changes in the training images has deviation 0: it becomes 0, without a division",
      detail,
    }; // prettier-ignore
  }
  return still.every((value) => Math.abs(value) < 1e-6)
    ? undefined
    : {
        mistake: "leaves-a-still-channel",
        message:
          "a channel that never changes in the training images is to be 0 in both sets: another number in place of its deviation does not do that",
        detail,
      };
}

/** The same property, which says of an unnamed mistake whether it is in a channel that never changes. */
export function withStillChannels<Property extends check.CaseProperty>(property: Property): Property {
  return {
    ...property,
    async judge(input, output) {
      const finding = await property.judge(input, output);
      return finding && unnamed.has(finding.mistake) ? (stillChannel(input, output) ?? finding) : finding;
    },
  };
}

/** The properties. */
export const properties: readonly check.CaseProperty[] = check.published(cases).map(withStillChannels);
