// The matrix product, and softmax with cross-entropy, derived.
import { at, tabulate, type NdArray } from "../../autodiff/nd-array.js";
import * as operations from "../../autodiff/operations.js";
import { chainRule, dE, definition, inputsOf, jacobianLine, line, partial } from "../build.js";
import { derivation, gradientOf, jacobianOf, type Derivation, type Scope } from "../derivation.js";
import { bracket, flipped, map, product, total, vector } from "../formulas.js";
import { simple } from "./simple.js";

const [n, k, o] = [3, 2, 4];

/** Y = X W. */
export const matmul = (): Derivation =>
  simple({
    name: "matmul",
    title: "The matrix product Y = X W",
    inputs: inputsOf({ x: [n, k], W: [k, o] }),
    program: ({ x, W }) => operations.matmul(x!, W!).named("y"),
    definition: {
      latex: "y_{ij} = \\sum_l x_{il} \\, W_{lj}",
      reason: "Row i of X times column j of W.",
      evaluate: ({ value }) => product(value("x"), value("W")),
    },
    derivatives: [
      {
        by: "x",
        indices: ["ij", "al"],
        derivative: "[i = a] \\, W_{lj}",
        rule: "derivative of a sum",
        reason: "x_al is in row a alone, times W_lj.",
        element: ({ value }, [i, j], [a, l]) => bracket(i === a) * at(value("W"), l!, j!),
        result:
          "\\sum_j \\frac{\\partial E}{\\partial y_{aj}} \\, W_{lj} \\quad \\text{that is} \\quad \\frac{\\partial E}{\\partial X} = \\frac{\\partial E}{\\partial Y} \\, W^\\top",
        because:
          "The bracket keeps i = a, and a sum over the second index of W is a product with its transpose.",
        evaluate: ({ value, gradient }) => product(gradient("y"), flipped(value("W"))),
      },
      {
        by: "W",
        indices: ["ij", "lb"],
        derivative: "[j = b] \\, x_{il}",
        rule: "derivative of a sum",
        reason: "W_lb is in column b alone, times x_il.",
        element: ({ value }, [i, j], [l, b]) => bracket(j === b) * at(value("x"), i!, l!),
        result:
          "\\sum_i x_{il} \\, \\frac{\\partial E}{\\partial y_{ib}} \\quad \\text{that is} \\quad \\frac{\\partial E}{\\partial W} = X^\\top \\, \\frac{\\partial E}{\\partial Y}",
        because:
          "The bracket keeps j = b, and a sum over the first index of X is a product with its transpose: over all rows of the batch.",
        evaluate: ({ value, gradient }) => product(flipped(value("x")), gradient("y")),
      },
    ],
    counts: { n },
    slips: [
      {
        name: "W is not transposed",
        of: gradientOf("x"),
        evaluate: ({ value, gradient }) =>
          tabulate([n, k], (a, l) => total(o, (j) => at(gradient("y"), a, j) * value("W").data[j * k + l]!)),
      },
      {
        name: "the weights' gradient is averaged over the batch, where it is a sum",
        of: gradientOf("W"),
        evaluate: ({ value, gradient }) => map(product(flipped(value("x")), gradient("y")), (dw) => dw / n),
      },
      {
        name: "the weights' gradient takes the first row of the batch only",
        of: gradientOf("W"),
        evaluate: ({ value, gradient }) =>
          tabulate([k, o], (l, b) => at(value("x"), 0, l) * at(gradient("y"), 0, b)),
      },
    ],
  });

const classes = 4;
const labels = [2, 0, 3];

