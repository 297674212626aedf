// The hidden cases of the paddings: odd and even sizes, strides of 2 and 3, kernels from 1 to 7.
import { check } from "residual";
import { byHand } from "./public";

type Case = { readonly n: number; readonly k: number; readonly s: number };

/** Windows of size k that fit, counted by sliding. */
function slide(n: number, k: number, s: number): number {
  let count = 0;
  for (let start = 0; start + k <= n; start += s) count++;
  return count;
}

function symmetric({ n, k, s }: Case, zeros = (k - 1) / 2, output = slide(n + 2 * zeros, k, s)) {
  return { before: zeros, after: zeros, output };
}

/** The fewest zeros with which ceil(n / s) windows fit, added one after the other, the odd one behind. */
function same({ n, k, s }: Case) {
  const wanted = Math.ceil(n / s);
  let [before, after] = [0, 0];
  while (slide(n + before + after, k, s) < wanted) {
    if (after > before) before++;
    else after++;
  }
  return { before, after, output: wanted };
}

const right = (drawn: Case) => ({ symmetric: symmetric(drawn), same: same(drawn) });

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "takes-same-for-symmetric",
    message: "`same` is padded on both sides alike: it adds only as many zeros as its outputs need",
    gives: (drawn) => ({ symmetric: symmetric(drawn), same: symmetric(drawn) }),
  },
  {
    mistake: "puts-the-odd-zero-before",
    message: "the odd zero stands before the pixels: TensorFlow puts it after them",
    gives(drawn) {
      const { before, after, output } = same(drawn);
      return { symmetric: symmetric(drawn), same: { before: after, after: before, output } };
    },
  },
  {
    mistake: "counts-windows-between",
    message: "the symmetric output is one short: the first window counts before any step is taken",
    gives: (drawn) => ({
      symmetric: { ...symmetric(drawn), output: symmetric(drawn).output - 1 },
      same: same(drawn),
    }),
  },
  {
    mistake: "pads-by-the-kernel",
    message: "as many zeros as the kernel is wide: only as many as stick out beyond its middle",
    gives: (drawn) => ({ symmetric: symmetric(drawn, drawn.k), same: same(drawn) }),
  },
  {
    mistake: "rounds-up",
    message: "the symmetric output is rounded up: a window that does not fit is not computed",
    gives: (drawn) => ({
      symmetric: symmetric(drawn, undefined, Math.ceil((drawn.n - 1) / drawn.s) + 1),
      same: same(drawn),
    }),
  },
  {
    mistake: "gives-up-on-small-images",
    message: "for a kernel larger than the image the output is 1: with the zeros, more windows fit",
    gives(drawn) {
      const { symmetric: both, same: few } = right(drawn);
      if (drawn.k <= drawn.n) return { symmetric: both, same: few };
      return { symmetric: { ...both, output: 1 }, same: { ...few, output: 1 } };
    },
  },
  {
    mistake: "gives-up-on-large-strides",
    message: "no zeros where the stride is larger than the image: its one window must still fit",
    gives(drawn) {
      const { symmetric: both, same: few } = right(drawn);
      return { symmetric: both, same: drawn.s > drawn.n ? { ...few, before: 0, after: 0 } : few };
    },
  },
  {
    mistake: "assumes-the-last-window-is-cut",
    message:
      "as many zeros as k - s whatever n is: how many pixels are left for the last window depends on n",
    gives(drawn) {
      const zeros = Math.max(drawn.k - drawn.s, 0);
      const before = Math.floor(zeros / 2);
      const { output } = same(drawn);
      return { symmetric: symmetric(drawn), same: { before, after: zeros - before, output } };
    },
  },
  {
    mistake: "pads-a-negative-number",
    message: "a negative number of zeros: where the kernel is smaller than the stride none are needed",
    gives(drawn) {
      const { n, k, s } = drawn;
      const { output } = same(drawn);
      const zeros = (output - 1) * s + k - n;
      const before = Math.floor(zeros / 2);
      return { symmetric: symmetric(drawn), same: { before, after: zeros - before, output } };
    },
  },
];

const judged = check.judgeBy(right, mistakes, { what: "the paddings" });

/** The size of the notebook, and another one of each learner's own: an even one, with the same kernel and stride. */
const ofOtherSizes = check.alsoDrawn<Case>(byHand, judged, (draw, worked) =>
  worked.map((size) => ({ ...size, n: 34 + 2 * draw.integer(200) })),
);

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "stride-and-padding",
    title: "Two kinds of padding, and why a stride tells them apart",
    needs: ["paddings"],
    properties: [
      ...ofOtherSizes,
      {
        id: "any",
        title: "they are right for any size, kernel and stride",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "stride-and-padding");
          const even = 2 * (10 + draw.integer(50));
          return [
            { n: 224, k: 7, s: 2 },
            { n: even, k: 5, s: 2 },
            { n: even, k: 1, s: 2 },
            { n: even + 1, k: 3, s: 2 },
            { n: 3 * (5 + draw.integer(9)) + 2, k: 3, s: 3 },
            // Every remainder at stride 3, kernels larger than the image, strides larger than either, one pixel.
            { n: 3 * (5 + draw.integer(9)), k: 3, s: 3 },
            { n: 3 * (5 + draw.integer(9)) + 1, k: 5, s: 3 },
            { n: 4, k: 7, s: 1 },
            { n: 3, k: 9, s: 2 },
            { n: 5, k: 3, s: 4 },
            { n: 2, k: 1, s: 3 },
            { n: 4, k: 1, s: 4 },
            { n: 1, k: 3, s: 1 },
            { n: 1, k: 5, s: 2 },
            { n: 2 + draw.integer(2), k: 7, s: 5 },
          ];
        },
        ...judged,
      },
    ],
  },
];
