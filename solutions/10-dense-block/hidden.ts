// What is graded of the block: its type, and its channels with any kernels or with zeros; and what known mistakes give.
import { autodiff, check } from "residual";
import { inputs, type Case } from "./public";

const { add, concat, conv2d, relu } = autodiff;

type Value = autodiff.Value;
type Layer = (x: Value) => Value;

type Unit = (x: Value, layers: { readonly first: Layer; readonly second: Layer }) => Value;

function layersOf({ kernels }: Case): Parameters<Unit>[1] {
  const [first, second] = kernels.map((plain): Layer => {
    const kernel = check.float64(plain);
    return (x) => conv2d(x, kernel, { padding: 1 });
  });
  return { first: first!, second: second! };
}

/** Channels behind others. */
const behind = (front: Value, back: Value) => concat(front, back);

/** What a unit gives, in float64 by code that no learner calls. */
const given = (unit: Unit) => (drawn: Case) =>
  check.plainFrom(autodiff.trace((x) => unit(x, layersOf(drawn)), [check.float64(drawn.x)]).output);

const right: Unit = (x, { first, second }) => {
  const one = behind(x, first(relu(x)));
  return behind(one, second(relu(one)));
};

const mistakes: readonly (Omit<check.Mistake<Case>, "gives"> & { readonly unit: Unit })[] = [
  {
    mistake: "swaps-the-new-channels",
    message: "the second layer's channels stand before the first's: the order is [x_0, x_1, x_2]",
    unit: (x, { first, second }) => {
      const made = first(relu(x));
      return behind(x, behind(second(relu(behind(x, made))), made));
    },
  },
  {
    mistake: "shows-the-new-channels-first",
    message: "the second layer sees the new channels in front of x: it sees [x_0, x_1]",
    unit: (x, { first, second }) => {
      const made = first(relu(x));
      return behind(behind(x, made), second(relu(behind(made, x))));
    },
  },
  {
    mistake: "adds-as-a-residual-network-does",
    message: "what the second layer makes is added to what the first one made: DenseNet joins and never adds",
    unit: (x, { first, second }) => {
      const made = first(relu(x));
      const one = behind(x, made);
      return behind(one, add(second(relu(one)), made));
    },
  },
  {
    mistake: "forgets-the-first-relu",
    message: "no ReLU stands before the first convolution",
    unit: (x, { first, second }) => {
      const one = behind(x, first(x));
      return behind(one, second(relu(one)));
    },
  },
  {
    mistake: "forgets-the-second-relu",
    message: "no ReLU stands before the second convolution",
    unit: (x, { first, second }) => {
      const one = behind(x, first(relu(x)));
      return behind(one, second(one));
    },
  },
  {
    mistake: "keeps-the-activated-features",
    message:
      "what the first layer makes is rectified before it is joined: the ReLU belongs to the next H alone",
    unit: (x, { first, second }) => {
      const one = behind(x, relu(first(relu(x))));
      return behind(one, second(relu(one)));
    },
  },
  {
    mistake: "puts-new-channels-first",
    message: "the new channels stand in front of the old ones: the order is [x_0, x_1, x_2]",
    unit: (x, { first, second }) => {
      const one = behind(first(relu(x)), x);
      return behind(second(relu(one)), one);
    },
  },
  {
    mistake: "hands-on-what-is-activated",
    message: "the ReLU's output is handed on: the ReLU belongs to H, and what is joined is x as it is",
    unit: (x, { first, second }) => {
      const one = behind(relu(x), first(relu(x)));
      return behind(relu(one), second(relu(one)));
    },
  },
  {
    mistake: "rectifies-the-output",
    message: "a ReLU follows the last join: nothing does",
    unit: (x, { first, second }) => {
      const one = behind(x, first(relu(x)));
      return relu(behind(one, second(relu(one))));
    },
  },
  {
    mistake: "forgets-the-relu",
    message: "there is no ReLU: H activates before it convolves",
    unit: (x, { first, second }) => {
      const one = behind(x, first(x));
      return behind(one, second(one));
    },
  },
  {
    mistake: "activates-after-the-convolution",
    message: "the ReLU follows the convolution: in DenseNet it comes before it",
    unit: (x, { first, second }) => {
      const one = behind(x, relu(first(x)));
      return behind(one, relu(second(one)));
    },
  },
  {
    mistake: "rectifies-new-channels-only",
    message: "the second layer activates only what the first one made: it activates everything that it sees",
    unit: (x, { first, second }) => {
      const made = first(relu(x));
      return behind(behind(x, made), second(behind(x, relu(made))));
    },
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

/** With zero kernels a ReLU anywhere on the way of x gives the same: only what is seen can be said. */
const zeroed = judgeWith([
  {
    mistake: "loses-negative-numbers",
    message: "negative numbers of x are gone: x is handed on as it came in",
    unit: (x, layers) => relu(right(x, layers)),
  },
  ...mistakes.filter(
    ({ mistake }) => !["hands-on-what-is-activated", "rectifies-the-output"].includes(mistake),
  ),
]);

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "dense-block",
    title: "From addition to concatenation: a dense block",
    needs: ["denseBlock"],
    properties: [
      {
        id: "type",
        title: "its type promises Images<8, 8, 14>",
        points: 1,
        types: [
          `declare const images: import("residual").shapes.Images<8, 8, 6>;`,
          `declare const kernels: [import("residual").shapes.Shape<readonly [3, 3, 6, 4]>, import("residual").shapes.Shape<readonly [3, 3, 10, 4]>];`,
          `const all: import("residual").shapes.Images<8, 8, 14> = denseBlock(images, ...kernels);`,
          `// @ts-expect-error Shape<[N, 8, 8, 6]> cannot be added to Shape<[N, 8, 8, 14]>: project or pad the shortcut`,
          `shapes.add(denseBlock(images, ...kernels), images);`,
          `// @ts-expect-error what comes out has 14 channels, not 4`,
          `const own: import("residual").shapes.Images<8, 8, 4> = denseBlock(images, ...kernels);`,
          `void [all, own];`,
        ].join("\n"),
        otherwise: {
          mistake: "promises-another-shape",
          message:
            "the cell does not compile with a result of type Images<8, 8, 14>: a shape does not fit, or Output says less than that",
        },
      },
      {
        id: "keeps-its-input",
        title: "with zero kernels it gives its input, and zeros behind it",
        points: 1,
        cases: inputs["keeps-its-input"]!,
        ...zeroed,
      },
      {
        id: "values",
        title: "with any kernels every layer's channels stand where they belong",
        points: 3,
        cases: inputs["values"]!,
        ...judgeWith(mistakes),
      },
    ],
  },
];
