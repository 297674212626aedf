// Batch normalisation in inference derived: with given statistics it is a straight line.
import { add, multiply, power, subtract } from "../../autodiff/operations.js";
import { at, tabulate, type NdArray } from "../../autodiff/nd-array.js";
import { chainRule, dE, definition, jacobianLine, line, oddNumbers, partial } from "../build.js";
import { derivation, gradientOf, type Derivation } from "../derivation.js";
import { bracket, map, vector, channelSums } from "../formulas.js";

const [m, channels, epsilon] = [4, 2, 0.1];

/** The derivation is for one channel; these are the numbers of channel c of each symbol. */
const perValue = (shape: NdArray, element: (i: number, c: number) => number): NdArray =>
  tabulate([shape.shape[0]!, channels], element);
const sameChannel = (i: readonly number[], j: readonly number[]): number => bracket(i.at(-1) === j.at(-1));

/** Batch normalisation in inference: with statistics from elsewhere it is a straight line. */
export function batchNormInferenceDerivation(): Derivation {
  const dX = gradientOf("x");
  return derivation({
    name: "batchNormInference",
    title: "Batch normalisation in inference, for one channel",
    inputs: (random) => ({
      x: oddNumbers(random, [m, channels]),
      gamma: oddNumbers(random, [channels]),
      beta: oddNumbers(random, [channels]),
      mu: oddNumbers(random, [channels]),
      v: map(oddNumbers(random, [channels]), (value) => 0.5 + value * value),
    }),
    counts: { m },
    program({ x, gamma, beta, mu, v }) {
      const r = power(add(v!, epsilon), { exponent: -1 / 2 }).named("r");
      const u = multiply(subtract(x!, mu!), r).named("u");
      return add(multiply(gamma!, u), beta!).named("y");
    },
    lines: [
      definition(
        "r",
        `r = (v + \\varepsilon)^{-1/2}`,
        "The variance comes from elsewhere: it is an input as x is.",
        ({ value }) => map(value("v"), (v) => (v + epsilon) ** (-1 / 2)),
      ),
      definition(
        "u",
        `u_i = (x_i - \\mu) \\, r`,
        "The values, normalised by the given statistics.",
        ({ value }) =>
          perValue(value("x"), (i, c) => (at(value("x"), i, c) - at(value("mu"), c)) * at(value("r"), c)),
      ),
      definition("y", `y_i = \\gamma \\, u_i + \\beta`, "Scale and shift.", ({ value }) =>
        perValue(value("u"), (i, c) => at(value("gamma"), c) * at(value("u"), i, c) + at(value("beta"), c)),
      ),
      line(
        gradientOf("beta"),
        `${dE("\\beta")} = \\sum_i ${dE("y_i")}`,
        "chain rule",
        "Every y holds beta once.",
        ({ gradient }) => vector(channelSums(gradient("y"), (dy) => dy)),
      ),
      line(
        gradientOf("gamma"),
        `${dE("\\gamma")} = \\sum_i ${dE("y_i")} \\, u_i`,
        "chain rule",
        "Every y holds gamma once, with derivative u.",
        ({ value, gradient }) =>
          vector(channelSums(gradient("y"), (dy, _, flat) => dy * value("u").data[flat]!)),
      ),
      jacobianLine(
        "y",
        "x",
        `${partial("y_i", "x_j")} = \\gamma \\, r \\, [i = j]`,
        "derivative of a line",
        "Nothing but x_i moves y_i: the statistics do not depend on x.",
        ({ value }, i, j) =>
          sameChannel(i, j) * bracket(i[0] === j[0]) * at(value("gamma"), i[1]!) * at(value("r"), i[1]!),
      ),
      chainRule("y", "x"),
      line(
        dX,
        `${dE("x_j")} = \\gamma \\, r \\, ${dE("y_j")}`,
        "simplification",
        "The bracket keeps i = j: one term, where training has three.",
        ({ value, gradient }) =>
          perValue(value("x"), (j, c) => at(value("gamma"), c) * at(value("r"), c) * at(gradient("y"), j, c)),
      ),
      line(
        gradientOf("mu"),
        `${dE("\\mu")} = -\\gamma \\, r \\sum_i ${dE("y_i")}`,
        "chain rule",
        "The mean is subtracted from every x.",
        ({ value, gradient }) =>
          vector(channelSums(gradient("y"), (dy, c) => -at(value("gamma"), c) * at(value("r"), c) * dy)),
      ),
      line(
        gradientOf("r"),
        `${dE("r")} = \\gamma \\sum_i ${dE("y_i")} \\, (x_i - \\mu)`,
        "chain rule",
        "Every u holds r once, with derivative x less the mean.",
        ({ value, gradient }) =>
          vector(
            channelSums(
              gradient("y"),
              (dy, c, flat) => at(value("gamma"), c) * dy * (value("x").data[flat]! - at(value("mu"), c)),
            ),
          ),
      ),
      line(
        gradientOf("v"),
        `${dE("v")} = -\\frac{r^3}{2} \\, ${dE("r")}`,
        "chain rule and power rule",
        "The derivative of (v + eps) to the -1/2 is -1/2 times r to the third.",
        ({ value, gradient }) => map(gradient("r"), (dR, c) => (-(at(value("r"), c) ** 3) / 2) * dR),
      ),
    ],
    slips: [
      {
        name: "the running mean is differentiated as in training",
        of: dX,
        evaluate: ({ value, gradient }) => {
          const sums = channelSums(gradient("y"), (dy) => dy / m);
          return perValue(
            value("x"),
            (j, c) => at(value("gamma"), c) * at(value("r"), c) * (at(gradient("y"), j, c) - sums[c]!),
          );
        },
      },
      {
        name: "the variance is divided by, where its root is",
        of: dX,
        evaluate: ({ value, gradient }) =>
          perValue(
            value("x"),
            (j, c) => at(value("gamma"), c) * at(value("r"), c) ** 2 * at(gradient("y"), j, c),
          ),
      },
    ],
  });
}
