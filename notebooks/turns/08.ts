// Chapter 08's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { check, nn, runtime } from "residual";

const { tf } = runtime;

type Apply<X> = (operation: nn.Operation, x: X) => X;

function unitForward<X>(x: X, order: nn.UnitOrder, apply: Apply<X>, add: (a: X, b: X) => X): X {
  let residual = x;
  for (const operation of [...order.each, ...order.last]) residual = apply(operation, residual);
  let y = add(x, residual);
  for (const operation of order.afterAddition) y = apply(operation, y);
  return y;
}

function gradientOfInput(
  gradient: readonly number[],
  sum: readonly number[],
  f: "identity" | "relu",
  pullback: (gradient: readonly number[]) => readonly number[],
): number[] {
  const ofSum = gradient.map((g, i) => (f === "relu" && sum[i]! <= 0 ? 0 : g));
  const throughF = pullback(ofSum);
  return ofSum.map((g, i) => g + throughF[i]!);
}

function sumError(
  x: ArrayLike<number>,
  residuals: readonly ArrayLike<number>[],
  end: ArrayLike<number>,
): number {
  let [difference, ofX, ofSum] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const sum = residuals.reduce((total, residual) => total + residual[i]!, 0);
    difference += (end[i]! - (x[i]! + sum)) ** 2;
    ofX += x[i]! ** 2;
    ofSum += sum ** 2;
  }
  return Math.sqrt(difference) / (Math.sqrt(ofX) + Math.sqrt(ofSum));
}

/** Operations on numbers, of which no two can be exchanged, and which differ from call to call as layers with weights do. */
function operations(): Apply<number> {
  let calls = 0;
  return (operation, x) => {
    calls++;
    if (operation === "relu") return Math.max(x, 0);
    return operation === "conv" ? (calls % 2 === 0 ? -1.7 : 1.3) * x + 0.2 * calls : 0.6 * x - 0.05 * calls;
  };
}
type Place = { readonly x: number; readonly order: nn.UnitOrderName };
const orderNames = Object.keys(nn.unitOrders) as nn.UnitOrderName[];
const add = (a: number, b: number): number => a + b;
const seeUnit = (answer: typeof unitForward, { x, order }: Place) =>
  answer(x, nn.unitOrders[order], operations(), add);
/** Figure 4, written out. */
function figureFour({ x, order }: Place): number {
  const apply = operations();
  const c = (v: number) => apply("conv", v);
  const n = (v: number) => apply("norm", v);
  const r = (v: number) => apply("relu", v);
  switch (order) {
    case "original":
      return r(x + n(c(r(n(c(x))))));
    case "normAfterAddition": {
      const sum = x + c(r(n(c(x))));
      return r(n(sum));
    }
    case "reluBeforeAddition":
      return x + r(n(c(r(n(c(x))))));
    case "reluOnlyPreActivation":
      return x + n(c(r(n(c(r(x))))));
    case "preActivation":
      return x + c(r(n(c(r(n(x))))));
  }
}
const residualOf = (order: nn.UnitOrderName, x: number): number => {
  const apply = operations();
  const { each, last } = nn.unitOrders[order];
  return [...each, ...last].reduce((value, operation) => apply(operation, value), x);
};
const unitTrait = (title: string, order: nn.UnitOrderName) =>
  check.trait(title, {
    times: 4,
    // F and the sum below 0 in turn: else a ReLU on the one or the other would do nothing, and look like none at all.
    draw: (from, i): Place =>
      check.drawUntil(
        () => ({ x: 4 * from.uniform() - 2, order }),
        ({ x }) => residualOf(order, x) + (i % 2 === 0 ? 0 : x) < -0.01,
        "an input with F(x) or x + F(x) below 0",
      ),
    see: seeUnit,
    right: figureFour,
    within: 1e-12,
  });

/** A unit on four numbers: F is a sine of a linear map, so that its slopes differ from place to place. */
type Small = {
  readonly x: number[];
  readonly weights: number[];
  readonly above: number[];
  readonly f: "identity" | "relu";
};
const width = 4;
const linear = ({ weights }: Small, x: readonly number[]): number[] =>
  Array.from({ length: width }, (_, i) =>
    x.reduce((sum, value, j) => sum + weights[i * width + j]! * value, 0),
  );
const sumOf = (unit: Small, x: readonly number[]): number[] =>
  linear(unit, x).map((z, i) => x[i]! + Math.sin(z));
const lossAt = (unit: Small, x: readonly number[]): number =>
  sumOf(unit, x).reduce((loss, y, i) => loss + unit.above[i]! * (unit.f === "relu" ? Math.max(y, 0) : y), 0);
