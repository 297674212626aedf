// The hidden cases: random ones, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

type Case = {
  readonly dy: readonly number[];
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly stride: number;
  readonly padding: number;
};

type Numbers = readonly number[];

/** The forward pass. */
function forward(x: Numbers, w: Numbers, { stride, padding, dy }: Case): number[] {
  return dy.map((_, i) => w.reduce((sum, weight, u) => sum + weight * (x[stride * i + u - padding] ?? 0), 0));
}

const dot = (a: Numbers, b: Numbers) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const unit = (length: number, at: number) => Array.from({ length }, (_, i) => Number(i === at));

/** y is linear in x and in w, so its derivatives are the forward pass of unit vectors: no gradient formula is used. */
function right(drawn: Case) {
  const { dy, x, w } = drawn;
  return {
    dx: x.map((_, j) => dot(dy, forward(unit(x.length, j), w, drawn))),
    dw: w.map((_, u) => dot(dy, forward(x, unit(w.length, u), drawn))),
  };
}

/** The gradients with another place j, or another weight for the way to x. */
function gathered(
  { dy, x, w, stride, padding }: Case,
  place: (i: number, u: number) => number = (i, u) => stride * i + u - padding,
  weight: (u: number) => number = (u) => w[u]!,
) {
  const [dx, dw] = [x.map(() => 0), w.map(() => 0)];
  for (let i = 0; i < dy.length; i++)
    for (let u = 0; u < w.length; u++) {
      const j = place(i, u);
      if (x[j] === undefined) continue;
      dx[j]! += dy[i]! * weight(u);
      dw[u]! += dy[i]! * x[j];
    }
  return { dx, dw };
}

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "forgets-the-stride",
    message:
      "the places do not depend on the stride: the window of y_i begins s pixels after that of y_(i-1)",
    gives: (drawn) => gathered(drawn, (i, u) => i + u - drawn.padding),
  },
  {
    mistake: "forgets-the-padding",
    message: "the places do not depend on the padding: the first window begins p places before x",
    gives: (drawn) => gathered(drawn, (i, u) => drawn.stride * i + u),
  },
  {
    mistake: "shifts-the-wrong-way",
    message: "the padding is added to the place: zeros in front move the windows back, so it is taken off",
    gives: (drawn) => gathered(drawn, (i, u) => drawn.stride * i + u + drawn.padding),
  },
  {
    mistake: "reads-the-kernel-backwards",
    message: "each y_i meets the kernel the wrong way round on its way back to x",
    gives: (drawn) => gathered(drawn, undefined, (u) => drawn.w[drawn.w.length - 1 - u]!),
  },
  {
    mistake: "clamps-at-the-edge",
    message:
      "what belongs to the padding is given to the pixels at the edge: it was a zero of nobody's, and has no gradient",
    gives: (drawn) =>
      gathered(drawn, (i, u) =>
        Math.min(Math.max(drawn.stride * i + u - drawn.padding, 0), drawn.x.length - 1),
      ),
  },
  {
    mistake: "stops-at-two-zeros",
    message: "more than two zeros of padding move the windows no further back: p may be any number",
    gives: (drawn) => gathered({ ...drawn, padding: Math.min(drawn.padding, 2) }),
  },
  {
    mistake: "averages-over-places",
    message: "dw is a mean over the places: w enters every y_i, so its gradient is a sum",
    gives: (drawn) => {
      const { dx, dw } = right(drawn);
      return { dx, dw: dw.map((value) => value / drawn.dy.length) };
    },
  },
];

/** Each gradient is a sum of at most as many products as there are outputs, or weights. */
const rounding = (drawn: Case): number =>
  check.float32(drawn.dy.length + drawn.w.length + 4, check.largest(right(check.absolutes(drawn))));

const judged = check.judgeBy<Case>(right, mistakes, { what: "the gradients", within: rounding });

/** The kernel of the notebook, and one of each learner's own. */
const twoPlaces = check.alsoDrawn<Case>(byHand, judged, (draw) => {
  const numbers = (count: number) => Array.from({ length: count }, () => 1 + draw.integer(12));
  return [{ dy: numbers(2), x: numbers(3), w: numbers(2), stride: 1, padding: 0 }];
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "conv-vjp",
    title: "The gradient of a convolution, with stride and padding",
    needs: ["convolutionVjp"],
    properties: [
      ...twoPlaces,
      {
        id: "any",
        title: "they are right for any stride and padding",
        points: 4,
        cases(seed) {
          const draw = check.stream(seed, "conv-vjp");
          const drawn = (length: number, kernel: number, stride: number, padding: number): Case => ({
            x: check.oddNumbers(draw, length),
            w: check.oddNumbers(draw, kernel),
            dy: check.oddNumbers(draw, Math.floor((length + 2 * padding - kernel) / stride) + 1),
            stride,
            padding,
          });
          return [
            drawn(9, 3, 2, 1),
            drawn(8, 5, 3, 2),
            drawn(6, 3, 1, 1),
            // Even kernels; no padding, three zeros and more; strides that pass pixels by; a kernel longer than x, and one number.
            drawn(5, 4, 1, 3),
            drawn(7, 2, 3, 0),
            drawn(3, 6, 2, 5),
            drawn(4, 1, 2, 1),
            drawn(1, 1, 1, 0),
            drawn(20, 12, 1, 4),
          ];
        },
        ...judged,
      },
    ],
  },
];
