// What is graded of the unit: its type, and its values with any kernels or with one that is zeros; and what known mistakes give.
import { autodiff, check } from "residual";
import { inputs, type Case } from "./public";

const { add, conv2d, relu, subtract } = autodiff;

type Value = autodiff.Value;
type Layer = (x: Value) => Value;

/** The unit's convolutions, each by its stride; and the shortcut. */
interface Layers {
  readonly reduce: (stride: number) => Layer;
  readonly spatial: (stride: number) => Layer;
  readonly expand: (stride: number) => Layer;
  readonly shortcut: Layer;
}

type Unit = (x: Value, layers: Layers) => Value;

function layersOf({ kernels }: Case): Layers {
  const [reduce, spatial, expand, projection] = kernels.map((plain) => (stride: number): Layer => {
    const kernel = check.float64(plain);
    return (x) => conv2d(x, kernel, { stride, padding: (plain.shape[0]! - 1) / 2 });
  });
  return { reduce: reduce!, spatial: spatial!, expand: expand!, shortcut: projection!(2) };
}

/** The residual with its stride on one of the three. */
const residual = (
  x: Value,
  { reduce, spatial, expand }: Layers,
  [a, b, c]: readonly [number, number, number],
) => expand(c)(relu(spatial(b)(relu(reduce(a)(x)))));

/** What a unit gives, in float64 by code that no learner calls. */
const given = (unit: Unit) => (drawn: Case) =>
  check.plainFrom(autodiff.trace((x) => unit(x, layersOf(drawn)), [check.float64(drawn.x)]).output);

const right: Unit = (x, layers) => relu(add(residual(x, layers, [2, 1, 1]), layers.shortcut(x)));

const mistakes: readonly (Omit<check.Mistake<Case>, "gives"> & { readonly unit: Unit })[] = [
  {
    mistake: "projects-the-activated-input",
    message: "the projection takes in ReLU(x): it takes in x",
    unit: (x, layers) => relu(add(residual(x, layers, [2, 1, 1]), layers.shortcut(relu(x)))),
  },
  {
    mistake: "rectifies-the-shortcut",
    message: "a ReLU stands on the shortcut, between the projection and the addition",
    unit: (x, layers) => relu(add(residual(x, layers, [2, 1, 1]), relu(layers.shortcut(x)))),
  },
  {
    mistake: "rectifies-the-residual",
    message:
      "a ReLU stands between the last convolution and the addition: then the unit can only add, never take away",
    unit: (x, layers) => relu(add(relu(residual(x, layers, [2, 1, 1])), layers.shortcut(x))),
  },
  {
    mistake: "stride-on-the-3x3",
    message:
      "the first 1x1 runs at full size, and the stride comes later, as in published models: the paper's bottleneck has it on the first 1x1",
    unit: (x, layers) => relu(add(residual(x, layers, [1, 2, 1]), layers.shortcut(x))),
  },
  {
    mistake: "forgets-the-first-relu",
    message: "no ReLU after the first 1x1",
    unit: (x, layers) =>
      relu(add(layers.expand(1)(relu(layers.spatial(1)(layers.reduce(2)(x)))), layers.shortcut(x))),
  },
  {
    mistake: "forgets-the-second-relu",
    message: "no ReLU after the 3x3",
    unit: (x, layers) =>
      relu(add(layers.expand(1)(layers.spatial(1)(relu(layers.reduce(2)(x)))), layers.shortcut(x))),
  },
  {
    mistake: "forgets-both-inner-relus",
    message: "no ReLU stands between the convolutions: three linear maps in a row are one",
    unit: (x, layers) =>
      relu(add(layers.expand(1)(layers.spatial(1)(layers.reduce(2)(x))), layers.shortcut(x))),
  },
  {
    mistake: "no-relu-after-the-addition",
    message: "negative numbers come out: a ReLU follows the addition",
    unit: (x, layers) => add(residual(x, layers, [2, 1, 1]), layers.shortcut(x)),
  },
  {
    mistake: "activates-before-the-convolutions",
    message: "each ReLU stands before its convolution: that is pre-activation, of the second paper",
    unit: (x, { reduce, spatial, expand, shortcut }) =>
      add(expand(1)(relu(spatial(1)(relu(reduce(2)(relu(x)))))), shortcut(x)),
  },
  {
    mistake: "adds-after-the-last-relu",
    message: "the addition comes after the last ReLU: it comes before it",
    unit: (x, layers) => add(relu(residual(x, layers, [2, 1, 1])), layers.shortcut(x)),
  },
  {
    mistake: "adds-the-shortcut-twice",
    message: "the shortcut is added twice",
    unit: (x, layers) =>
      relu(add(add(residual(x, layers, [2, 1, 1]), layers.shortcut(x)), layers.shortcut(x))),
  },
  {
    mistake: "subtracts-the-shortcut",
    message: "the shortcut is taken off: it is added",
    unit: (x, layers) => relu(subtract(residual(x, layers, [2, 1, 1]), layers.shortcut(x))),
  },
  {
    mistake: "forgets-the-shortcut",
    message: "the shortcut never reaches the output",
    unit: (x, layers) => relu(residual(x, layers, [2, 1, 1])),
  },
];

