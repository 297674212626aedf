// What is graded of the method and of its order: curves forwards and backwards, ends of methods of any order, and what known mistakes give.
import { check } from "residual";
import { byHand, drawCurve, type Curve } from "./public";

type State = readonly number[];
type Case = { readonly curve: Curve };
type Ends = { readonly ends: readonly State[] };

const slopeAt = ({ matrix, drift }: Curve, x: State, t: number) =>
  matrix.map((row, i) => Math.tanh(row.reduce((sum, a, j) => sum + a * x[j]!, 0) + t * drift[i]!));
const moved = (x: State, slope: State, by: number): number[] => x.map((value, i) => value + by * slope[i]!);
const mean = (a: State, b: State): number[] => a.map((value, i) => (value + b[i]!) / 2);

/** The end by a rule for the next state. */
const followed =
  (
    next: (x: State, t: number, h: number, f: (x: State, t: number) => State, curve: Curve) => State,
    step: (curve: Curve) => number = ({ from, to, steps }) => (to - from) / steps,
    changes: { readonly begins?: (curve: Curve) => number; readonly steps?: (steps: number) => number } = {},
  ) =>
  ({ curve }: Case): State => {
    const { begins = ({ from }: Curve) => from, steps = (count: number) => count } = changes;
    const h = step(curve);
    let x: State = curve.x;
    for (let k = 0; k < steps(curve.steps); k++)
      x = next(x, begins(curve) + k * h, h, (at, t) => slopeAt(curve, at, t), curve);
    return x;
  };

type Next = Parameters<typeof followed>[0];

const heun: Next = (x, t, h, f) => {
  const here = f(x, t);
  return moved(x, mean(here, f(moved(x, here, h), t + h)), h);
};

const right = followed(heun);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "takes-eulers-step",
    message: "this is Euler's step: the second slope is missing",
    gives: followed((x, t, h, f) => moved(x, f(x, t), h)),
  },
  {
    mistake: "takes-the-midpoint",
    message: "the slope half a step ahead is taken alone: a method of order 2 as well, but not this one",
    gives: followed((x, t, h, f) => moved(x, f(moved(x, f(x, t), h / 2), t + h / 2), h)),
  },
  {
    mistake: "takes-the-second-slope-alone",
    message: "the step is taken with the second slope alone: it is taken with the mean of both",
    gives: followed((x, t, h, f) => moved(x, f(moved(x, f(x, t), h), t + h), h)),
  },
  {
    mistake: "adds-the-slopes",
    message: "the slopes are added: their mean is taken",
    gives: followed((x, t, h, f) => {
      const here = f(x, t);
      return moved(x, mean(here, f(moved(x, here, h), t + h)), 2 * h);
    }),
  },
  {
    mistake: "asks-at-the-old-time",
    message: "the second slope is taken at the time t: it is that of t + h",
    gives: followed((x, t, h, f) => {
      const here = f(x, t);
      return moved(x, mean(here, f(moved(x, here, h), t)), h);
    }),
  },
  {
    mistake: "asks-at-the-old-place",
    message: "the second slope is taken at x: it is taken where Euler's step would lead",
    gives: followed((x, t, h, f) => moved(x, mean(f(x, t), f(x, t + h)), h)),
  },
  {
    mistake: "looks-half-a-step-ahead",
    message: "the second slope is taken half a step ahead: Euler's whole step leads there",
    gives: followed((x, t, h, f) => {
      const here = f(x, t);
      return moved(x, mean(here, f(moved(x, here, h / 2), t + h / 2)), h);
    }),
  },
  {
    mistake: "forgets-the-step-ahead",
    message: "the second slope is taken at x + k1: the way there is h k1",
    gives: followed((x, t, h, f) => {
      const here = f(x, t);
      return moved(x, mean(here, f(moved(x, here, 1), t + h)), h);
    }),
  },
  {
    mistake: "steps-from-the-place-ahead",
    message: "the step begins where Euler's step has led: it begins at x",
    gives: followed((x, t, h, f) => {
      const here = f(x, t);
      const ahead = moved(x, here, h);
      return moved(ahead, mean(here, f(ahead, t + h)), h);
    }),
  },
  {
    mistake: "reuses-the-last-slope",
    message:
      "the second slope of a step serves as the first of the next: it was taken where Euler's step leads, and that is not where the next step begins",
    gives: ({ curve }) => {
      const h = (curve.to - curve.from) / curve.steps;
      let [x, here] = [curve.x, slopeAt(curve, curve.x, curve.from)];
      for (let k = 0; k < curve.steps; k++) {
        const ahead = slopeAt(curve, moved(x, here, h), curve.from + (k + 1) * h);
        [x, here] = [moved(x, mean(here, ahead), h), ahead];
      }
      return x;
    },
  },
  {
    mistake: "stops-the-clock",
    message: "all steps are taken at the time when the first begins: the time goes on by h a step",
    gives: followed((x, _, h, f, { from }) => {
      const here = f(x, from);
      return moved(x, mean(here, f(moved(x, here, h), from + h)), h);
    }),
  },
  {
    mistake: "begins-at-time-0",
    message: "the clock begins at 0: it begins at `from`",
    gives: followed(heun, undefined, { begins: () => 0 }),
  },
  {
    mistake: "forgets-when-it-begins",
    message: "the steps cover the time `to`: they cover the time from `from` to `to`",
    gives: followed(heun, ({ to, steps }) => to / steps),
  },
  {
    mistake: "ignores-the-sign-of-time",
    message:
      "where `to` lies before `from` the curve is followed forwards: the step has the sign of to - from",
    gives: followed(heun, ({ from, to, steps }) => Math.abs(to - from) / steps),
  },
  {
    mistake: "takes-whole-steps",
    message: "the step is 1, whatever the times: all steps together cover the time from `from` to `to`",
    gives: followed(heun, () => 1),
  },
  {
    mistake: "takes-one-step-less",
    message: "there is one step too few",
    gives: followed(heun, undefined, { steps: (count) => count - 1 }),
  },
  {
    mistake: "forgets-the-shortcut",
    message: "the next state is the step alone: it is added to x",
    gives: followed((x, t, h, f) => {
      const here = f(x, t);
      return mean(here, f(moved(x, here, h), t + h)).map((slope) => h * slope);
    }),
  },
];

