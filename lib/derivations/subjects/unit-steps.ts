// The operations of a residual unit, each with its forward line, its lines on the way back, and the slips made there.
import { at, tabulate, type NdArray, type Shape } from "../../autodiff/nd-array.js";
import type { Value } from "../../autodiff/value.js";
import { dE, definition, line } from "../build.js";
import { gradientOf, type Line, type Slip } from "../derivation.js";
import * as formulas from "../formulas.js";
import * as operations from "../../autodiff/operations.js";

const epsilon = 0.1;

/** One convolution of the unit. */
export interface Kernel extends formulas.Sliding {
  readonly size: number;
  readonly channels: number;
  readonly out: number;
}

export function kernels(
  kind: "basic" | "bottleneck",
  input: number,
  out: number,
  stride: number,
): readonly Kernel[] {
  const three = (channels: number, to: number, stride: number): Kernel => ({
    size: 3,
    channels,
    out: to,
    stride,
    padding: 1,
  });
  const one = (channels: number, to: number, stride: number): Kernel => ({
    size: 1,
    channels,
    out: to,
    stride,
    padding: 0,
  });
  return kind === "basic"
    ? [three(input, out, stride), three(out, out, 1)]
    : [one(input, 2, stride), three(2, 2, 1), one(2, out, 1)];
}

/** One operation on the way, with everything that its lines need. */
export interface Step {
  readonly out: string;
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly forward: (values: Readonly<Record<string, Value>>) => Value;
  readonly definition: Line;
  readonly back: readonly Line[];
  readonly slips: readonly Slip[];
}

/** A symbol of this file in LaTeX: `gamma1` is \gamma_1, `x_F` is x_F. */
export function tex(symbol: string): string {
  const [, name = symbol, index] = /^([A-Za-z]+?)_?(\d|[FS])?$/.exec(symbol) ?? [];
  const greek = name === "gamma" || name === "beta" ? `\\${name}` : name;
  return index === undefined ? greek : `${greek}_{${index}}`;
}

export function convolution(out: string, from: string, index: string, kernel: Kernel): Step {
  const W = `W${index}`;
  const { size, channels, out: to, stride, padding } = kernel;
  return {
    out,
    inputs: { [W]: [size, size, channels, to] },
    forward: (values) => operations.conv2d(values[from]!, values[W]!, { stride, padding }),
    definition: definition(
      out,
      `${tex(out)} = ${tex(W)} * ${tex(from)}`,
      `A ${size}x${size} convolution${kernel.stride > 1 ? ` with stride ${kernel.stride}` : ""}.`,
      ({ value }) => formulas.convolved(value(from), value(W), kernel),
    ),
    back: [
      line(
        gradientOf(W),
        `${dE(tex(W))} = ${tex(from)} \\star ${dE(tex(out))}`,
        "convolution, with respect to the filter",
        "The images that went in, correlated with the gradient that comes back, summed over batch and positions.",
        ({ value, gradient }) => formulas.correlated(value(from), gradient(out), value(W).shape, kernel),
      ),
      line(
        gradientOf(from),
        `${dE(tex(from))} = ${tex(W)}^{\\top} * ${dE(tex(out))}`,
        "convolution, with respect to the images",
        "The transposed convolution: each output's gradient returns to the pixels of its window.",
        ({ value, gradient }) => formulas.convolvedBack(gradient(out), value(W), value(from).shape, kernel),
      ),
    ],
    slips:
      kernel.stride === 1
        ? []
        : [
            {
              name: "the stride is forgotten",
              of: gradientOf(from),
              evaluate: ({ value, gradient }) =>
                formulas.convolvedBack(gradient(out), value(W), value(from).shape, { ...kernel, stride: 1 }),
            },
          ],
  };
}

export function norm(out: string, from: string, index: string, channels: number): Step {
  const [gamma, beta] = [`gamma${index}`, `beta${index}`];
  const [u, r] = [`u_{${index}}`, `r_{${index}}`];
  const mean = (of: string) => `\\overline{${of}}`;
  const g = dE(tex(out));
  return {
    out,
    inputs: { [gamma]: [channels], [beta]: [channels] },
    forward: (values) => operations.batchNorm(values[from]!, values[gamma]!, values[beta]!, { epsilon }),
    definition: definition(
      out,
      `${tex(out)} = ${tex(gamma)} \\, ${u} + ${tex(beta)}, \\quad ${u} = (${tex(from)} - ${mean(tex(from))}) \\, ${r}`,
      "Batch norm in training; the bar is the mean of a channel over the batch, r the inverse of its standard deviation.",
      ({ value }) => formulas.normalised(value(from), value(gamma), value(beta), epsilon),
    ),
    back: [
      line(
        gradientOf(beta),
        `${dE(tex(beta))} = \\sum ${g}`,
        "batch norm, with respect to beta",
        "Summed over the values of each channel.",
        ({ gradient }) => formulas.vector(formulas.channelSums(gradient(out), (dy) => dy)),
      ),
      line(
        gradientOf(gamma),
        `${dE(tex(gamma))} = \\sum ${g} \\, ${u}`,
        "batch norm, with respect to gamma",
        "Weighed by the normalised values.",
        ({ value, gradient }) => {
          const { u } = formulas.normal(value(from), epsilon);
          return formulas.vector(formulas.channelSums(gradient(out), (dy, _, flat) => dy * u.data[flat]!));
        },
      ),
      line(
        gradientOf(from),
        `${dE(tex(from))} = ${tex(gamma)} \\, ${r} \\left( ${g} - ${mean(g)} - ${u} \\, ${mean(`${u} \\, ${g}`)} \\right)`,
        "batch norm, with respect to its input",
        "Three terms: directly, through the mean, through the variance.",
        ({ value, gradient }) => formulas.normalisedBack(value(from), value(gamma), gradient(out), epsilon),
      ),
    ],
    slips: [
      {
        name: "batch norm's third term is missing",
        of: gradientOf(from),
        evaluate: ({ value, gradient }) => {
          const { m, r } = formulas.normal(value(from), epsilon);
          const dy = gradient(out);
          const means = formulas.channelSums(dy, (one) => one / m);
          return formulas.map(
            dy,
            (one, flat) =>
              value(gamma).data[flat % channels]! * r[flat % channels]! * (one - means[flat % channels]!),
          );
        },
      },
    ],
  };
}

