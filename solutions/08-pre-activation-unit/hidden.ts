// The hidden cases of the pre-activation unit: random kernels, and the shapes in its type.
import { autodiff, check } from "residual";
import { drawCase, byHand, type Case } from "./public";

const { add, conv2d, multiply, padChannels, relu, subsample } = autodiff;

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

type Residual = (x: Value, layers: Layers) => Value;

/** The unit with a residual, on a clean shortcut. */
const given = (residual: Residual) => (drawn: Case) => {
  const unit = (x: Value) =>
    add(residual(x, layersOf(drawn)), padChannels(subsample(x, { stride: 2 }), { added: 4 }));
  return check.plainFrom(autodiff.trace(unit, [check.float64(drawn.x)]).output);
};

const right: Residual = (x, { norms, first, second }) =>
  second(1)(relu(norms[1](first(2)(relu(norms[0](x))))));

const mistakes: readonly (Omit<check.Mistake<Case>, "gives"> & { readonly residual: Residual })[] = [
  {
    mistake: "relu-before-norm",
    message: "the ReLU comes before the normalisation: Figure 4 (e) has BN, ReLU, weight",
    residual: (x, { norms, first, second }) => second(1)(norms[1](relu(first(2)(norms[0](relu(x)))))),
  },
  {
    mistake: "activates-after-the-convolution",
    message: "the first convolution takes x as it is: here everything is activated before it is convolved",
    residual: (x, { norms: [, between], first, second }) => second(1)(relu(between(first(2)(x)))),
  },
  {
    mistake: "forgets-the-second-norm",
    message: "the second normalisation is missing",
    residual: (x, { norms: [before], first, second }) => second(1)(relu(first(2)(relu(before(x))))),
  },
  {
    mistake: "forgets-the-relus",
    message: "there is no ReLU: two convolutions and two norms in a row are one linear map",
    residual: (x, { norms, first, second }) => second(1)(norms[1](first(2)(norms[0](x)))),
  },
  {
    mistake: "stride-on-the-second",
    message: "the second convolution has the stride: the first should",
    residual: (x, { norms, first, second }) => second(2)(relu(norms[1](first(1)(relu(norms[0](x)))))),
  },
];

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
          `void halved;`,
        ].join("\n"),
        otherwise: {
          mistake: "promises-another-shape",
          message:
            "the cell does not compile with a result of type Images<4, 4, 8>: a shape does not fit, or Output says less than that",
        },
      },
      ...byHand,
      {
        id: "values",
        title: "with any kernels it gives the shortcut plus the pre-activated residual",
        points: 3,
        cases: (seed) =>
          [1, 2].map((k) => drawCase(check.stream(seed, `pre-activation ${k}`), check.oddTensor)),
        ...check.judgeBy<Case>(
          given(right),
          mistakes.map(({ residual, ...slip }) => ({ ...slip, gives: given(residual) })),
          { what: "the output", within: 1e-3 },
        ),
      },
    ],
  },
];
