// What is graded of the layer: gates that are open, shut and in between, and what known mistakes give.
import { check } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];
type Case = { readonly x: Vector; readonly transform: Matrix; readonly gate: Matrix; readonly bias: number };

const times = (w: Matrix, x: Vector) =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
const turned = (w: Matrix) => w.map((_, i) => w.map((row) => row[i]!));
const logistic = (value: number) => (1 + Math.tanh(value / 2)) / 2;
const positive = (value: number) => Math.max(value, 0);

/** The gates' inputs, W_T x without the bias. */
const reads = ({ gate, x }: Case) => times(gate, x);
const made = ({ transform, x }: Case) => times(transform, x).map(positive);

/** A mixture of H and x by a rule of T. */
function mixed(
  drawn: Case,
  mix: (t: number, h: number, x: number) => number,
  gates: readonly number[] = reads(drawn).map((value) => logistic(value + drawn.bias)),
  h: readonly number[] = made(drawn),
): number[] {
  return drawn.x.map((x, i) => mix(gates[i]!, h[i]!, x));
}

const highway = (t: number, h: number, x: number) => x + t * (h - x);

const right = (drawn: Case) => mixed(drawn, highway);

/** The layer with another rule for the gates. */
const gated = (rule: (read: number, bias: number) => number) => (drawn: Case) =>
  mixed(
    drawn,
    highway,
    reads(drawn).map((read) => rule(read, drawn.bias)),
  );

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "overflows",
    message:
      "a large bias gives NaN: e to the power of more than 709 is infinity, and infinity by infinity no number. `sigmoid` of the setup does without",
    gives: gated((read, bias) => Math.exp(read + bias) / (1 + Math.exp(read + bias))),
  },
  {
    mistake: "makes-the-bias-negative",
    message: "a bias above zero is taken below it: its sign is its own",
    gives: gated((read, bias) => logistic(read - Math.abs(bias))),
  },
  {
    mistake: "transposes-the-weights",
    message: "the weights are transposed: row i of a matrix belongs to output i",
    gives: ({ x, transform, gate, bias }) =>
      right({ x, transform: turned(transform), gate: turned(gate), bias }),
  },
  {
    mistake: "gates-by-the-output",
    message: "the gate reads H(x): it reads the layer's input",
    gives: (drawn) =>
      mixed(
        drawn,
        highway,
        times(drawn.gate, made(drawn)).map((value) => logistic(value + drawn.bias)),
      ),
  },
  {
    mistake: "has-one-gate-for-all",
    message: "all outputs share one gate: each has a gate of its own",
    gives: (drawn) => {
      const gates = reads(drawn).map((read) => logistic(read + drawn.bias));
      const mean = gates.reduce((sum, value) => sum + value, 0) / gates.length;
      return mixed(
        drawn,
        highway,
        gates.map(() => mean),
      );
    },
  },
  {
    mistake: "forgets-the-bias",
    message: "the gates do not depend on the bias",
    gives: gated(logistic),
  },
  {
    mistake: "takes-the-bias-off",
    message: "the bias has the wrong sign: it is added to W_T x",
    gives: gated((read, bias) => logistic(read - bias)),
  },
  {
    mistake: "adds-the-bias-outside",
    message: "the bias is added to the sigmoid: it belongs within, with W_T x",
    gives: gated((read, bias) => logistic(read) + bias),
  },
  {
    mistake: "clips-the-gate",
    message: "the gate is a straight line that is cut off: a sigmoid bends, and never quite reaches 0 or 1",
    gives: gated((read, bias) => Math.min(Math.max(0.5 + (read + bias) / 4, 0), 1)),
  },
  {
    mistake: "bounds-the-sigmoids-argument",
    message:
      "a gate that should be shut or open stands a little ajar: the sigmoid's argument is cut off before it is taken",
    gives: gated((read, bias) => logistic(Math.min(10, Math.max(-10, read + bias)))),
  },
  {
    mistake: "opens-all-or-nothing",
    message: "gates are either open or shut: they may be open in part",
    gives: gated((read, bias) => (read + bias >= 0 ? 1 : 0)),
  },
  {
    mistake: "forgets-the-sigmoid",
    message: "the gate is not squeezed between 0 and 1: T is a sigmoid",
    gives: gated((read, bias) => read + bias),
  },
  {
    mistake: "forgets-the-relu",
    message: "H has no ReLU: what it takes in may be negative, what it gives may not",
    gives: (drawn) => mixed(drawn, highway, undefined, times(drawn.transform, drawn.x)),
  },
  {
    mistake: "rectifies-the-output",
    message: "the ReLU stands around the whole layer: it belongs to H alone, and x is carried as it is",
    gives: (drawn) => mixed(drawn, highway, undefined, times(drawn.transform, drawn.x)).map(positive),
  },
  {
    mistake: "rectifies-the-carry",
    message: "negative numbers of x are not carried: the ReLU belongs to H alone",
    gives: (drawn) => mixed(drawn, (t, h, x) => highway(t, h, positive(x))),
  },
  {
    mistake: "swaps-the-gates",
    message: "the gates are swapped: T stands with H, and 1 - T with x",
    gives: (drawn) => mixed(drawn, (t, h, x) => highway(1 - t, h, x)),
  },
  {
    mistake: "forgets-the-carry",
    message: "what the gate does not let through is lost: it is carried over from x",
    gives: (drawn) => mixed(drawn, (t, h) => t * h),
  },
  {
    mistake: "carries-everything",
    message: "all of x is added: the carry gate is 1 - T",
    gives: (drawn) => mixed(drawn, (t, h, x) => t * h + x),
  },
];

