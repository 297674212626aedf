// The hidden cases: random ones, and what known mistakes give for them.
import { autodiff, check } from "residual";
import { byHand } from "./public";

type Vector = readonly number[];
type Matrix = readonly Vector[];
type Case = { readonly x: Vector; readonly first: Matrix; readonly second: Matrix; readonly dy: Vector };
type Gradients = { readonly dx: Vector; readonly dFirst: Matrix; readonly dSecond: Matrix };

const dot = (a: Vector, b: Vector) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const times = (w: Matrix, x: Vector) => w.map((row) => dot(row, x));
const column = (w: Matrix, j: number) => w.map((row) => row[j]!);
const back = (w: Matrix, d: Vector) => w[0]!.map((_, j) => dot(column(w, j), d));
const outer = (a: Vector, b: Vector) => a.map((value) => b.map((other) => value * other));
const where = (x: Vector, d: Vector) => d.map((value, i) => (x[i]! > 0 ? value : 0));

/** What is right, by the tape of the library in float64: nothing of the formulas below. */
function right({ x, first, second, dy }: Case): Gradients {
  const matrix = (w: Matrix) => autodiff.array(w.flat(), [w.length, w[0]!.length]);
  const { pullback } = autodiff.vjp(
    (x, first, second) =>
      autodiff.relu(autodiff.add(autodiff.matmul(second, autodiff.relu(autodiff.matmul(first, x))), x)),
    [autodiff.array([...x], [x.length, 1]), matrix(first), matrix(second)],
  );
  const [dx, dFirst, dSecond] = pullback(autodiff.array([...dy], [dy.length, 1]));
  const rows = ({ data, shape }: autodiff.NdArray) =>
    Array.from({ length: shape[0]! }, (_, i) => Array.from(data.slice(i * shape[1]!, (i + 1) * shape[1]!)));
  return { dx: Array.from(dx!.data), dFirst: rows(dFirst!), dSecond: rows(dSecond!) };
}

/** The steps back, each of which a mistake may change. */
interface Steps {
  readonly lastMask: (values: {
    readonly x: Vector;
    readonly a: Vector;
    readonly z: Vector;
    readonly f: Vector;
  }) => Vector;
  readonly innerMask: (a: Vector, z: Vector) => Vector;
  readonly through: (w: Matrix, d: Vector) => Vector;
  readonly product: (d: Vector, value: Vector) => Matrix;
  readonly shortcut: (dz: Vector, dy: Vector) => Vector;
}

const steps: Steps = {
  lastMask: ({ z }) => z,
  innerMask: (a) => a,
  through: back,
  product: outer,
  shortcut: (dz) => dz,
};

/** The gradients with some steps changed. */
const changed =
  (changes: Partial<Steps>) =>
  ({ x, first, second, dy }: Case): Gradients => {
    const { lastMask, innerMask, through, product, shortcut } = { ...steps, ...changes };
    const a = times(first, x);
    const h = a.map((value) => Math.max(value, 0));
    const f = times(second, h);
    const z = f.map((value, i) => value + x[i]!);
    const dz = where(lastMask({ x, a, z, f }), dy);
    const da = where(innerMask(a, z), through(second, dz));
    const past = shortcut(dz, dy);
    const dx = through(first, da).map((value, i) => value + past[i]!);
    return { dx, dFirst: product(da, x), dSecond: product(dz, h) };
  };

const always = (values: Vector) => values.map(() => 1);

const open = (values: Vector) => values.map((value) => Number(value >= 0));
const above = (values: Vector) => values.map((value) => Number(value > 0.05));

/** What shows at zero or close to it alone, so that other mistakes, which show everywhere, are not taken for these. */
const nearZero: readonly check.Mistake<Case>[] = [
  {
    mistake: "opens-the-relu-at-zero",
    message: "a ReLU whose input is exactly 0 lets the gradient through: it does so only above 0",
    gives: changed({ lastMask: ({ z }) => open(z), innerMask: open }),
  },
  {
    mistake: "opens-the-relu-at-zero",
    message:
      "the ReLU between the matrices lets the gradient through where its input is exactly 0: it does so only above 0",
    gives: changed({ innerMask: open }),
  },
  {
    mistake: "opens-the-relu-at-zero",
    message: "the last ReLU lets the gradient through where its input is exactly 0: it does so only above 0",
    gives: changed({ lastMask: ({ z }) => open(z) }),
  },
  {
    mistake: "shuts-the-relu-near-zero",
    message: "a ReLU whose input is small but positive is shut: it lets through whatever is above 0",
    gives: changed({ lastMask: ({ z }) => above(z), innerMask: above }),
  },
  {
    mistake: "shuts-the-relu-near-zero",
    message:
      "the last ReLU is shut where its input is small but positive: it lets through whatever is above 0",
    gives: changed({ lastMask: ({ z }) => above(z) }),
  },
  {
    mistake: "shuts-the-relu-near-zero",
    message:
      "the ReLU between the matrices is shut where its input is small but positive: it lets through whatever is above 0",
    gives: changed({ innerMask: above }),
  },
];

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "forgets-the-identity-term",
    message: "dx lacks what came through the shortcut: x is used twice, and both ways back are added",
    gives: changed({ shortcut: (dz) => dz.map(() => 0) }),
  },
  {
    mistake: "shortcut-skips-the-last-relu",
    message:
      "the shortcut's term is dy itself: the addition stands before the last ReLU, so it too must pass it",
    gives: changed({ shortcut: (_, dy) => dy }),
  },
  {
    mistake: "forgets-the-last-relu",
    message: "the last ReLU is not passed on the way back",
    gives: changed({ lastMask: ({ z }) => always(z) }),
  },
  {
    mistake: "forgets-the-inner-relu",
    message: "the ReLU between the matrices is not passed on the way back",
    gives: changed({ innerMask: always }),
  },
  {
    mistake: "mask-from-the-residual",
    message: "the last ReLU lets through where F is positive: its input is the sum F + x",
    gives: changed({ lastMask: ({ f }) => f }),
  },
  {
    mistake: "mask-from-the-wrong-layer",
    message:
      "the two ReLUs' masks are exchanged or one is used for both: each lets through where its own input was positive",
    gives: changed({ innerMask: (_, z) => z }),
  },
  {
    mistake: "forgets-to-transpose",
    message: "the matrices go back as they are: backwards they are transposed",
    gives: changed({ through: times }),
  },
  {
    mistake: "transposes-the-weight-gradient",
    message: "the weights' gradients are transposed: row i belongs to output i",
    gives: changed({ product: (d, value) => outer(value, d) }),
  },
];

