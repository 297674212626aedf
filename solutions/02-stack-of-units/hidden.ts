// The hidden cases of a stack: random units in several numbers, and what its signature must refuse.
import { autodiff, check } from "residual";
/** Images and the kernels of the residual functions. */
type Case = { readonly x: check.PlainTensor; readonly kernels: readonly check.PlainTensor[] };

const { add, conv2d, relu } = autodiff;

type Value = autodiff.Value;
type Stack = (x: Value, residuals: readonly ((x: Value) => Value)[]) => Value;

/** What a stack gives, in float64. */
const given = (stack: Stack) => (drawn: Case) => {
  const residuals = drawn.kernels.map((plain) => {
    const kernel = check.float64(plain);
    return (x: Value) => conv2d(x, kernel, { padding: 1 });
  });
  return check.plainFrom(autodiff.trace((x) => stack(x, residuals), [check.float64(drawn.x)]).output);
};

const right = given((x, residuals) => residuals.reduce((h, f) => relu(add(f(h), h)), x));

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "stops-at-eight-images",
    message: "the images behind the eighth come out as zeros: a batch may hold any number of images",
    gives: (drawn) => check.firstOnly(right(drawn), 8),
  },
  {
    mistake: "rectifies-without-units",
    message: "without units a ReLU is applied all the same: no units give x as it is",
    gives: given((x, residuals) =>
      residuals.length === 0 ? relu(x) : residuals.reduce((h, f) => relu(add(f(h), h)), x),
    ),
  },
  {
    mistake: "stops-at-eight-units",
    message: "the last units of a deep stack do nothing: there may be any number of units",
    gives: given((x, residuals) => residuals.slice(0, 8).reduce((h, f) => relu(add(f(h), h)), x)),
  },
  {
    mistake: "forgets-the-shortcut",
    message: "the inputs never reach the output: each unit adds its input to what F gives",
    gives: given((x, residuals) => residuals.reduce((h, f) => relu(f(h)), x)),
  },
  {
    mistake: "adds-the-first-input",
    message: "every unit adds the stack's input: each adds its own",
    gives: given((x, residuals) => residuals.reduce((h, f) => relu(add(f(h), x)), x)),
  },
  {
    mistake: "forgets-the-relu",
    message: "no ReLU after the additions",
    gives: given((x, residuals) => residuals.reduce((h, f) => add(f(h), h), x)),
  },
  {
    mistake: "rectifies-once",
    message: "one ReLU at the end of the stack: one follows each addition",
    gives: given((x, residuals) => relu(residuals.reduce((h, f) => add(f(h), h), x))),
  },
  {
    mistake: "runs-in-parallel",
    message: "all residual functions see the stack's input: each takes what the unit before it gave",
    gives: given((x, residuals) => residuals.reduce((h, f) => relu(add(f(x), h)), x)),
  },
  {
    mistake: "rectifies-the-residual",
    message: "the ReLU stands before the addition: it follows it",
    gives: given((x, residuals) => residuals.reduce((h, f) => add(relu(f(h)), h), x)),
  },
];

/** Sums of 9 x 3 products and an addition for each unit, one after the other. */
const rounding = (drawn: Case): number =>
  check.float32((9 * 3 + 2) * drawn.kernels.length + 1, check.largest(right(check.absolutes(drawn))));

const zeros: check.PlainTensor = { shape: [3, 3, 3, 3], values: Array<number>(81).fill(0) };

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "stack-of-units",
    title: "A stack of units, and a type that refuses what does not fit",
    needs: ["residualStack"],
    properties: [
      {
        id: "type",
        title: "its type keeps the shape and refuses residual functions that change it",
        points: 2,
        types: [
          `declare const images: import("residual").shapes.Images<8, 8, 4>;`,
          `declare const keeps: (x: import("residual").shapes.Images<8, 8, 4>) => import("residual").shapes.Images<8, 8, 4>;`,
          `declare const halves: (x: import("residual").shapes.Images<8, 8, 4>) => import("residual").shapes.Images<4, 4, 8>;`,
          `declare const ofAnotherStage: (x: import("residual").shapes.Images<4, 4, 8>) => import("residual").shapes.Images<4, 4, 8>;`,
          `const same: import("residual").shapes.Images<8, 8, 4> = residualStack(images, [keeps, keeps]);`,
          `const none: import("residual").shapes.Images<8, 8, 4> = residualStack(images, []);`,
          `// @ts-expect-error it gives Images<4, 4, 8>, which cannot be added to Images<8, 8, 4>`,
          `residualStack(images, [halves]);`,
          `// @ts-expect-error it takes images of another stage`,
          `residualStack(images, [ofAnotherStage]);`,
          `// @ts-expect-error what comes out has the shape of what goes in`,
          `const other: import("residual").shapes.Images<4, 4, 8> = residualStack(images, [keeps]);`,
          `void [same, none, other];`,
        ].join("\n"),
        otherwise: {
          mistake: "takes-any-shape",
          message:
            "the signature does not keep the shape: it must give Images<H, W, C> for Images<H, W, C>, and refuse a residual function that gives another",
        },
      },
      {
        id: "type-of-any-size",
        title: "its type takes images of any height, width and number of channels",
        points: 1,
        // Square and not, one pixel, and numbers that are known at run time only. What comes out is asked above.
        types: [
          ...["8, 8, 4", "8, 6, 4", "6, 8, 3", "4, 4, 8", "1, 1, 1", "number, number, number"].flatMap(
            (size, i) => {
              const images = `import("residual").shapes.Images<${size}>`;
              return [
                `declare const images${i}: ${images};`,
                `declare const keeps${i}: (x: ${images}) => ${images};`,
                `void residualStack(images${i}, [keeps${i}, keeps${i}]);`,
              ];
            },
          ),
          `// @ts-expect-error a number is no residual function`,
          `void residualStack(images0, [5]);`,
        ].join("\n"),
        otherwise: {
          mistake: "takes-some-sizes-only",
          message:
            "the signature refuses images of some sizes: H, W and C may be any three numbers, equal or not, and one signature serves them all",
        },
      },
      {
        id: "nothing-to-add",
        title: "units whose residual is zero give ReLU(x), however many they are",
        points: 1,
        cases(seed) {
          const draw = check.stream(seed, "stack-of-zeros");
          // A few images, and more than eight.
          const kinds = [[1, [2, 6, 6, 3]], [4, [2, 6, 6, 3]], [2, [9, 2, 2, 3]]] as const; // prettier-ignore
          return kinds.map(([units, shape]) => ({
            x: check.oddTensor(draw, shape),
            kernels: Array(units).fill(zeros),
          }));
        },
        ...check.judgeBy<Case>(right, mistakes, { what: "the stack's output", within: rounding }),
      },
      {
        id: "values",
        title: "each unit adds its own input to its own residual",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "stack-of-units");
          const stack = (units: number, shape: readonly number[], scale = 1): Case => ({
            x: check.oddTensor(draw, shape),
            kernels: Array.from({ length: units }, () => {
              const { values } = check.oddTensor(draw, [3, 3, 3, 3]);
              return { shape: [3, 3, 3, 3], values: values.map((value) => scale * value) };
            }),
          });
          // As many units as in a stage of ResNet-74 come last, with small kernels, so that the signal does not explode.
          return [...[2, 3, 0, 1].map((units) => stack(units, [2, 6, 6, 3])), stack(12, [1, 6, 6, 3], 0.05)];
        },
        ...check.judgeBy<Case>(right, mistakes, { what: "the stack's output", within: rounding }),
      },
    ],
  },
];
