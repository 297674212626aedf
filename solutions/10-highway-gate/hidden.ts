// The hidden cases: random ones, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

type Vector = readonly number[];
type Matrix = readonly Vector[];
type Case = { readonly x: Vector; readonly transform: Matrix; readonly gate: Matrix; readonly bias: number };

const times = (w: Matrix, x: Vector) =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
const logistic = (value: number) => (1 + Math.tanh(value / 2)) / 2;

/** The gates' inputs, W_T x without the bias. */
const reads = ({ gate, x }: Case) => times(gate, x);
const made = ({ transform, x }: Case) => times(transform, x).map((value) => Math.max(value, 0));

/** A mixture of H and x by a rule of T. */
function mixed(
  drawn: Case,
  mix: (t: number, h: number, x: number) => number,
  gates: readonly number[] = reads(drawn).map((value) => logistic(value + drawn.bias)),
): number[] {
  const h = made(drawn);
  return drawn.x.map((x, i) => mix(gates[i]!, h[i]!, x));
}

const highway = (t: number, h: number, x: number) => x + t * (h - x);

const right = (drawn: Case) => mixed(drawn, highway);

const mistakes: readonly check.Mistake<Case>[] = [
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
  {
    mistake: "forgets-the-sigmoid",
    message: "the gate is not squeezed between 0 and 1: T is a sigmoid",
    gives: (drawn) =>
      mixed(
        drawn,
        highway,
        reads(drawn).map((value) => value + drawn.bias),
      ),
  },
  {
    mistake: "forgets-the-bias",
    message: "the gates do not depend on the bias",
    gives: (drawn) => mixed(drawn, highway, reads(drawn).map(logistic)),
  },
  {
    mistake: "takes-the-bias-off",
    message: "the bias has the wrong sign: it is added to W_T x",
    gives: (drawn) =>
      mixed(
        drawn,
        highway,
        reads(drawn).map((value) => logistic(value - drawn.bias)),
      ),
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
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "highway-gate",
    title: "The gate of a Highway layer",
    needs: ["highwayLayer"],
    properties: [
      ...byHand,
      {
        id: "any",
        title: "for any weights",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "highway-gate");
          const matrix = (n: number) => Array.from({ length: n }, () => check.oddNumbers(draw, n));
          return [3, 5].map((n) => ({
            x: check.oddNumbers(draw, n),
            transform: matrix(n),
            gate: matrix(n),
            bias: -1 - draw.uniform(),
          }));
        },
        ...check.judgeBy<Case>(right, mistakes, { what: "the layer's output" }),
      },
    ],
  },
];