/** float32's rounding of each step and of each time, which the drift multiplies; the following steps multiply it by at most 1 + hL + (hL)^2 / 2 each, L the steepest slope. */
function rounding({ curve }: Case): number {
  const { matrix, drift, from, to, steps } = curve;
  const size = (values: State) => values.reduce((sum, value) => sum + Math.abs(value), 0);
  const steepest = Math.max(...matrix.map(size));
  const span = Math.abs(to - from);
  const largest = Math.max(1, ...curve.x.map((value) => Math.abs(value) + span));
  const late = Math.max(...drift.map(Math.abs)) * Math.max(Math.abs(from), Math.abs(to)) * span;
  return check.float32(steps * (4 * matrix.length + 12), largest + late) * Math.exp(span * steepest);
}

const judge = check.judgeBy<Case>(right, mistakes, { what: "the state at the end", within: rounding });

const apart = (a: State, b: State) => a.map((value, i) => value - b[i]!);
const length = (values: State) => Math.hypot(...values);

/** An order by what is taken for the size of a difference. */
const orderBy =
  (size: (difference: State) => number, read: (ratio: number) => number = Math.log2) =>
  ({ ends: [coarse, middle, fine] }: Ends) =>
    read(size(apart(coarse!, middle!)) / size(apart(middle!, fine!)));

const order = orderBy(length);

const orderMistakes: readonly check.Mistake<Ends>[] = [
  {
    mistake: "takes-the-finest-for-exact",
    message:
      "the end after 4n steps is taken for the exact one: it has an error too, of the size that is asked about. The distance between the ends after n and 2n steps needs no exact one",
    gives: ({ ends: [coarse, middle, fine] }) =>
      Math.log2(length(apart(coarse!, fine!)) / length(apart(middle!, fine!))),
  },
  {
    mistake: "forgets-the-logarithm",
    message: "this is by what the distance is divided, 2 to the power of p: p is asked for",
    gives: orderBy(length, (ratio) => ratio),
  },
  {
    mistake: "takes-the-natural-logarithm",
    message: "the logarithm has the wrong base: each halving of the step divides by 2 to the power of p",
    gives: orderBy(length, Math.log),
  },
  {
    mistake: "turns-the-ratio-over",
    message: "the sign is wrong: the first distance is over the second",
    gives: orderBy(length, (ratio) => -Math.log2(ratio)),
  },
  {
    mistake: "forgets-the-root",
    message: "this is twice the order: the distances are roots of sums of squares",
    gives: orderBy((difference) => length(difference) ** 2),
  },
  {
    mistake: "rounds-the-order",
    message:
      "the order is rounded: it need not come out whole, and how far off it is says whether the steps are small",
    gives: orderBy(length, (ratio) => Math.round(Math.log2(ratio))),
  },
  {
    mistake: "adds-absolute-values",
    message: "distances are sums of absolute values here: a distance is the root of the sum of the squares",
    gives: orderBy((difference) => difference.reduce((sum, value) => sum + Math.abs(value), 0)),
  },
  {
    mistake: "looks-at-the-first-number",
    message: "only the first number of each state is looked at",
    gives: orderBy(([first]) => Math.abs(first!)),
  },
  {
    mistake: "compares-lengths",
    message: "the lengths of the states are compared: two states may be equally long and far apart",
    gives: ({ ends }) => {
      const [coarse, middle, fine] = ends.map(length);
      return Math.log2(Math.abs((coarse! - middle!) / (middle! - fine!)));
    },
  },
];