const stopsAtEight: check.Mistake<Case> = {
  mistake: "stops-at-eight-images",
  message: "the images behind the eighth come out as zeros: a batch may hold any number of images",
  gives: (drawn) => check.firstOnly(given(right)(drawn), 8),
};

const judge = check.judgeBy<Case>(
  given(right),
  [stopsAtEight, ...mistakes.map(({ unit, ...slip }) => ({ ...slip, gives: given(unit) }))],
  // Whole numbers, and sums of them below 2^24: only a transform on the way may round.
  { what: "the output", within: 1 / 4 },
);

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "bottleneck-unit",
    title: "A bottleneck where a stage begins",
    needs: ["bottleneck"],
    properties: [
      {
        id: "type",
        title: "its type promises Images<4, 4, 16>",
        points: 1,
        types: [
          `declare const images: import("residual").shapes.Images<8, 8, 8>;`,
          `declare const kernels: [import("residual").shapes.Shape<readonly [1, 1, 8, 4]>, import("residual").shapes.Shape<readonly [3, 3, 4, 4]>, import("residual").shapes.Shape<readonly [1, 1, 4, 16]>, import("residual").shapes.Shape<readonly [1, 1, 8, 16]>];`,
          `const wide: import("residual").shapes.Images<4, 4, 16> = bottleneck(images, ...kernels);`,
          `// @ts-expect-error Shape<[N, 8, 8, 8]> cannot be added to Shape<[N, 4, 4, 16]>: project or pad the shortcut`,
          `shapes.add(bottleneck(images, ...kernels), images);`,
          `// @ts-expect-error what comes out has 16 channels, not 4`,
          `const narrow: import("residual").shapes.Images<4, 4, 4> = bottleneck(images, ...kernels);`,
          `void [wide, narrow];`,
        ].join("\n"),
        otherwise: {
          mistake: "promises-another-shape",
          message:
            "the cell does not compile with a result of type Images<4, 4, 16>: a shape does not fit, or Output says less than that",
        },
      },
      {
        id: "shortcut",
        title: "when the last kernel of F is zeros, the rectified projection is left",
        points: 1,
        cases: inputs["shortcut"]!,
        ...judge,
      },
      {
        id: "residual",
        title: "when the projection is zeros, the rectified residual is left",
        points: 1,
        cases: inputs["residual"]!,
        ...judge,
      },
      {
        id: "values",
        title: "with any kernels it gives the bottleneck of Figure 5, the stride on its first convolution",
        points: 2,
        cases: inputs["values"]!,
        ...judge,
      },
    ],
  },
];