/** Forwards and backwards each number passes two sums; the magnitude is that of the same walk with all signs and masks taken away. */
function rounding(drawn: Case): number {
  const absolute = check.absolutes(drawn);
  const widest = Math.max(drawn.x.length, drawn.first.length);
  return check.float32(4 * widest + 8, check.largest(right(absolute)));
}

const judged = check.judgeBy<Case>(right, [...nearZero, ...mistakes], {
  what: "the gradients",
  within: rounding,
});

/** Whether these mistakes show on a unit, and all that show are told apart. */
const shows = (slips: readonly check.Mistake<Case>[]) => (unit: Case) => check.tells(judged, [unit], slips);

/** The unit of the notebook, and one of each learner's own: its matrices are zeros too. */
const zeroResidual = check.alsoDrawn<Case>(byHand, judged, (draw, worked) => {
  const whole = () => 1 + draw.integer(50);
  return [{ ...worked[0]!, x: [whole(), -whole()], dy: [whole(), whole()] }];
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "unit-vjp",
    title: "Backpropagation through a residual unit, by hand",
    needs: ["unitVjp"],
    properties: [
      ...zeroResidual,
      {
        id: "any",
        title: "they are right for any matrices",
        points: 4,
        cases(seed) {
          const draw = check.stream(seed, "unit-vjp");
          const matrix = (n: number) => Array.from({ length: n }, () => check.oddNumbers(draw, n));
          const drawn = (n: number): Case => ({
            x: check.oddNumbers(draw, n),
            first: matrix(n),
            second: matrix(n),
            dy: check.oddNumbers(draw, n),
          });
          // Units on which every mistake but those near zero shows, each by its own name.
          const telling = (n: number): Case =>
            check.drawUntil(
              () => drawn(n),
              shows(mistakes),
              `a unit of width ${n} on which each mistake gives something else`,
            );
          const rectangle = (rows: number, columns: number) =>
            Array.from({ length: rows }, () => check.oddNumbers(draw, columns));
          const wide = (n: number, hidden: number): Case =>
            check.drawUntil(
              () => ({ ...drawn(n), first: rectangle(hidden, n), second: rectangle(n, hidden) }),
              shows([]),
              `a unit of width ${n} and ${hidden} within on which no mistake is taken for another`,
            );
          // A hidden layer and a sum that are exactly 0 at one place, where a ReLU lets nothing through; other widths within.
          const zero = [0, 0, 0, 0];
          const shut = (edge: Case): Case => ({
            ...edge,
            x: edge.x.with(1, 0),
            first: edge.first.with(2, zero),
            second: edge.second.with(1, zero),
          });
          const closed = check.drawUntil(
            () => shut(drawn(4)),
            shows([...nearZero.slice(0, 3), ...mistakes]),
            "a unit whose ReLUs at 0 matter, the last one and the one within",
          );
          // Sums whose signs hang on the first hidden number, and the first sum on F: a mask that forgets a term is seen.
          const leaning = check.drawUntil(
            () => drawn(3),
            (unit) => {
              const { x, first, second } = unit;
              const hidden = times(first, x).map((value) => Math.max(value, 0));
              const sum = (of: Vector) => times(second, of).map((value, i) => value + x[i]!);
              const signs = (of: Vector) =>
                sum(of)
                  .map((value) => value > 0)
                  .join();
              const hangs = signs(hidden.with(0, 0)) !== signs(hidden) && sum(hidden)[0]! * x[0]! < 0;
              return hangs && shows([])(unit);
            },
            "a unit whose last mask hangs on the first hidden number",
          );
          // Values of a thousandth, with gradients as large as ever.
          const faint = check.drawUntil(
            () => {
              const small = drawn(5);
              return { ...small, x: small.x.map((value) => value / 1000) };
            },
            shows(mistakes),
            "a unit of faint values on which each mistake gives something else",
          );
          return [
            telling(4),
            telling(6),
            closed,
            leaning,
            faint,
            wide(3, 5),
            wide(4, 2),
            wide(1, 1),
            wide(9, 11),
          ];
        },
        ...judged,
      },
    ],
  },
];