/** float32's rounding of the differences, as shares of their lengths, and of the logarithm. */
function orderRounding({ ends }: Ends): number {
  const [coarse, middle, fine] = ends as [State, State, State];
  const largest = Math.max(...ends.flat().map(Math.abs));
  const share = 1 / length(apart(coarse, middle)) + 1 / length(apart(middle, fine));
  return (
    (check.float32(3 * coarse.length, largest) * share) / Math.LN2 +
    check.float32(8, Math.abs(order({ ends })) + 1)
  );
}

const orderJudge = check.judgeBy<Ends>(order, orderMistakes, { what: "the order", within: orderRounding });

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "heun-step",
    title: "Two slopes a step: Heun's method, and its order",
    needs: ["heun", "observedOrder"],
    properties: [
      {
        id: "by-hand",
        title: "one step and two are right, in one dimension and in two",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "heun-step by hand");
          const worked: readonly Case[] = [
            {
              curve: { matrix: [[0.8, -0.4], [0.5, 1]], drift: [1, -0.5], x: [0.5, -1], from: 0.5, to: 2.5, steps: 3 }, // prettier-ignore
            },
            { curve: { matrix: [[1]], drift: [0], x: [0.5], from: 0, to: 1, steps: 1 } },
            { curve: { matrix: [[0]], drift: [1], x: [0], from: 0, to: 2, steps: 1 } },
            { curve: { matrix: [[1]], drift: [1], x: [0.5], from: 2, to: 0.5, steps: 2 } },
            { curve: { matrix: [[1]], drift: [-0.5], x: [-0.25], from: -1, to: 1, steps: 4 } },
          ];
          return check.withDrawn(judge, worked, () => [
            { curve: drawCurve(draw, 1, 2) },
            { curve: drawCurve(draw, 2, 1) },
          ]);
        },
        ...judge,
      },
      {
        id: "curves",
        title: "it follows curves of any length, forwards and backwards, in any number of steps",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "heun-step");
          return check.drawUntil(
            () =>
              [
                drawCurve(draw, 3, 3),
                drawCurve(draw, 2, 8),
                drawCurve(draw, 4, 2, -1),
                drawCurve(draw, 1, 1, -1),
                drawCurve(draw, 2, 30, -1),
                drawCurve(draw, 9, 2),
              ].map((curve) => ({ curve })),
            (drawn) => check.tells(judge, drawn),
            "curves on which no mistake looks like another",
          );
        },
        ...judge,
      },
      ...byHand,
      {
        id: "order",
        title: "the order is right for the ends of any method",
        points: 2,
        cases(seed) {
          const draw = check.stream(seed, "order");
          /** Ends of a method of about this order, in so many dimensions. */
          const ends = (p: number, size: number): Ends => {
            const numbers = (scale: number) => check.oddNumbers(draw, size).map((value) => value * scale);
            const [exact, error, other] = [numbers(1), numbers(1), numbers(0.1)];
            return {
              ends: [1, 2, 4].map((n) =>
                exact.map((value, i) =>
                  Number((value + error[i]! / n ** p + other[i]! / n ** (p + 1)).toFixed(4)),
                ),
              ),
            };
          };
          return check.drawUntil(
            () => [ends(2, 3), ends(1, 2), ends(3, 4), ends(2, 1), ends(0.5, 8)],
            (drawn) => check.tells(orderJudge, drawn),
            "ends on which no mistake looks like another",
          );
        },
        ...orderJudge,
      },
    ],
  },
];