/** A rectifier. `before`: a value of the same shape from one layer further back, for the slip. */
export function rectifier(out: string, from: string, before: string | undefined): Step {
  const masked = (dy: NdArray, x: NdArray) =>
    formulas.times(
      dy,
      formulas.map(x, (value) => formulas.bracket(value > 0)),
    );
  return {
    out,
    inputs: {},
    forward: (values) => operations.relu(values[from]!),
    definition: definition(out, `${tex(out)} = \\max(${tex(from)}, 0)`, "The rectifier.", ({ value }) =>
      formulas.map(value(from), (x) => Math.max(x, 0)),
    ),
    back: [
      line(
        gradientOf(from),
        `${dE(tex(from))} = ${dE(tex(out))} \\odot [${tex(from)} > 0]`,
        "rectifier",
        "The gradient passes where its input was positive.",
        ({ value, gradient }) => masked(gradient(out), value(from)),
      ),
    ],
    slips:
      before === undefined
        ? []
        : [
            {
              name: `ReLU's mask is taken from ${before}, the output of the wrong layer`,
              of: gradientOf(from),
              evaluate: ({ value, gradient }) => masked(gradient(out), value(before)),
            },
          ],
  };
}

/** What lies on the shortcut, from x_S to h; nothing for the identity. */
export function shortcutSteps(
  shortcut: "identity" | "zeroPadding" | "projection",
  input: number,
  out: number,
): readonly Step[] {
  if (shortcut === "identity") return [];
  if (shortcut === "projection") {
    return [
      convolution("cS", "x_S", "S", { size: 1, channels: input, out, stride: 2, padding: 0 }),
      norm("h", "cS", "S", out),
    ];
  }
  const taken = (i: number) => Math.floor(i / 2);
  return [
    {
      out: "tS",
      inputs: {},
      forward: (values) => operations.subsample(values["x_S"]!, { stride: 2 }),
      definition: definition(
        "tS",
        "t_S = x_S \\text{ at every second row and column}",
        "Option A takes every second pixel.",
        ({ value }) => tabulate([2, 2, 2, input], (n, i, j, c) => at(value("x_S"), n, 2 * i, 2 * j, c)),
      ),
      back: [
        line(
          gradientOf("x_S"),
          `${dE("x_S")} = ${dE("t_S")} \\text{ at the pixels taken, } 0 \\text{ elsewhere}`,
          "subsampling",
          "What was left out gets nothing.",
          ({ gradient }) =>
            tabulate(
              [2, 4, 4, input],
              (n, a, b, c) =>
                formulas.bracket(a % 2 === 0 && b % 2 === 0) * at(gradient("tS"), n, taken(a), taken(b), c),
            ),
        ),
      ],
      slips: [
        {
          name: "the gradient is spread over the pixels that were left out",
          of: gradientOf("x_S"),
          evaluate: ({ gradient }) =>
            tabulate([2, 4, 4, input], (n, a, b, c) => at(gradient("tS"), n, taken(a), taken(b), c)),
        },
      ],
    },
    {
      out: "h",
      inputs: {},
      forward: (values) => operations.padChannels(values["tS"]!, { added: out - input }),
      definition: definition(
        "h",
        "h = [t_S, 0]",
        "Channels of zeros for the dimensions that are new.",
        ({ value }) =>
          tabulate([2, 2, 2, out], (n, i, j, c) => (c < input ? at(value("tS"), n, i, j, c) : 0)),
      ),
      back: [
        line(
          gradientOf("tS"),
          `${dE("t_S")} = \\left( ${dE("h")} \\right)_{1 \\dots c}`,
          "zero padding",
          "What arrives at the zeros goes nowhere.",
          ({ gradient }) => tabulate([2, 2, 2, input], (n, i, j, c) => at(gradient("h"), n, i, j, c)),
        ),
      ],
      slips: [],
    },
  ];
}
