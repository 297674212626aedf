// What is graded of the steps: curves forwards, backwards and standing still, and what known mistakes give for them.
import { check } from "residual";

type Case = {
  readonly matrix: readonly (readonly number[])[];
  readonly x: readonly number[];
  readonly time: number;
  readonly units: number;
};

type State = readonly number[];

const slopeAt = ({ matrix }: Case, x: State) =>
  matrix.map((row) => Math.tanh(row.reduce((sum, a, j) => sum + a * x[j]!, 0)));
const moved = (x: State, slope: State, step: number) => x.map((value, i) => value + step * slope[i]!);

/** The states by a rule for the next one, which also gets the step. */
const followed =
  (
    next: (drawn: Case, x: State, step: number) => State,
    step: (drawn: Case, unit: number) => number = ({ time, units }) => time / units,
    extra = 0,
  ) =>
  (drawn: Case): State[] => {
    const states: State[] = [drawn.x];
    for (let unit = 0; unit < drawn.units + extra; unit++)
      states.push(next(drawn, states.at(-1)!, step(drawn, unit)));
    return states;
  };

const euler = (drawn: Case, x: State, step: number) => moved(x, slopeAt(drawn, x), step);

const right = followed(euler);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "gives-nothing-without-units",
    message: "without units the state x_0 is missing: n units give n + 1 states",
    gives: (drawn) => (drawn.units === 0 ? [] : right(drawn)),
  },
  {
    mistake: "ignores-the-sign-of-time",
    message: "a negative time is followed forwards: the step has the sign of the time",
    gives: followed(euler, ({ time, units }) => Math.abs(time) / units),
  },
  {
    mistake: "updates-in-place",
    message:
      "later numbers see earlier ones that have moved already: the whole slope is taken at the old state",
    gives: followed((drawn, x, step) =>
      x.reduce<State>((state, value, i) => state.with(i, value + step * slopeAt(drawn, state)[i]!), x),
    ),
  },
  {
    mistake: "keeps-the-first-slope",
    message: "all steps have the slope at x_0: each unit evaluates f at its own input",
    gives: (drawn) => followed((_, x, step) => moved(x, slopeAt(drawn, drawn.x), step))(drawn),
  },
  {
    mistake: "divides-the-rest-of-the-time",
    message: "the steps become smaller and smaller: all are T / n",
    gives: followed(euler, ({ time, units }, unit) => (time / units) * (1 - 1 / units) ** unit),
  },
  {
    mistake: "takes-the-midpoint",
    message:
      "the slope is taken half a step ahead: that is a better method, but no residual unit, which evaluates F once at its input",
    gives: followed((drawn, x, step) =>
      moved(x, slopeAt(drawn, moved(x, slopeAt(drawn, x), step / 2)), step),
    ),
  },
  {
    mistake: "forgets-the-time",
    message: "the step is 1 / n: the units together should cover the time T",
    gives: followed(euler, ({ units }) => 1 / units),
  },
  {
    mistake: "takes-whole-steps",
    message: "the step is 1, whatever the time: n units that cover T have the step T / n",
    gives: followed(euler, () => 1),
  },
  {
    mistake: "counts-states-for-units",
    message: "the step is T / (n + 1): there are n + 1 states, but n steps between them",
    gives: followed(euler, ({ time, units }) => time / (units + 1)),
  },
  {
    mistake: "gives-one-list-again-and-again",
    message: "all states are the last one: the same list is given again and again, and changed in between",
    gives: (drawn) => right(drawn).map(() => right(drawn).at(-1)!),
  },
  {
    mistake: "forgets-the-shortcut",
    message: "the next state is h f(x): each unit adds to its input",
    gives: followed((drawn, x, step) => slopeAt(drawn, x).map((slope) => step * slope)),
  },
  {
    mistake: "one-unit-too-many",
    message: "there is one unit too many: n units give n + 1 states",
    gives: followed(euler, undefined, 1),
  },
  {
    mistake: "forgets-the-start",
    message: "the first state is missing: x_0 is asked for too",
    gives: (drawn) => right(drawn).slice(1),
  },
  {
    mistake: "gives-the-last-state-only",
    message: "only the last state is given: all are asked for",
    gives: (drawn) => right(drawn).slice(-1),
  },
];

/** float32's rounding of each step, which the following ones carry on and at most multiply by 1 + |h| L, L the largest slope of f. */
function rounding(drawn: Case): number {
  const { matrix, time, units } = drawn;
  const steepest = Math.max(...matrix.map((row) => row.reduce((sum, a) => sum + Math.abs(a), 0)));
  const largest = Math.max(1, ...right(drawn).flat().map(Math.abs));
  return (
    check.float32(Math.max(1, units) * (2 * matrix.length + 6), largest) * Math.exp(Math.abs(time) * steepest)
  );
}

const judge = check.judgeBy<Case>(right, mistakes, { what: "the list of states", within: rounding });

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "euler-steps",
    title: "Residual units as steps of Euler's method",
    needs: ["evolve"],
    properties: [
      {
        id: "by-hand",
        title: "where nothing moves it stays, one unit makes one step, and no unit makes none",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "euler-steps by hand");
          const tenths = () => (3 + draw.integer(20)) / 10;
          const worked: readonly Case[] = [
            {
              matrix: [
                [0, 0],
                [0, 0],
              ],
              x: [1, -2],
              time: 3,
              units: 2,
            },
            { matrix: [[1]], x: [0.5], time: 2.5, units: 2 },
            { matrix: [[1]], x: [0.5], time: 2, units: 1 },
            {
              matrix: [
                [1, 0],
                [0, 1],
              ],
              x: [0.5, -1],
              time: 1,
              units: 0,
            },
          ];
          return check.withDrawn(judge, worked, () => [
            { matrix: [[tenths()]], x: [tenths()], time: 1 + tenths(), units: 1 },
            { ...worked[3]!, x: [tenths(), -tenths()] },
          ]);
        },
        ...judge,
      },
      {
        id: "curves",
        title: "it follows curves of any length, forwards and backwards, with any number of units",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "euler-steps");
          const curve = (size: number, units: number, sign = 1): Case => ({
            matrix: Array.from({ length: size }, () =>
              check.oddNumbers(draw, size).map((value) => Number((value / Math.sqrt(size)).toFixed(3))),
            ),
            x: check.oddNumbers(draw, size).map((value) => Number(value.toFixed(3))),
            time: Number((sign * (1.2 + 0.6 * draw.uniform())).toFixed(2)),
            units,
          });
          return [
            curve(3, 3),
            curve(2, 8),
            curve(4, 2, -1),
            curve(1, 1, -1),
            { ...curve(2, 3), time: 0 },
            curve(2, 40, -1),
            curve(3, 0, -1),
            curve(10, 2),
          ];
        },
        ...judge,
      },
    ],
  },
];
