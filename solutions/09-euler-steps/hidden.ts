// The hidden cases: random ones, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

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
    step = ({ time, units }: Case) => time / units,
    extra = 0,
  ) =>
  (drawn: Case) => {
    const states: State[] = [drawn.x];
    for (let unit = 0; unit < drawn.units + extra; unit++)
      states.push(next(drawn, states.at(-1)!, step(drawn)));
    return { states, x: drawn.x };
  };

const euler = (drawn: Case, x: State, step: number) => moved(x, slopeAt(drawn, x), step);

const right = followed(euler);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "forgets-the-shortcut",
    message: "the next state is h f(x): each unit adds to its input",
    gives: followed((drawn, x, step) => slopeAt(drawn, x).map((slope) => step * slope)),
  },
  {
    mistake: "takes-whole-steps",
    message: "the step is 1, whatever the time: n units that cover T have the step T / n",
    gives: followed(euler, () => 1),
  },
  {
    mistake: "forgets-the-time",
    message: "the step is 1 / n: the units together should cover the time T",
    gives: followed(euler, ({ units }) => 1 / units),
  },
  {
    mistake: "one-unit-too-many",
    message: "there is one unit too many: n units give n + 1 states",
    gives: followed(euler, undefined, 1),
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
    mistake: "takes-the-midpoint",
    message:
      "the slope is taken half a step ahead: that is a better method, but no residual unit, which evaluates F once at its input",
    gives: followed((drawn, x, step) =>
      moved(x, slopeAt(drawn, moved(x, slopeAt(drawn, x), step / 2)), step),
    ),
  },
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "euler-steps",
    title: "Residual units as steps of Euler's method",
    needs: ["evolve"],
    properties: [
      ...byHand,
      {
        id: "curves",
        title: "it follows curves with any number of units",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "euler-steps");
          return [3, 6].map((units) => ({
            matrix: Array.from({ length: 3 }, () => check.oddNumbers(draw, 3)),
            x: check.oddNumbers(draw, 3),
            time: Number((1.5 + draw.uniform()).toFixed(2)),
            units,
          }));
        },
        ...check.judgeBy<Case>(right, mistakes, {
          what: "the states (and x after the call)",
        }),
      },
    ],
  },
];
