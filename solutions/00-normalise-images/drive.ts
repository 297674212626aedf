// Calls the learner's normalisation on one pair of sets.
import { check } from "residual";

interface Images {
  readonly images: Uint8Array;
  readonly imageShape: readonly number[];
}
type Answer = (train: Images, test: Images) => unknown;
type Set = { readonly images: readonly number[]; readonly imageShape: readonly number[] };

/** The numbers of a list or of lists in lists, as a tensor gives them, in their order. */
const inOrder = (value: check.Plain): check.Plain =>
  Array.isArray(value) ? (value as readonly check.Plain[]).flatMap(inOrder) : value;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "normalise-images": ({ normalised }, input) => {
    const sets = input as unknown as { readonly train: Set; readonly test: Set };
    const bytes = ({ images, imageShape }: Set): Images => ({ images: Uint8Array.from(images), imageShape });
    const given = { train: bytes(sets.train), test: bytes(sets.test) };
    return check.given(given as unknown as check.Plain, async () => {
      const answer = await (normalised as Answer)(given.train, given.test);
      const { train, test } = check.fields(answer, ["train", "test"]);
      return { train: inOrder(await check.plainOf(train)), test: inOrder(await check.plainOf(test)) };
    });
  },
};
