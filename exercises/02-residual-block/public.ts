// What the notebook checks of a residual block: what it must do whatever the kernels are.
import { check } from "residual";
import { cases } from "./cases";

/** x, and both kernels all zeros: then F(x) = 0. */
function zeroKernels(seed: number): readonly check.Plain[] {
  const draw = check.stream(seed, "zero-kernels");
  // A few images, and more than eight.
  const kinds = [[2, 4, 5, 2], [2, 4, 5, 3], [9, 2, 2, 2]] as const; // prettier-ignore
  return kinds.map((images) => {
    const channels = images[3];
    const shape = [3, 3, channels, channels];
    const zeros = { shape, values: Array<number>(9 * channels * channels).fill(0) };
    return { x: check.oddTensor(draw, images), first: zeros, second: zeros };
  });
}

/** What needs no rule: with zero kernels the shortcut is seen alone. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "nothing-to-add",
    title: "with zero kernels it gives ReLU(x)",
    points: 2,
    cases: zeroKernels,
    judge(input, output) {
      const { x } = input as { x: check.PlainTensor };
      const rectified = { ...x, values: x.values.map((value) => Math.max(value, 0)) };
      return check.compare(output, rectified, {
        what: "the block's output with zero kernels",
        slips: [
          {
            mistake: "forgets-the-shortcut",
            message: "with F(x) = 0 the output is all zeros: x never reaches it; add x to F(x)",
            gives: () => ({ ...x, values: x.values.map(() => 0) }),
          },
          {
            mistake: "no-relu-after-the-addition",
            message: "negative numbers come out: a ReLU follows the addition",
            gives: () => x,
          },
          {
            mistake: "adds-its-input-twice",
            message: "x comes out doubled: the shortcut is added once",
            gives: () => ({ ...x, values: rectified.values.map((value) => 2 * value) }),
          },
          {
            mistake: "stops-at-eight-images",
            message: "the images behind the eighth come out as zeros: a batch may hold any number of images",
            gives: () => check.firstOnly(rectified, 8),
          },
        ],
      });
    },
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.CaseProperty[] = [...byHand, ...check.published(cases)];
