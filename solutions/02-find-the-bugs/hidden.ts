// The hidden cases: random ones, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

type Vector = readonly number[];
type Matrix = readonly Vector[];
type Norm = { readonly scale: Vector; readonly shift: Vector };
type Case = {
  readonly x: Vector;
  readonly kernels: readonly [Matrix, Matrix];
  readonly norms: readonly [Norm, Norm];
};

const times = (w: Matrix, x: Vector) =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
const rectified = (x: Vector) => x.map((value) => Math.max(value, 0));
const normed = (x: Vector, { scale, shift }: Norm) => x.map((value, i) => scale[i]! * value + shift[i]!);
const plus = (a: Vector, b: Vector) => a.map((value, i) => value + b[i]!);

/** ReLU(N_1(W_1 x)). */
const hidden = ({ x, kernels, norms }: Case) => rectified(normed(times(kernels[0], x), norms[0]));
/** N(W_2 h). */
const residual = (drawn: Case, norm = drawn.norms[1], h: Vector = hidden(drawn)) =>
  normed(times(drawn.kernels[1], h), norm);

const right = (drawn: Case) => rectified(plus(residual(drawn), drawn.x));

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "overwrites-its-input",
    message: "what is added is the hidden layer: x was overwritten before it was needed",
    gives: (drawn) => rectified(plus(residual(drawn), hidden(drawn))),
  },
  {
    mistake: "shares-the-norm",
    message: "the second product is normalised with the first norm: each has its own",
    gives: (drawn) => rectified(plus(residual(drawn, drawn.norms[0]), drawn.x)),
  },
  {
    mistake: "rectifies-before-the-addition",
    message: "the last ReLU stands before the addition: in Figure 2 it follows it",
    gives: (drawn) => plus(rectified(residual(drawn)), drawn.x),
  },
  {
    mistake: "forgets-the-last-relu",
    message: "the last ReLU is gone: it follows the addition",
    gives: (drawn) => plus(residual(drawn), drawn.x),
  },
  {
    mistake: "rectifies-twice",
    message: "a ReLU stands before the addition as well as after it",
    gives: (drawn) => rectified(plus(rectified(residual(drawn)), drawn.x)),
  },
  {
    mistake: "norm-after-the-relu",
    message: "the first ReLU comes before the normalisation: it follows it",
    gives: (drawn) =>
      rectified(
        plus(
          residual(drawn, undefined, normed(rectified(times(drawn.kernels[0], drawn.x)), drawn.norms[0])),
          drawn.x,
        ),
      ),
  },
  {
    mistake: "forgets-the-shortcut",
    message: "x is added nowhere",
    gives: (drawn) => rectified(residual(drawn)),
  },
];

/** Two products of a matrix and a vector, one after the other, each with a norm behind it, and an addition. */
const rounding = (drawn: Case): number =>
  check.float32(2 * drawn.x.length + 10, check.largest(right(check.absolutes(drawn))));

const judged = check.judgeBy<Case>(right, mistakes, {
  what: "the block's output",
  within: rounding,
});

/** The block of the notebook, and one like it of each learner's own: its residual is the second norm's shift. */
const constant = check.alsoDrawn<Case>(byHand, judged, (draw) => {
  const ones: Matrix = [
    [1, 0],
    [0, 1],
  ];
  const zeros: Matrix = [
    [0, 0],
    [0, 0],
  ];
  const shift = (sign: number) => [sign * (1 + draw.integer(9)), sign * (1 + draw.integer(9))];
  return [
    {
      x: [10 + draw.integer(20), -1 - draw.integer(9)],
      kernels: [ones, zeros],
      norms: [
        { scale: [1, 1], shift: shift(1) },
        { scale: [1, 1], shift: shift(-1) },
      ],
    },
  ];
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "find-the-bugs",
    title: "Three bugs in one residual block",
    needs: ["block"],
    properties: [
      ...constant,
      {
        id: "any",
        title: "for any block",
        points: 4,
        cases(seed) {
          const draw = check.stream(seed, "find-the-bugs");
          const matrix = (n: number) => Array.from({ length: n }, () => check.oddNumbers(draw, n));
          const norm = (n: number): Norm => ({
            scale: check.oddNumbers(draw, n),
            shift: check.oddNumbers(draw, n),
          });
          const drawn = (n: number): Case => ({
            x: check.oddNumbers(draw, n),
            kernels: [matrix(n), matrix(n)],
            norms: [norm(n), norm(n)],
          });
          const far = drawn(5);
          const telling = check.drawUntil(
            () => drawn(16),
            (block) => check.tells(judged, [block], mistakes),
            "a block on which each mistake gives something else",
          );
          // Even and odd widths, a width of one, and an input far from zero on both sides.
          return [telling, drawn(9), { ...far, x: far.x.map((value) => 30 * value) }, drawn(1)];
        },
        ...judged,
      },
    ],
  },
];
