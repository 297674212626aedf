// What the notebook checks of the growing unit: its shortcut, seen alone when both kernels are zeros.
import { check } from "residual";
import { cases as publicCases } from "./cases";

/** Images and two kernels. */
export interface Case {
  readonly x: check.PlainTensor;
  readonly first: check.PlainTensor;
  readonly second: check.PlainTensor;
}

/** The rows and columns that are looked at, as `drive.ts` picks them of the 16. */
const picked = [0, 5, 10, 15];

/** ReLU of a shortcut given by its rule, at the pixels that are looked at. */
function rectified(
  { x }: Case,
  rule: (
    pixel: (row: number, column: number, c: number) => number,
    row: number,
    column: number,
    c: number,
  ) => number,
): check.PlainTensor {
  const [images] = x.shape;
  const values: number[] = [];
  for (let image = 0; image < images!; image++) {
    const pixel = (row: number, column: number, c: number) =>
      x.values[((image * 32 + row) * 32 + column) * 16 + c]!;
    for (const row of picked)
      for (const column of picked)
        for (let c = 0; c < 32; c++) values.push(Math.max(rule(pixel, row, column, c), 0));
  }
  return { shape: [images!, picked.length, picked.length, 32], values };
}

/** Cases with the kernels that `kernel` gives. */
export function cases(
  seed: number,
  kernel: (draw: ReturnType<typeof check.stream>, shape: readonly number[]) => check.PlainTensor,
): readonly Case[] {
  const draw = check.stream(seed, "growing-unit");
  return [1, 2].map((images) => ({
    x: check.oddTensor(draw, [images, 32, 32, 16]),
    first: kernel(draw, [3, 3, 16, 32]),
    second: kernel(draw, [3, 3, 32, 32]),
  }));
}

const zeros = (_: unknown, shape: readonly number[]) => ({
  shape,
  values: Array<number>(shape.reduce((a, b) => a * b)).fill(0),
});

/** The shortcut, seen alone. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "shortcut",
    title: "with zero kernels it gives ReLU of option A's shortcut",
    points: 3,
    cases: (seed) => cases(seed, zeros).map((drawn) => ({ ...drawn })),
    judge(input, output) {
      const drawn = input as unknown as Case;
      const give = (rule: Parameters<typeof rectified>[1]) => () => rectified(drawn, rule);
      const every = (offset: number): Parameters<typeof rectified>[1] => {
        return (pixel, row, column, c) => (c < 16 ? pixel(2 * row + offset, 2 * column + offset, c) : 0);
      };
      return check.compare(output, rectified(drawn, every(0)), {
        what: "the output (every fifth row and column of it)",
        slips: [
          {
            mistake: "forgets-the-shortcut",
            message: "with F(x) = 0 the output is all zeros: the shortcut never reaches it",
            gives: give(() => 0),
          },
          {
            mistake: "averages-instead-of-subsampling",
            message: "the shortcut averages 2x2 pixels: option A takes every second pixel as it is",
            gives: give((pixel, row, column, c) =>
              c < 16
                ? (pixel(2 * row, 2 * column, c) +
                    pixel(2 * row + 1, 2 * column, c) +
                    pixel(2 * row, 2 * column + 1, c) +
                    pixel(2 * row + 1, 2 * column + 1, c)) /
                  4
                : 0,
            ),
          },
          {
            mistake: "repeats-the-channels",
            message: "the new channels repeat the old ones: option A fills them with zeros",
            gives: give((pixel, row, column, c) => pixel(2 * row, 2 * column, c % 16)),
          },
          {
            mistake: "pads-in-front",
            message: "the zeros stand before x's channels: they belong behind them",
            gives: give((pixel, row, column, c) => (c < 16 ? 0 : pixel(2 * row, 2 * column, c - 16))),
          },
          {
            mistake: "starts-at-the-second-pixel",
            message:
              "the shortcut takes the odd rows and columns: the stride-2 convolution is centred on the even ones",
            gives: give(every(1)),
          },
        ],
      });
    },
  },
];

/** Images and kernels are too large to be written down: they are drawn. */
export const inputs = {
  values: (seed: number): readonly check.Plain[] =>
    cases(seed, check.oddTensor).map((drawn) => ({ ...drawn })),
};

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.CaseProperty[] = [...byHand, ...check.published(publicCases, inputs)];
