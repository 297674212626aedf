// The hidden cases of the projection unit: random kernels, and the shapes in its type.
import { autodiff, check } from "residual";
import { inputs, type Case } from "./public";

const { add, conv2d, multiply, relu } = autodiff;

type Layer = (x: autodiff.Value) => autodiff.Value;

/** The parts of the unit as functions of values, in float64. */
interface Layers {
  readonly first: (stride: number) => Layer;
  readonly second: (stride: number) => Layer;
  readonly projection: Layer;
  readonly norms: readonly Layer[];
}

function layersOf({ kernels, norms }: Case): Layers {
  const convolution =
    (kernel: check.PlainTensor, padding: number) =>
    (stride: number): Layer => {
      const weights = check.float64(kernel);
      return (x) => conv2d(x, weights, { stride, padding });
    };
  return {
    first: convolution(kernels[0]!, 1),
    second: convolution(kernels[1]!, 1),
    projection: convolution(kernels[2]!, 0)(2),
    norms: norms.map(({ scale, shift }): Layer => {
      const [gamma, beta] = [check.float64(scale), check.float64(shift)];
      return (x) => add(multiply(x, gamma), beta);
    }),
  };
}

type Unit = (x: autodiff.Value, layers: Layers) => autodiff.Value;

const given = (unit: Unit) => (drawn: Case) =>
  check.plainFrom(autodiff.trace((x) => unit(x, layersOf(drawn)), [check.float64(drawn.x)]).output);

const shortcut: Unit = (x, { projection, norms }) => norms[2]!(projection(x));

type Slip = Omit<check.Mistake<Case>, "gives"> & { readonly unit: Unit };

/** The unit with another shortcut. */
const beside =
  (other: (x: autodiff.Value, layers: Layers) => autodiff.Value): Unit =>
  (x, layers) => {
    const { first, second, norms } = layers;
    return relu(add(norms[1]!(second(1)(relu(norms[0]!(first(2)(x))))), other(x, layers)));
  };

const right: Unit = beside(shortcut);

/** Mistakes in the shortcut. */
const shortcuts: readonly Slip[] = [
  {
    mistake: "projection-without-norm",
    message: "the projection is added as it is: what follows each convolution, this one too?",
    unit: beside((x, { projection }) => projection(x)),
  },
  {
    mistake: "rectifies-the-shortcut",
    message: "a ReLU stands on the shortcut: the one ReLU comes after the addition",
    unit: beside((x, layers) => relu(shortcut(x, layers))),
  },
  {
    mistake: "shares-the-norm",
    message: "the projection is normalised with the second convolution's norm: it has one of its own",
    unit: beside((x, { projection, norms }) => norms[1]!(projection(x))),
  },
  {
    mistake: "forgets-the-shortcut",
    message: "the shortcut never reaches the output: only the residual's norm does",
    unit: (x, { first, second, norms }) => relu(norms[1]!(second(1)(relu(norms[0]!(first(2)(x)))))),
  },
];

const mistakes: readonly Slip[] = [
  ...shortcuts,
  {
    mistake: "stride-on-the-second",
    message: "the second convolution has the stride: the paper halves the image in the first",
    unit(x, layers) {
      const { first, second, norms } = layers;
      return relu(add(norms[1]!(second(2)(relu(norms[0]!(first(1)(x))))), shortcut(x, layers)));
    },
  },
  {
    mistake: "forgets-the-relu-between",
    message: "no ReLU between the two convolutions",
    unit(x, layers) {
      const { first, second, norms } = layers;
      return relu(add(norms[1]!(second(1)(norms[0]!(first(2)(x)))), shortcut(x, layers)));
    },
  },
  {
    mistake: "adds-after-the-last-relu",
    message: "the addition comes after the last ReLU: it comes before it",
    unit(x, layers) {
      const { first, second, norms } = layers;
      return add(relu(norms[1]!(second(1)(relu(norms[0]!(first(2)(x)))))), shortcut(x, layers));
    },
  },
];

/** Sums of 9 x 4 and of 9 x 8 products, one after the other, each with a norm, and an addition. */
const rounding = (drawn: Case): number =>
  check.float32(9 * 4 + 9 * 8 + 10, check.largest(given(right)(check.absolutes(drawn))));

const stopsAtEight: check.Mistake<Case> = {
  mistake: "stops-at-eight-images",
  message: "the images behind the eighth come out as zeros: a batch may hold any number of images",
  gives: (drawn) => check.firstOnly(given(right)(drawn), 8),
};

const judge = check.judgeBy<Case>(
  given(right),
  [stopsAtEight, ...mistakes.map(({ unit, ...slip }) => ({ ...slip, gives: given(unit) }))],
  { what: "the output", within: rounding },
);

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "projection-shortcut",
    title: "Option B: a shortcut that projects, normalised like everything else",
    needs: ["projectionUnit"],
    properties: [
      {
        id: "type",
        title: "its type promises Images<4, 4, 8>, to which x cannot be added",
        points: 1,
        types: [
          `declare const images: import("residual").shapes.Images<8, 8, 4>;`,
          `declare const its: Parameters<typeof projectionUnit>[1];`,
          `const halved: import("residual").shapes.Images<4, 4, 8> = projectionUnit(images, its);`,
          `// @ts-expect-error Shape<[N, 8, 8, 4]> cannot be added to Shape<[N, 4, 4, 8]>: project or pad the shortcut`,
          `shapes.add(projectionUnit(images, its), images);`,
          `// @ts-expect-error what comes out has 8 channels, not 4`,
          `const narrow: import("residual").shapes.Images<4, 4, 4> = projectionUnit(images, its);`,
          `void [halved, narrow];`,
        ].join("\n"),
        otherwise: {
          mistake: "promises-another-shape",
          message:
            "the cell does not compile with a result of type Images<4, 4, 8>: a shape does not fit, or Output says less than that",
        },
      },
      {
        id: "shortcut",
        title: "with zero kernels in F, what is left is the normalised projection",
        points: 2,
        cases: inputs["shortcut"]!,
        ...judge,
      },
      {
        id: "values",
        title: "with any kernels it gives the sum, rectified",
        points: 3,
        cases: inputs["values"]!,
        ...judge,
      },
    ],
  },
];
