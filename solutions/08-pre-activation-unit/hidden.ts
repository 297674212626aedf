// What is graded of the pre-activation unit: its type, its shortcut and its values; and what known mistakes give.
import { autodiff, check } from "residual";
import { inputs, type Case } from "./public";

const { add, concat, conv2d, multiply, padChannels, relu, subsample } = autodiff;

type Value = autodiff.Value;
type Layer = (x: Value) => Value;

/** The unit's layers in float64; a convolution by its stride. */
interface Layers {
  readonly norms: readonly [Layer, Layer];
  readonly first: (stride: number) => Layer;
  readonly second: (stride: number) => Layer;
}

function layersOf({ norms, kernels }: Case): Layers {
  const [first, second] = kernels.map((plain) => (stride: number): Layer => {
    const kernel = check.float64(plain);
    return (x) => conv2d(x, kernel, { stride, padding: 1 });
  });
  const [before, between] = norms.map(({ scale, shift }): Layer => {
    const [gamma, beta] = [check.float64(scale), check.float64(shift)];
    return (x) => add(multiply(x, gamma), beta);
  });
  return { norms: [before!, between!], first: first!, second: second! };
}

type Unit = (x: Value, layers: Layers) => Value;

/** What a unit gives, in float64 by code that no learner calls. */
const given = (unit: Unit) => (drawn: Case) =>
  check.plainFrom(autodiff.trace((x) => unit(x, layersOf(drawn)), [check.float64(drawn.x)]).output);

/** Option A of images. */
const shortcut = (x: Value) => padChannels(subsample(x, { stride: 2 }), { added: 4 });

const residual: Unit = (x, { norms, first, second }) =>
  second(1)(relu(norms[1](first(2)(relu(norms[0](x))))));

const right: Unit = (x, layers) => add(residual(x, layers), shortcut(x));

/** The unit with another residual, on a clean shortcut. */
const residuals =
  (other: Unit): Unit =>
  (x, layers) =>
    add(other(x, layers), shortcut(x));

/** The unit with another shortcut. */
const shortcuts =
  (other: Unit): Unit =>
  (x, layers) =>
    add(residual(x, layers), other(x, layers));

/** Every second pixel. */
const half = (x: Value) => subsample(x, { stride: 2 });

/** The mean of each pixel that is taken and its three neighbours, weighted alike. */
const averaged = (x: Value) => {
  const one = autodiff.array(
    Array.from({ length: 9 * 16 }, (_, i) => {
      const [tap, from, to] = [Math.floor(i / 16), Math.floor((i % 16) / 4), i % 4];
      return from === to && [4, 5, 7, 8].includes(tap) ? 1 / 4 : 0;
    }),
    [3, 3, 4, 4],
  );
  return padChannels(conv2d(x, one, { stride: 2, padding: 1 }), { added: 4 });
};

const mistakes: readonly (Omit<check.Mistake<Case>, "gives"> & { readonly unit: Unit })[] = [
  {
    mistake: "relu-before-norm",
    message: "the ReLU comes before the normalisation: Figure 4 (e) has BN, ReLU, weight",
    unit: residuals((x, { norms, first, second }) => second(1)(norms[1](relu(first(2)(norms[0](relu(x))))))),
  },
  {
    mistake: "activates-after-the-convolution",
    message: "the first convolution takes x as it is: here everything is activated before it is convolved",
    unit: residuals((x, { norms: [, between], first, second }) => second(1)(relu(between(first(2)(x))))),
  },
  {
    mistake: "forgets-the-first-norm",
    message: "the first normalisation is missing",
    unit: residuals((x, { norms: [, between], first, second }) =>
      second(1)(relu(between(first(2)(relu(x))))),
    ),
  },
  {
    mistake: "forgets-the-second-norm",
    message: "the second normalisation is missing",
    unit: residuals((x, { norms: [before], first, second }) => second(1)(relu(first(2)(relu(before(x)))))),
  },
  {
    mistake: "forgets-the-first-relu",
    message: "no ReLU stands before the first convolution",
    unit: residuals((x, { norms, first, second }) => second(1)(relu(norms[1](first(2)(norms[0](x)))))),
  },
  {
    mistake: "forgets-the-second-relu",
    message: "no ReLU stands before the second convolution",
    unit: residuals((x, { norms, first, second }) => second(1)(norms[1](first(2)(relu(norms[0](x)))))),
  },
  {
    mistake: "forgets-the-relus",
    message: "there is no ReLU: two convolutions and two norms in a row are one linear map",
    unit: residuals((x, { norms, first, second }) => second(1)(norms[1](first(2)(norms[0](x))))),
  },
  {
    mistake: "stride-on-the-second",
    message: "the second convolution has the stride: the first should",
    unit: residuals((x, { norms, first, second }) => second(2)(relu(norms[1](first(1)(relu(norms[0](x))))))),
  },
  {
    mistake: "relu-before-the-addition",
    message: "a ReLU ends the residual: then a unit can only add, never take away",
    unit: residuals((x, layers) => relu(residual(x, layers))),
  },
  {
    mistake: "relu-after-the-addition",
    message: "a ReLU follows the addition: in a pre-activation unit nothing does",
    unit: (x, layers) => relu(right(x, layers)),
  },
  {
    mistake: "norm-after-the-addition",
    message: "a normalisation follows the addition: in a pre-activation unit nothing does",
    unit: (x, layers) => layers.norms[1](right(x, layers)),
  },
  {
    mistake: "shortcut-from-the-activation",
    message: "the shortcut carries what was normalised and activated: it should carry x as it came in",
    unit: shortcuts((x, { norms }) => shortcut(relu(norms[0](x)))),
  },
  {
    mistake: "shortcut-from-the-norm",
    message: "the shortcut carries what was normalised: it should carry x as it came in",
    unit: shortcuts((x, { norms }) => shortcut(norms[0](x))),
  },
  {
    mistake: "shortcut-from-the-relu",
    message: "the shortcut carries ReLU(x): it should carry x as it came in",
    unit: shortcuts((x) => shortcut(relu(x))),
  },
  {
    mistake: "pads-in-front",
    message: "the zeros stand in the first channels: the new channels come behind the old ones",
    unit: shortcuts((x) => concat(multiply(half(x), 0), half(x))),
  },
  {
    mistake: "repeats-the-channels",
    message: "the new channels hold the old ones once more: option A puts zeros there",
    unit: shortcuts((x) => concat(half(x), half(x))),
  },
  {
    mistake: "averages-the-pixels",
    message: "the shortcut carries means of pixels: option A takes every second row and column as it is",
    unit: shortcuts(averaged),
  },
  {
    mistake: "adds-the-shortcut-twice",
    message: "the shortcut is added twice",
    unit: shortcuts((x) => add(shortcut(x), shortcut(x))),
  },
  {
    mistake: "forgets-the-shortcut",
    message: "the shortcut never reaches the output",
    unit: residual,
  },
];