/** The mean cross-entropy of softmax: E = mean of -ln p_t. */
export function softmaxCrossEntropy(): Derivation {
  const shape = [n, classes];
  const target = (row: number): number => labels[row]!;
  const dZ = gradientOf("z");
  const difference = ({ value }: Scope, weight: number): NdArray =>
    tabulate(shape, (i, j) => weight * (at(value("p"), i, j) - bracket(j === target(i))));
  return derivation({
    name: "softmaxCrossEntropy",
    title: "Softmax with cross-entropy, the mean over N rows with the right classes t_n",
    inputs: inputsOf({ z: shape }),
    counts: { N: n, K: classes },
    program({ z }) {
      const e = operations.exp(z!).named("e");
      const s = operations.sum(e, { axes: [1] }).named("s");
      operations
        .multiply(e, operations.power(operations.reshape(s, { shape: [n, 1] }), { exponent: -1 }))
        .named("p");
      const places = Int32Array.from(labels, (label, row) => row * classes + label);
      const zt = operations.gather(z!, { places, shape: [n] });
      const losses = operations.subtract(operations.log(s), zt).named("L");
      return operations.mean(losses).named("E");
    },
    lines: [
      definition("e", `e_{nk} = \\exp(z_{nk})`, "All positive.", ({ value }) => map(value("z"), Math.exp)),
      definition("s", `s_n = \\sum_k e_{nk}`, "What makes probabilities sum to 1.", ({ value }) =>
        vector(labels.map((_, i) => total(classes, (j) => at(value("e"), i, j)))),
      ),
      definition("p", `p_{nk} = \\frac{e_{nk}}{s_n}`, "Softmax: the probability of class k.", ({ value }) =>
        tabulate(shape, (i, j) => at(value("e"), i, j) / at(value("s"), i)),
      ),
      definition(
        "L",
        `L_n = -\\ln p_{n t_n}`,
        "The loss of a row: minus the logarithm of the right class's probability, in nats.",
        ({ value }) => vector(labels.map((t, i) => -Math.log(at(value("p"), i, t)))),
      ),
      {
        ...definition(
          "L",
          `L_n = \\ln s_n - z_{n t_n}`,
          "The logarithm of a quotient is a difference, and the logarithm undoes the exponential.",
          ({ value }) => vector(labels.map((t, i) => Math.log(at(value("s"), i)) - at(value("z"), i, t))),
        ),
        rule: "rule of logarithms",
      },
      definition("E", `E = \\frac{1}{N} \\sum_n L_n`, "The mean over the batch.", ({ value }) => ({
        shape: [],
        data: Float64Array.of(total(n, (i) => at(value("L"), i)) / n),
      })),
      line(
        gradientOf("L"),
        `${dE("L_n")} = \\frac{1}{N}`,
        "derivative of a sum",
        "Each loss is one term of the mean.",
        () => vector(labels.map(() => 1 / n)),
      ),
      jacobianLine(
        "s",
        "z",
        `${partial("s_n", "z_{mk}")} = [n = m] \\, e_{nk}`,
        "derivative of a sum",
        "z_mk is in one term, and the exponential is its own derivative.",
        ({ value }, [i], [m, j]) => bracket(i === m) * at(value("e"), m!, j!),
      ),
      jacobianLine(
        "L",
        "z",
        `${partial("L_n", "z_{mk}")} = [n = m] \\left( \\frac{1}{s_n} \\, ${partial("s_n", "z_{nk}")} - [k = t_n] \\right)`,
        "derivative of the logarithm",
        "The first part is an inner derivative; the second is 1 for the right class.",
        ({ value, jacobian }, [i], [m, j]) =>
          bracket(i === m) *
          (at(jacobian("s", "z"), i!, i!, j!) / at(value("s"), i!) - bracket(j === target(i!))),
      ),
      jacobianLine(
        "L",
        "z",
        `${partial("L_n", "z_{mk}")} = [n = m] \\left( \\frac{e_{nk}}{s_n} - [k = t_n] \\right)`,
        "substitution",
        "The derivative of s stands two lines above.",
        ({ value }, [i], [m, j]) =>
          bracket(i === m) * (at(value("e"), i!, j!) / at(value("s"), i!) - bracket(j === target(i!))),
      ),
      jacobianLine(
        "L",
        "z",
        `${partial("L_n", "z_{mk}")} = [n = m] \\, (p_{nk} - [k = t_n])`,
        "substitution",
        "The quotient is softmax again.",
        ({ value }, [i], [m, j]) => bracket(i === m) * (at(value("p"), i!, j!) - bracket(j === target(i!))),
      ),
      chainRule("L", "z", "n", "mk"),
      line(
        dZ,
        `${dE("z_{mk}")} = \\sum_n \\frac{1}{N} \\, [n = m] \\, (p_{nk} - [k = t_n])`,
        "substitution",
        "Both factors stand above.",
        ({ value }) =>
          tabulate(shape, (m, j) =>
            total(n, (i) => (bracket(i === m) * (at(value("p"), i, j) - bracket(j === target(i)))) / n),
          ),
      ),
      line(
        dZ,
        `${dE("z_{mk}")} = \\frac{1}{N} \\, (p_{mk} - [k = t_m])`,
        "simplification",
        "The bracket keeps n = m: what the network says minus what is right.",
        (scope) => difference(scope, 1 / n),
      ),
    ],
    slips: [
      { name: "the mean's 1/N is missing", of: dZ, evaluate: (scope) => difference(scope, 1) },
      { name: "the sign is turned: right less said", of: dZ, evaluate: (scope) => difference(scope, -1 / n) },
      {
        name: "the right class is not subtracted",
        of: dZ,
        evaluate: ({ value }) => map(value("p"), (p) => p / n),
      },
      {
        name: "the scores stand in place of the probabilities",
        of: dZ,
        evaluate: ({ value }) =>
          tabulate(shape, (i, j) => (at(value("z"), i, j) - bracket(j === target(i))) / n),
      },
      {
        name: "softmax runs over the batch, where it is over the classes",
        of: dZ,
        evaluate: ({ value }) =>
          tabulate(
            shape,
            (i, j) =>
              (at(value("e"), i, j) / total(n, (m) => at(value("e"), m, j)) - bracket(j === target(i))) / n,
          ),
      },
      {
        name: "the gradient is divided by the classes too",
        of: dZ,
        evaluate: (scope) => difference(scope, 1 / (n * classes)),
      },
      {
        name: "the inner derivative of the logarithm is missing",
        of: jacobianOf("L", "z"),
        evaluate: ({ value }) =>
          tabulate(
            [n, n, classes],
            (i, m, j) => bracket(i === m) * (1 / at(value("s"), i) - bracket(j === target(i))),
          ),
      },
    ],
  });
}
