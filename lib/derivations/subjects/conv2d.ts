// The convolution derived, with any stride and padding.
import { integerWithin } from "../../options.js";
import { at, indexOf, tabulate, type NdArray } from "../../autodiff/nd-array.js";
import * as operations from "../../autodiff/operations.js";
import { chainRule, dE, definition, inputsOf, jacobianLine, line, partial } from "../build.js";
import { derivation, gradientOf, type Derivation, type Scope, type Slip } from "../derivation.js";
import { bracket, convolved, convolvedBack, correlated, pixel, total, type Sliding } from "../formulas.js";

/** The convolution to derive. */
export interface ConvolutionOptions {
  /** Default: 2. */
  readonly stride?: number;
  /** Default: 1. */
  readonly padding?: number;
  /** Side of the kernel. Default: 3. */
  readonly kernel?: number;
}

/** The gradients of a convolution: with respect to the images a transposed convolution, to the filter a correlation. */
export function conv2dDerivation(options: ConvolutionOptions = {}): Derivation {
  const s = integerWithin("stride", options.stride ?? 2, 1, 4);
  const p = integerWithin("padding", options.padding ?? 1, 0, 4);
  const kernel = integerWithin("kernel", options.kernel ?? 3, 1, 5);
  const slide: Sliding = { stride: s, padding: p };
  const dX = gradientOf("x");
  const dW = gradientOf("W");
  const tap = `x_{n, \\, si+u-p, \\, sj+v-p, \\, c}`;
  const [yn, xn] = ["y_{nijk}", "x_{nabc}"];
  /** Sum over all i, j, k, u, v of dE/dy_nijk [a = si+u-p] [b = sj+v-p] W_uvck, with a stride or padding that may be wrong. */
  const back = ({ value, gradient }: Scope, wrong: Partial<Sliding> = {}) =>
    convolvedBack(gradient("y"), value("W"), value("x").shape, { ...slide, ...wrong });
  const slips: readonly Slip[] = [
    { name: "the stride is forgotten", of: dX, evaluate: (scope) => back(scope, { stride: 1 }) },
    { name: "the padding is forgotten", of: dX, evaluate: (scope) => back(scope, { padding: 0 }) },
    {
      name: "the kernel is turned by 180 degrees once too often",
      of: dX,
      evaluate: ({ value, gradient }) =>
        convolvedBack(gradient("y"), turned(value("W")), value("x").shape, slide),
    },
    {
      name: "the kernel's rows and columns are exchanged",
      of: dX,
      evaluate: ({ value, gradient }) =>
        convolvedBack(
          gradient("y"),
          tabulate(value("W").shape, (u, v, c, k) => at(value("W"), v, u, c, k)),
          value("x").shape,
          slide,
        ),
    },
    {
      name: "the stride is forgotten",
      of: dW,
      evaluate: ({ value, gradient }) =>
        correlated(value("x"), gradient("y"), value("W").shape, { stride: 1, padding: p }),
    },
    {
      name: "the padding is forgotten",
      of: dW,
      evaluate: ({ value, gradient }) =>
        correlated(value("x"), gradient("y"), value("W").shape, { stride: s, padding: 0 }),
    },
    {
      name: "the filter's gradient is turned by 180 degrees",
      of: dW,
      evaluate: ({ value, gradient }) =>
        turned(correlated(value("x"), gradient("y"), value("W").shape, slide)),
    },
    {
      name: "the filter's gradient takes the first image only",
      of: dW,
      evaluate: ({ value, gradient }) =>
        correlated(value("x"), firstOnly(gradient("y")), value("W").shape, slide),
    },
  ];
  return derivation({
    name: "conv2d",
    title: `Convolution with a ${kernel}x${kernel} kernel, stride s = ${s} and padding p = ${p}`,
    inputs: inputsOf({ x: [2, 4, 4, 2], W: [kernel, kernel, 2, 2] }),
    program: ({ x, W }) => operations.conv2d(x!, W!, slide).named("y"),
    lines: [
      definition(
        "y",
        `${yn} = \\sum_{u,v,c} ${tap} \\, W_{uvck}`,
        "Output pixel (i, j) sees the window that begins at (si - p, sj - p); outside of the image x is 0.",
        ({ value }) => convolved(value("x"), value("W"), slide),
      ),
      jacobianLine(
        "y",
        "x",
        `${partial(yn, "x_{mabc}")} = [n = m] \\sum_{u,v} [a = si+u-p] \\, [b = sj+v-p] \\, W_{uvck}`,
        "derivative of a sum",
        "The sum is linear in x: each term counts if its pixel is the one asked for.",
        ({ value }, [n, i, j, k], [m, a, b, c]) =>
          bracket(n === m) *
          total(kernel, (u) =>
            total(
              kernel,
              (v) => bracket(a === s * i! + u - p && b === s * j! + v - p) * at(value("W"), u, v, c!, k!),
            ),
          ),
      ),
      jacobianLine(
        "y",
        "x",
        `${partial(yn, "x_{mabc}")} = [n = m] \\, W_{a+p-si, \\, b+p-sj, \\, c, \\, k}`,
        "simplification",
        "At most one u and one v fit: u = a + p - si and v = b + p - sj. Outside of the kernel W is 0.",
        ({ value }, [n, i, j, k], [m, a, b, c]) => {
          const [u, v] = [a! + p - s * i!, b! + p - s * j!];
          const inside = Math.min(u, v) >= 0 && Math.max(u, v) < kernel;
          return n === m && inside ? at(value("W"), u, v, c!, k!) : 0;
        },
      ),
      chainRule("y", "x", "nijk", "mabc"),
      line(
        dX,
        `${dE(xn)} = \\sum_{i,j,k} ${dE(yn)} \\, W_{a+p-si, \\, b+p-sj, \\, c, \\, k}`,
        "substitution",
        "Images do not mix, so of the sum over n one term is left.",
        ({ value, gradient }) => {
          const [dy, W] = [gradient("y"), value("W")];
          return tabulate(value("x").shape, (n, a, b, c) =>
            total(dy.shape[1]!, (i) =>
              total(dy.shape[2]!, (j) =>
                total(W.shape[3]!, (k) => {
                  const [u, v] = [a + p - s * i, b + p - s * j];
                  return Math.min(u, v) >= 0 && Math.max(u, v) < kernel
                    ? at(dy, n, i, j, k) * at(W, u, v, c, k)
                    : 0;
                }),
              ),
            ),
          );
        },
      ),
      line(
        dX,
        `${dE(xn)} = \\sum_{u,v,k} \\; \\sum_{\\substack{i \\, : \\, si+u-p = a \\\\ j \\, : \\, sj+v-p = b}} ${dE(yn)} \\, W_{uvck}`,
        "change of the summation's index",
        "Sum over the kernel instead of the outputs: each kernel position has at most one output that used pixel (a, b) there.",
        (scope) => back(scope),
      ),
      line(
        dX,
        `${dE(xn)} = \\sum_{u,v,k} D_{n, \\, a+p-u, \\, b+p-v, \\, k} \\, W_{uvck}, \\qquad D_{n, \\, si, \\, sj, \\, k} = ${dE(yn)}, \\; 0 \\text{ elsewhere}`,
        "zeros for the stride",
        "Spread dE/dy out with s - 1 zeros between its pixels: what is left is a convolution with stride 1 and the kernel turned by 180 degrees.",
        ({ value, gradient }) => {
          const [dy, W] = [gradient("y"), value("W")];
          const spread = (n: number, a: number, b: number, k: number) =>
            a % s === 0 && b % s === 0 ? pixel(dy, n, a / s, b / s, k) : 0;
          return tabulate(value("x").shape, (n, a, b, c) =>
            total(kernel, (u) =>
              total(kernel, (v) =>
                total(W.shape[3]!, (k) => spread(n, a + p - u, b + p - v, k) * at(W, u, v, c, k)),
              ),
            ),
          );
        },
      ),
      jacobianLine(
        "y",
        "W",
        `${partial("y_{nijl}", "W_{uvck}")} = [l = k] \\, ${tap}`,
        "derivative of a sum",
        "The sum is linear in W too: W_uvck is in output channel k alone, times the pixel under it.",
        ({ value }, [n, i, j, l], [u, v, c, k]) =>
          bracket(l === k) * pixel(value("x"), n!, s * i! + u! - p, s * j! + v! - p, c!),
      ),
      chainRule("y", "W", "nijl", "uvck"),
      line(
        dW,
        `${dE("W_{uvck}")} = \\sum_{n,i,j} ${tap} \\, ${dE(yn)}`,
        "simplification",
        "The bracket keeps l = k: the images correlated with dE/dy, over all images and positions.",
        ({ value, gradient }) => correlated(value("x"), gradient("y"), value("W").shape, slide),
      ),
    ],
    // A slip of a stride of 1, of no padding or of a kernel of one pixel changes nothing.
    slips: slips.filter(
      ({ name }) =>
        (s > 1 || !name.includes("stride")) &&
        (p > 0 || !name.includes("padding")) &&
        (kernel > 1 || !/kernel|turned/.test(name)),
    ),
  });
}

function turned(w: NdArray): NdArray {
  const last = w.shape[0]! - 1;
  return tabulate(w.shape, (u, v, c, k) => at(w, last - u, last - v, c, k));
}

function firstOnly(dy: NdArray): NdArray {
  return {
    shape: dy.shape,
    data: dy.data.map((value, flat) => (indexOf(flat, dy.shape)[0] === 0 ? value : 0)),
  };
}