const stopsAtEight: check.Mistake<Case> = {
  mistake: "stops-at-eight-images",
  message: "the images behind the eighth come out as zeros: a batch may hold any number of images",
  gives: (drawn) => check.firstOnly(given(right)(drawn), 8),
};

const judgeWith = (known: typeof mistakes) =>
  check.judgeBy<Case>(
    given(right),
    [stopsAtEight, ...known.map(({ unit, ...slip }) => ({ ...slip, gives: given(unit) }))],
    // Whole numbers, and sums of them below 2^24: only a transform on the way may round.
    { what: "the output", within: 1 / 4 },
  );

/** With zero kernels a ReLU anywhere on the shortcut or after the addition gives the same: only what is seen can be said. */
const zeroed = judgeWith([
  {
    mistake: "loses-negative-numbers",
    message: "negative numbers of x are gone: x comes through as it is, past no ReLU",
    unit: (x, layers) => relu(right(x, layers)),
  },
  ...mistakes.filter(
    ({ mistake }) => !["relu-after-the-addition", "shortcut-from-the-relu"].includes(mistake),
  ),
]);

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "pre-activation-unit",
    title: "A pre-activation unit that keeps its shortcut clean",
    needs: ["preActivationUnit"],
    properties: [
      {
        id: "type",
        title: "its type promises Images<4, 4, 8>, to which x cannot be added",
        points: 1,
        types: [
          `declare const images: import("residual").shapes.Images<8, 8, 4>;`,
          `declare const rest: [import("residual").shapes.Norm<4>, import("residual").shapes.Shape<readonly [3, 3, 4, 8]>, import("residual").shapes.Norm<8>, import("residual").shapes.Shape<readonly [3, 3, 8, 8]>];`,
          `const halved: import("residual").shapes.Images<4, 4, 8> = preActivationUnit(images, ...rest);`,
          `// @ts-expect-error Shape<[N, 8, 8, 4]> cannot be added to Shape<[N, 4, 4, 8]>: project or pad the shortcut`,
          `shapes.add(preActivationUnit(images, ...rest), images);`,
          `// @ts-expect-error what comes out has 8 channels, not 4`,
          `const narrow: import("residual").shapes.Images<4, 4, 4> = preActivationUnit(images, ...rest);`,
          `void [halved, narrow];`,
        ].join("\n"),
        otherwise: {
          mistake: "promises-another-shape",
          message:
            "the cell does not compile with a result of type Images<4, 4, 8>: a shape does not fit, or Output says less than that",
        },
      },
      {
        id: "clean-shortcut",
        title: "with zero kernels x itself is left, halved and padded",
        points: 2,
        cases: inputs["clean-shortcut"]!,
        ...zeroed,
      },
      {
        id: "values",
        title: "with any kernels it gives the shortcut plus the pre-activated residual",
        points: 3,
        cases: inputs["values"]!,
        ...judgeWith(mistakes),
      },
    ],
  },
];