function seeGradient(answer: typeof gradientOfInput, unit: Small): number[] {
  const z = linear(unit, unit.x);
  return answer(unit.above, sumOf(unit, unit.x), unit.f, (gradient) =>
    unit.x.map((_, j) =>
      gradient.reduce((sum, g, i) => sum + g * Math.cos(z[i]!) * unit.weights[i * width + j]!, 0),
    ),
  );
}
function slopes(unit: Small): number[] {
  const h = 1e-5;
  return unit.x.map((_, k) => {
    const moved = (step: number) =>
      lossAt(
        unit,
        unit.x.map((value, i) => value + (i === k ? step : 0)),
      );
    return (moved(h) - moved(-h)) / (2 * h);
  });
}
const drawSmall =
  (f: Small["f"]) =>
  (from: Parameters<typeof check.oneOf>[0]): Small =>
    // Sums on both sides of 0, and none so near that a finite difference crosses it.
    check.drawUntil(
      () => ({
        x: check.oddNumbers(from, width),
        weights: check.oddNumbers(from, width * width),
        above: check.oddNumbers(from, width),
        f,
      }),
      (unit) => {
        const sums = sumOf(unit, unit.x);
        return sums.every((y) => Math.abs(y) > 0.01) && sums.some((y) => y > 0) && sums.some((y) => y < 0);
      },
      "a unit with sums of both signs",
    );

type Terms = { readonly x: number[]; readonly residuals: number[][]; readonly end: number[] };
function drawTerms(from: Parameters<typeof check.oneOf>[0], cut: boolean): Terms {
  const x = check.oddNumbers(from, 6);
  const residuals = [0, 1, 2].map(() => check.oddNumbers(from, 6));
  const whole = x.map((value, i) => value + residuals.reduce((sum, residual) => sum + residual[i]!, 0));
  return { x, residuals, end: cut ? whole.map((value) => Math.max(value, 0) + 0.5) : whole };
}
const seeError = (answer: typeof sumError, { x, residuals, end }: Terms) => answer(x, residuals, end);
/** The same by tensors. */
function errorByTensors({ x, residuals, end }: Terms): runtime.tf.Tensor {
  const sum = tf.sum(tf.tensor2d(residuals), 0);
  const start = tf.tensor1d(x);
  const left = tf.norm(tf.sub(tf.tensor1d(end), tf.add(start, sum)));
  return tf.div(left, tf.add(tf.norm(start), tf.norm(sum)));
}