/** float32's rounding of the two sums of each output, and of the mixture. */
function rounding({ x, transform, gate, bias }: Case): number {
  const sums = (w: Matrix) => w.map((row) => row.reduce((sum, value, j) => sum + Math.abs(value * x[j]!), 0));
  const sides = Math.max(1, ...sums(transform), ...x.map(Math.abs));
  // What a sigmoid makes of its argument's rounding: its slope is at most 1/4, and falls like e^-|z|, so far from 0 it is lost.
  const read = times(gate, x);
  const through = sums(gate).map(
    (sum, i) => (sum + Math.abs(bias)) * Math.min(1, Math.exp(1 - Math.abs(read[i]! + bias))),
  );
  return check.float32(4 * x.length + 16, sides * Math.max(1, ...through));
}

const judge = check.judgeBy<Case>(right, mistakes, { what: "the layer's output", within: rounding });

const identity: Matrix = [
  [1, 0],
  [0, 1],
];
const zeros: Matrix = [
  [0, 0],
  [0, 0],
];

/** Makes a negative number where x = [2, -4] is positive, and a positive one where it is negative. */
const signs: Matrix = [
  [-1, 1],
  [3, 1],
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "highway-gate",
    title: "The gate of a Highway layer",
    needs: ["highwayLayer"],
    properties: [
      {
        id: "half-and-shut",
        title: "it is right for gates that are half open, shut and open",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "highway-gate by hand");
          const whole = () => draw.integer(19) - 9;
          const worked: readonly Case[] = [
            { x: [2, -4], transform: signs, gate: zeros, bias: 0 },
            {
              x: [2, -4],
              transform: signs,
              gate: [
                [1, 0],
                [0.5, 0.5],
              ],
              bias: -0.5,
            },
            { x: [2, -4], transform: signs, gate: zeros, bias: -50 },
            { x: [2, -4], transform: signs, gate: zeros, bias: 50 },
            { x: [2, -4], transform: signs, gate: identity, bias: -800 },
            { x: [2, -4], transform: signs, gate: identity, bias: 800 },
          ];
          return check.withDrawn(judge, worked, () => [
            {
              x: [1 + draw.integer(9), -1 - draw.integer(9)],
              transform: [
                [whole(), whole()],
                [whole(), whole()],
              ],
              gate: zeros,
              bias: 0,
            },
          ]);
        },
        ...judge,
      },
      {
        id: "any",
        title: "it is right for any weights and biases",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "highway-gate");
          const numbers = (count: number) =>
            check.oddNumbers(draw, count).map((value) => Number(value.toFixed(3)));
          const layer = (n: number, bias: number): Case => ({
            x: numbers(n),
            transform: Array.from({ length: n }, () => numbers(n)),
            gate: Array.from({ length: n }, () => numbers(n)),
            bias,
          });
          return [
            {
              x: [1.5, -0.7, 0.4],
              transform: [
                [0.5, 1, -1],
                [0.8, -1.2, 0.6],
                [-1, 0.3, -0.5],
              ],
              gate: [
                [0.4, -0.6, 1],
                [-0.9, 0.2, 0.5],
                [0.3, 0.8, -0.2],
              ],
              bias: -1.2,
            },
            layer(3, -1 - draw.integer(100) / 100),
            layer(5, -1.5),
            layer(4, 1 + draw.integer(100) / 100),
            layer(3, 0),
            layer(12, -0.5),
            { ...layer(1, -2), x: [-1.5], transform: [[-2]] },
            { ...layer(3, -1), x: [0.5, -1, -0.25] },
          ];
        },
        ...judge,
      },
    ],
  },
];
