// The hidden cases of the identity layer: kernels of every size, and what known mistakes put into them.
import { check } from "residual";
import { byHand, sizes } from "./public";

/** What an identity layer is asked for. */
interface Case {
  readonly size: number;
  readonly channels: number;
  readonly epsilon: number;
}

/** A kernel by its rule, row-major: its weight at row i and column j from channel a to channel b. */
const kernel =
  (weight: (place: { i: number; j: number; a: number; b: number; middle: number; size: number }) => number) =>
  ({ size, channels }: Case): check.Plain => {
    const middle = (size - 1) / 2;
    const sides = Array.from({ length: size }, (_, i) => i);
    const each = Array.from({ length: channels }, (_, c) => c);
    const values = sides.flatMap((i) =>
      sides.flatMap((j) => each.flatMap((a) => each.map((b) => weight({ i, j, a, b, middle, size })))),
    );
    return { shape: [size, size, channels, channels], values };
  };

const right = kernel(({ i, j, a, b, middle }) => Number(i === middle && j === middle && a === b));

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "stops-at-eight-channels",
    message: "some channels are lost: each of them needs its own 1",
    gives: kernel(({ i, j, a, b, middle }) => Number(i === middle && j === middle && a === b && a < 8)),
  },
  {
    mistake: "stops-at-size-nine",
    message: "the 1 stands where the middle of a 9x9 kernel is: kernels may be larger",
    gives: kernel(({ i, j, a, b, middle }) => {
      const place = Math.min(middle, 4);
      return Number(i === place && j === place && a === b);
    }),
  },
  {
    mistake: "assumes-three-by-three",
    message: "the 1 stands where the middle of a 3x3 kernel is: where is it in a kernel of this size?",
    gives: kernel(({ i, j, a, b }) => Number(i === 1 && j === 1 && a === b)),
  },
  {
    mistake: "shifts-the-image",
    message:
      "the 1 stands in the window's corner, so the image moves: which pixel of the window is the output's?",
    gives: kernel(({ i, j, a, b }) => Number(i === 0 && j === 0 && a === b)),
  },
  {
    mistake: "mixes-the-channels",
    message: "every output channel sums all input channels: which of them should channel b hear?",
    gives: kernel(({ i, j, middle }) => Number(i === middle && j === middle)),
  },
  {
    mistake: "blurs",
    message: "the kernel sums the whole window: how many of its pixels should count?",
    gives: kernel(({ a, b }) => Number(a === b)),
  },
  {
    mistake: "blurs",
    message: "the kernel averages the window: how many of its pixels should count?",
    gives: kernel(({ a, b, size }) => Number(a === b) / size ** 2),
  },
  {
    mistake: "gives-zeros",
    message:
      "the kernel is all zeros: the output would be F(x) = 0, and this is a plain layer without a shortcut",
    gives: kernel(() => 0),
  },
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "identity-layers",
    title: "A layer that changes nothing",
    needs: ["identityLayer"],
    properties: [
      {
        id: "kernel",
        title: "its convolution gives back its input",
        points: 3,
        cases: sizes,
        ...check.judgeBy<Case>(right, mistakes, { what: "the kernel", part: "kernel" }),
      },
      ...byHand,
    ],
  },
];
