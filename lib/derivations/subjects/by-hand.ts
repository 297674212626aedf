// A whole small classifier, every intermediate on the way back: embedding, linear, batch norm, ReLU, linear, softmax, loss.
//
// The exercise is Karpathy's ("Becoming a backprop ninja"), with his 26 intermediates under symbols of one letter. It is one derivation, read
// from its first line to its last, and so one file although it is long.
import { at, tabulate, type NdArray } from "../../autodiff/nd-array.js";
import * as operations from "../../autodiff/operations.js";
import type { Value } from "../../autodiff/value.js";
import { dE, definition, inputsOf, line } from "../build.js";
import { derivation, gradientOf, type Derivation, type Scope } from "../derivation.js";
import { bracket, channelSums, flipped, map, product, times, total, vector } from "../formulas.js";
import { highest } from "../../numeric.js";

const [batch, context, letters, embedded, hidden, classes] = [4, 2, 5, 2, 3, 4];
const epsilon = 0.1;
const characters = [
  [0, 3],
  [1, 1],
  [4, 0],
  [2, 3],
];
const labels = [2, 0, 3, 1];
const [wide, words] = [context * embedded, batch * context];

const oneHot = tabulate([words, letters], (row, letter) => bracket(characters.flat()[row] === letter));
const rightClass = tabulate([batch, classes], (n, k) => bracket(labels[n] === k));

/** Forwards: each of the 26 intermediates by the symbol under which the lines speak of it. */
function program({ C, W1, b1, gamma, beta, W2, b2 }: Readonly<Record<string, Value>>): Value {
  const { add, exp, gather, log, matmul, max, mean, multiply, power, relu, reshape, subtract, sum } =
    operations;
  const axes = [0];
  const column = [batch, 1];
  const e = matmul(oneHot, C!).named("e");
  const x = reshape(e, { shape: [batch, wide] }).named("x");
  const z = add(matmul(x, W1!), b1!).named("z");
  const mu = mean(z, { axes }).named("mu");
  const c = subtract(z, mu).named("c");
  const q = power(c, { exponent: 2 }).named("q");
  const v = mean(q, { axes }).named("v");
  const r = power(add(v, epsilon), { exponent: -1 / 2 }).named("r");
  const u = multiply(c, r).named("u");
  const a = add(multiply(gamma!, u), beta!).named("a");
  const h = relu(a).named("h");
  const o = add(matmul(h, W2!), b2!).named("o");
  const t = reshape(max(o), { shape: column }).named("t");
  const n = subtract(o, t).named("n");
  const k = exp(n).named("k");
  const s = reshape(sum(k, { axes: [1] }), { shape: column }).named("s");
  const i = power(s, { exponent: -1 }).named("i");
  const p = multiply(k, i).named("p");
  const l = log(p).named("l");
  const places = Int32Array.from(labels, (label, row) => row * classes + label);
  return operations.scale(mean(gather(l, { places, shape: [batch] })), { factor: -1 }).named("E");
}

/** A line but for its left side. */
type Quantified = (latex: string, rule: string, reason: string, evaluate: (scope: Scope) => NdArray) => void;