export const turns = {
  unitForward: {
    ours: unitForward,
    traits: [
      unitTrait("(a) original: a ReLU follows the addition", "original"),
      unitTrait("(e) full pre-activation: nothing follows it", "preActivation"),
      check.trait("all five of Figure 4", {
        times: 15,
        // Small at last, so that something is left behind the ReLU of (b).
        draw: (from, i): Place => {
          const size = from.uniform();
          return { x: [1 + size, -1 - size, (1 + size) / 5][Math.floor(i / 5)]!, order: orderNames[i % 5]! };
        },
        see: seeUnit,
        right: figureFour,
        within: 1e-12,
      }),
    ],
    wrong: [
      {
        mistake: "activates-the-shortcut",
        message:
          "a ReLU stands on the shortcut: x itself is added, and the order's operations are F's or f's",
        answer: (x, { each, last, afterAddition }, apply, sum) =>
          afterAddition.reduce(
            (value, operation) => apply(operation, value),
            sum(
              typeof x === "number" ? (Math.max(x, 0) as typeof x) : x,
              [...each, ...last].reduce((value, operation) => apply(operation, value), x),
            ),
          ),
      },
      {
        mistake: "ends-with-a-relu",
        message:
          "a ReLU follows the addition in every order: what follows it is the order's `afterAddition`, and may be nothing",
        answer: (x, { each, last }, apply, sum) =>
          apply(
            "relu",
            sum(
              x,
              [...each, ...last].reduce((value, operation) => apply(operation, value), x),
            ),
          ),
      },
      {
        mistake: "forgets-the-input",
        message: "x is not added: the shortcut carries it past F",
        answer: (x, { each, last, afterAddition }, apply) =>
          [...each, ...last, ...afterAddition].reduce((value, operation) => apply(operation, value), x),
      },
      {
        mistake: "stops-at-the-sum",
        message: "nothing is done after the addition: an order has operations there, its `afterAddition`",
        answer: (x, { each, last }, apply, sum) =>
          sum(
            x,
            [...each, ...last].reduce((value, operation) => apply(operation, value), x),
          ),
      },
      {
        mistake: "adds-at-the-end",
        message: "x is added after everything: the operations of `afterAddition` come behind the addition",
        answer: (x, { each, last, afterAddition }, apply, sum) =>
          sum(
            x,
            [...each, ...last, ...afterAddition].reduce((value, operation) => apply(operation, value), x),
          ),
      },
      {
        mistake: "has-one-convolution",
        message:
          "the operations of `each` are missing: they stand around every convolution but the last, here the first of two",
        answer: (x, { last, afterAddition }, apply, sum) =>
          afterAddition.reduce(
            (value, operation) => apply(operation, value),
            sum(
              x,
              last.reduce((value, operation) => apply(operation, value), x),
            ),
          ),
      },
    ],
  } satisfies check.Turn<typeof unitForward>,

  gradientOfInput: {
    ours: gradientOfInput,
    traits: [
      check.trait("f = identity: it is what finite differences give", {
        draw: drawSmall("identity"),
        see: seeGradient,
        right: slopes,
        within: 1e-6,
      }),
      check.trait("f = ReLU: it is what finite differences give", {
        draw: drawSmall("relu"),
        see: seeGradient,
        right: slopes,
        within: 1e-6,
      }),
    ],
    wrong: [
      {
        mistake: "forgets-the-one",
        message:
          "the shortcut's way is missing: the gradient of the sum goes on to x as it is, besides through F",
        answer: (gradient, sum, f, pullback) => [
          ...pullback(gradient.map((g, i) => (f === "relu" && sum[i]! <= 0 ? 0 : g))),
        ],
      },
      {
        mistake: "cuts-f-only",
        message:
          "the ReLU after the addition cuts what goes through F alone: it stands on both ways, so it cuts the shortcut's gradient too",
        answer: (gradient, sum, f, pullback) => {
          const through = pullback(gradient.map((g, i) => (f === "relu" && sum[i]! <= 0 ? 0 : g)));
          return gradient.map((g, i) => g + through[i]!);
        },
      },
      {
        mistake: "cuts-the-shortcut-only",
        message:
          "F gets the gradient from above the ReLU: it must get that of the sum, where the ReLU has cut",
        answer: (gradient, sum, f, pullback) => {
          const through = pullback(gradient);
          return gradient.map((g, i) => (f === "relu" && sum[i]! <= 0 ? 0 : g) + through[i]!);
        },
      },
      {
        mistake: "never-cuts",
        message: "nothing is cut although f is a ReLU: where the sum is 0 or less, it hands no gradient on",
        answer: (gradient, sum, _, pullback) => gradientOfInput(gradient, sum, "identity", pullback),
      },
      {
        mistake: "cuts-in-every-order",
        message: "a ReLU is applied although f is the identity: then the gradient passes whole",
        answer: (gradient, sum, _, pullback) => gradientOfInput(gradient, sum, "relu", pullback),
      },
    ],
  } satisfies check.Turn<typeof gradientOfInput>,

  sumError: {
    ours: sumError,
    traits: [
      check.trait("it is 0 where x_L is the sum", {
        draw: (from) => drawTerms(from, false),
        see: seeError,
        right: () => 0,
      }),
      check.trait("it is the difference, as a part of the two terms' norms", {
        times: 4,
        draw: (from) => drawTerms(from, true),
        see: seeError,
        right: errorByTensors,
        within: 1e-5,
      }),
    ],
    wrong: [
      {
        mistake: "forgets-x",
        message: "x_l itself is missing on the right side: x_L is x_l plus the residuals",
        answer: (x, residuals, end) =>
          sumError(
            Array.from(x, () => 0),
            residuals,
            end,
          ),
      },
      {
        mistake: "takes-the-last-residual",
        message: "one residual is counted: every unit on the way adds its own",
        answer: (x, residuals, end) => sumError(x, residuals.slice(-1), end),
      },
      {
        mistake: "does-not-scale",
        message:
          "that is the norm of the difference itself: divide it by ‖x_l‖ + ‖ΣF‖, so that networks can be compared",
        answer: (x, residuals, end) => {
          const scale =
            Math.hypot(...Array.from(x)) +
            Math.hypot(
              ...Array.from(x, (_, i) => residuals.reduce((sum, residual) => sum + residual[i]!, 0)),
            );
          return sumError(x, residuals, end) * scale;
        },
      },
      {
        mistake: "divides-by-the-end",
        message: "the difference is a part of ‖x_L‖: it should be a part of ‖x_l‖ + ‖ΣF‖",
        answer: (x, residuals, end) => {
          const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
          const sum = Array.from(x, (_, i) => residuals.reduce((total, residual) => total + residual[i]!, 0));
          return (sumError(x, residuals, end) * (norm(x) + norm(sum))) / norm(end);
        },
      },
      {
        mistake: "squares-for-norms",
        message: "these are sums of squares: a norm is the root of one",
        answer: (x, residuals, end) => {
          const squares = (values: ArrayLike<number>) =>
            Array.from(values).reduce((sum, value) => sum + value ** 2, 0);
          const sum = Array.from(x, (_, i) => residuals.reduce((total, residual) => total + residual[i]!, 0));
          return (
            squares(Array.from(end, (value, i) => value - x[i]! - sum[i]!)) / (squares(x) + squares(sum))
          );
        },
      },
      {
        mistake: "adds-the-norms-of-all-terms",
        message: "the norms of the single residuals are added: the second term is the norm of their sum",
        answer: (x, residuals, end) => {
          const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
          const sum = Array.from(x, (_, i) => residuals.reduce((total, residual) => total + residual[i]!, 0));
          return (
            (sumError(x, residuals, end) * (norm(x) + norm(sum))) /
            (norm(x) + residuals.reduce((total, residual) => total + norm(residual), 0))
          );
        },
      },
    ],
  } satisfies check.Turn<typeof sumError>,
};