/** From the loss down to the embedding table: 26 gradients, each from the one before by one rule. */
export function byHand(): Derivation {
  const sums = (x: NdArray) => vector(channelSums(x, (value) => value));
  const perRow = (x: NdArray) => tabulate([batch, 1], (n) => total(x.shape[1]!, (k) => at(x, n, k)));
  const m = batch;
  const back = (of: string, ...rest: Parameters<Quantified>) => line(gradientOf(of), ...rest);
  return derivation({
    name: "byHand",
    title: "A small classifier, every intermediate by hand",
    inputs: inputsOf({
      C: [letters, embedded],
      W1: [wide, hidden],
      b1: [hidden],
      gamma: [hidden],
      beta: [hidden],
      W2: [hidden, classes],
      b2: [classes],
    }),
    counts: { m, K: classes },
    program,
    lines: [
      definition(
        "e",
        "e_w = C_{\\text{letter}_w}",
        "Each letter w of the batch looks its row up in the table C.",
        ({ value }) => tabulate([words, embedded], (w, d) => at(value("C"), characters.flat()[w]!, d)),
      ),
      definition(
        "x",
        "x = \\operatorname{reshape}(e)",
        "The letters of a row behind each other.",
        ({ value }) => ({ shape: [batch, wide], data: value("e").data }),
      ),
      definition("z", "z = x \\, W_1 + b_1", "The first linear layer.", ({ value }) =>
        tabulate([m, hidden], (n, c) => at(product(value("x"), value("W1")), n, c) + at(value("b1"), c)),
      ),
      definition("mu", "\\mu = \\frac{1}{m} \\sum_n z_n", "Batch norm: the mean …", ({ value }) =>
        vector(channelSums(value("z"), (z) => z / m)),
      ),
      definition("c", "c_n = z_n - \\mu", "… the centred values …", ({ value }) =>
        tabulate([m, hidden], (n, c) => at(value("z"), n, c) - at(value("mu"), c)),
      ),
      definition("q", "q = c^2", "… their squares …", ({ value }) => map(value("c"), (c) => c * c)),
      definition("v", "v = \\frac{1}{m} \\sum_n q_n", "… the variance …", ({ value }) =>
        vector(channelSums(value("q"), (q) => q / m)),
      ),
      definition("r", "r = (v + \\varepsilon)^{-1/2}", "… the inverse deviation …", ({ value }) =>
        map(value("v"), (v) => (v + epsilon) ** -0.5),
      ),
      definition("u", "u_n = c_n \\odot r", "… the normalised values …", ({ value }) =>
        tabulate([m, hidden], (n, c) => at(value("c"), n, c) * at(value("r"), c)),
      ),
      definition("a", "a_n = \\gamma \\odot u_n + \\beta", "… scaled and shifted.", ({ value }) =>
        tabulate([m, hidden], (n, c) => at(value("gamma"), c) * at(value("u"), n, c) + at(value("beta"), c)),
      ),
      definition("h", "h = \\max(a, 0)", "The activation.", ({ value }) =>
        map(value("a"), (a) => Math.max(a, 0)),
      ),
      definition("o", "o = h \\, W_2 + b_2", "The scores of the classes.", ({ value }) =>
        tabulate([m, classes], (n, k) => at(product(value("h"), value("W2")), n, k) + at(value("b2"), k)),
      ),
      definition(
        "t",
        "t_n = \\max_k o_{nk}",
        "The largest of each row: subtracted, so that no exponential overflows.",
        ({ value }) => tabulate([m, 1], (n) => highest(labels.map((_, k) => at(value("o"), n, k)))),
      ),
      definition("n", "n_{nk} = o_{nk} - t_n", "Scores of at most 0.", ({ value }) =>
        tabulate([m, classes], (n, k) => at(value("o"), n, k) - at(value("t"), n, 0)),
      ),
      definition("k", "k = e^n", "Softmax: the exponentials …", ({ value }) => map(value("n"), Math.exp)),
      definition("s", "s_n = \\sum_j k_{nj}", "… their sum …", ({ value }) => perRow(value("k"))),
      definition("i", "i_n = s_n^{-1}", "… its inverse …", ({ value }) => map(value("s"), (s) => 1 / s)),
      definition("p", "p_{nj} = k_{nj} \\, i_n", "… and the probabilities.", ({ value }) =>
        tabulate([m, classes], (n, k) => at(value("k"), n, k) * at(value("i"), n, 0)),
      ),
      definition("l", "\\ell = \\ln p", "Their logarithms.", ({ value }) => map(value("p"), Math.log)),
      definition(
        "E",
        "E = -\\frac{1}{m} \\sum_n \\ell_{n y_n}",
        "The loss: minus the mean of those of the right classes, y_n.",
        ({ value }) => ({
          shape: [],
          data: Float64Array.of(-total(m, (n) => at(value("l"), n, labels[n]!)) / m),
        }),
      ),
      back(
        "l",
        `${dE("\\ell_{nk}")} = -\\frac{1}{m} [k = y_n]`,
        "derivative of a mean",
        "E is minus the mean of the right classes' log probabilities.",
        () => map(rightClass, (one) => -one / m),
      ),
      back(
        "p",
        `${dE("p")} = ${dE("\\ell")} \\odot \\frac{1}{p}`,
        "derivative of the logarithm",
        "l is the logarithm of p, element by element.",
        ({ value, gradient }) =>
          times(
            gradient("l"),
            map(value("p"), (p) => 1 / p),
          ),
      ),
      back(
        "i",
        `${dE("i_n")} = \\sum_k ${dE("p_{nk}")} \\, k_{nk}`,
        "product rule, and a sum for what was repeated",
        "p is k times i, and i was repeated along the row.",
        ({ value, gradient }) => perRow(times(gradient("p"), value("k"))),
      ),
      back(
        "s",
        `${dE("s")} = -${dE("i")} \\odot s^{-2}`,
        "power rule",
        "i is s to the -1.",
        ({ value, gradient }) =>
          times(
            gradient("i"),
            map(value("s"), (s) => -(s ** -2)),
          ),
      ),
      back(
        "k",
        `${dE("k_{nj}")} = ${dE("p_{nj}")} \\, i_n + ${dE("s_n")}`,
        "sum over both ways",
        "k is in p, and in its row's sum s.",
        ({ value, gradient }) =>
          tabulate(
            [batch, classes],
            (n, j) => at(gradient("p"), n, j) * at(value("i"), n, 0) + at(gradient("s"), n, 0),
          ),
      ),
      back(
        "n",
        `${dE("n")} = ${dE("k")} \\odot k`,
        "derivative of the exponential",
        "k is e to the n, and its own derivative.",
        ({ value, gradient }) => times(gradient("k"), value("k")),
      ),
      back(
        "t",
        `${dE("t_n")} = -\\sum_k ${dE("n_{nk}")} = 0`,
        "derivative of a difference, and a sum",
        "The largest is subtracted from the whole row. It changes no probability, so its gradient is 0.",
        ({ gradient }) => map(perRow(gradient("n")), (value) => -value),
      ),
      back(
        "o",
        `${dE("o_{nk}")} = ${dE("n_{nk}")} + ${dE("t_n")} \\, [k = \\operatorname{arg\\,max}_j o_{nj}]`,
        "sum over both ways",
        "o is in n, and the largest of its row is t.",
        ({ value, gradient }) =>
          tabulate(
            [batch, classes],
            (n, j) =>
              at(gradient("n"), n, j) +
              bracket(at(value("o"), n, j) === at(value("t"), n, 0)) * at(gradient("t"), n, 0),
          ),
      ),
      back(
        "h",
        `${dE("h")} = ${dE("o")} \\, W_2^\\top`,
        "matrix product",
        "o is h W_2 + b_2.",
        ({ value, gradient }) => product(gradient("o"), flipped(value("W2"))),
      ),
      back(
        "W2",
        `${dE("W_2")} = h^\\top \\, ${dE("o")}`,
        "matrix product",
        "Over all rows of the batch.",
        ({ value, gradient }) => product(flipped(value("h")), gradient("o")),
      ),
      back(
        "b2",
        `${dE("b_2")} = \\sum_n ${dE("o_n")}`,
        "sum for what was repeated",
        "b_2 is added to every row.",
        ({ gradient }) => sums(gradient("o")),
      ),
      back(
        "a",
        `${dE("a")} = ${dE("h")} \\odot [a > 0]`,
        "derivative by cases",
        "h is the rectifier of a.",
        ({ value, gradient }) =>
          times(
            gradient("h"),
            map(value("a"), (a) => bracket(a > 0)),
          ),
      ),
      back(
        "gamma",
        `${dE("\\gamma")} = \\sum_n ${dE("a_n")} \\odot u_n`,
        "product rule, and a sum for what was repeated",
        "gamma is used in every row, times u.",
        ({ value, gradient }) => sums(times(gradient("a"), value("u"))),
      ),
      back(
        "beta",
        `${dE("\\beta")} = \\sum_n ${dE("a_n")}`,
        "sum for what was repeated",
        "beta is added to every row.",
        ({ gradient }) => sums(gradient("a")),
      ),
      back(
        "u",
        `${dE("u")} = ${dE("a")} \\odot \\gamma`,
        "product rule",
        "a is gamma u + beta.",
        ({ value, gradient }) =>
          tabulate([m, hidden], (n, c) => at(gradient("a"), n, c) * at(value("gamma"), c)),
      ),
      back(
        "r",
        `${dE("r")} = \\sum_n ${dE("u_n")} \\odot c_n`,
        "product rule, and a sum for what was repeated",
        "u is c times r, and r is used in every row.",
        ({ value, gradient }) => sums(times(gradient("u"), value("c"))),
      ),
      back(
        "v",
        `${dE("v")} = -\\frac{1}{2} \\, ${dE("r")} \\odot (v + \\varepsilon)^{-3/2}`,
        "power rule",
        "r is v + eps to the -1/2.",
        ({ value, gradient }) =>
          times(
            gradient("r"),
            map(value("v"), (v) => -0.5 * (v + epsilon) ** -1.5),
          ),
      ),
      back(
        "q",
        `${dE("q_n")} = \\frac{1}{m} \\, ${dE("v")}`,
        "derivative of a mean",
        "v is the mean of the squares q over the rows.",
        ({ gradient }) => tabulate([m, hidden], (_, c) => at(gradient("v"), c) / m),
      ),
      back(
        "c",
        `${dE("c")} = ${dE("u")} \\odot r + 2 \\, ${dE("q")} \\odot c`,
        "sum over both ways",
        "c is in u, and squared in q.",
        ({ value, gradient }) =>
          tabulate(
            [m, hidden],
            (n, c) =>
              at(gradient("u"), n, c) * at(value("r"), c) +
              2 * at(gradient("q"), n, c) * at(value("c"), n, c),
          ),
      ),
      back(
        "mu",
        `${dE("\\mu")} = -\\sum_n ${dE("c_n")}`,
        "derivative of a difference, and a sum",
        "The mean is subtracted from every row.",
        ({ gradient }) => map(sums(gradient("c")), (value) => -value),
      ),
      back(
        "z",
        `${dE("z_n")} = ${dE("c_n")} + \\frac{1}{m} \\, ${dE("\\mu")}`,
        "sum over both ways",
        "z is in c, and in the mean.",
        ({ gradient }) =>
          tabulate([m, hidden], (n, c) => at(gradient("c"), n, c) + at(gradient("mu"), c) / m),
      ),
      back(
        "x",
        `${dE("x")} = ${dE("z")} \\, W_1^\\top`,
        "matrix product",
        "z is x W_1 + b_1.",
        ({ value, gradient }) => product(gradient("z"), flipped(value("W1"))),
      ),
      back(
        "W1",
        `${dE("W_1")} = x^\\top \\, ${dE("z")}`,
        "matrix product",
        "Over all rows of the batch.",
        ({ value, gradient }) => product(flipped(value("x")), gradient("z")),
      ),
      back(
        "b1",
        `${dE("b_1")} = \\sum_n ${dE("z_n")}`,
        "sum for what was repeated",
        "Batch norm takes every constant away again, so this is 0.",
        ({ gradient }) => sums(gradient("z")),
      ),
      back(
        "e",
        `${dE("e")} = \\operatorname{reshape}\\left( ${dE("x")} \\right)`,
        "reshape",
        "The letters of a row stand behind each other in x.",
        ({ gradient }) => ({ shape: [words, embedded], data: gradient("x").data }),
      ),
      back(
        "C",
        `${dE("C_j")} = \\sum_w [\\text{letter}_w = j] \\, ${dE("e_w")}`,
        "sum over all uses",
        "A letter's row is used once for each time that the letter occurs.",
        ({ gradient }) =>
          tabulate([letters, embedded], (j, d) =>
            total(words, (w) => at(oneHot, w, j) * at(gradient("e"), w, d)),
          ),
      ),
    ],
    slips: [
      {
        name: "the second way, through the sum s, is missing",
        of: gradientOf("k"),
        evaluate: ({ value, gradient }) =>
          tabulate([batch, classes], (n, j) => at(gradient("p"), n, j) * at(value("i"), n, 0)),
      },
      {
        name: "the second way, through the squares, is missing",
        of: gradientOf("c"),
        evaluate: ({ value, gradient }) =>
          tabulate([m, hidden], (n, c) => at(gradient("u"), n, c) * at(value("r"), c)),
      },
      {
        name: "the mean's 1/m is missing",
        of: gradientOf("q"),
        evaluate: ({ gradient }) => tabulate([m, hidden], (_, c) => at(gradient("v"), c)),
      },
      {
        name: "ReLU's mask is taken from u, the output of the wrong layer",
        of: gradientOf("a"),
        evaluate: ({ value, gradient }) =>
          times(
            gradient("h"),
            map(value("u"), (u) => bracket(u > 0)),
          ),
      },
      {
        name: "a letter that occurs twice gets its last gradient only",
        of: gradientOf("C"),
        evaluate: ({ gradient }) =>
          tabulate([letters, embedded], (j, d) => {
            const w = characters.flat().lastIndexOf(j);
            return w < 0 ? 0 : at(gradient("e"), w, d);
          }),
      },
    ],
  });
}
