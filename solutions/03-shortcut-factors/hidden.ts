// The hidden cases of the factors: many units, found by running the recurrence itself.
import { check } from "residual";
import { byHand } from "./public";

type Lambdas = readonly number[];

/** x_L for given x_0 and F: the recurrence, run forward. It is linear, so ones and zeros read the numbers off. */
const run = (lambdas: Lambdas, start: number, residuals: Lambdas) =>
  lambdas.reduce((x, lambda, i) => lambda * x + residuals[i]!, start);

function right(lambdas: Lambdas) {
  const none = lambdas.map(() => 0);
  return {
    carried: run(lambdas, 1, none),
    residuals: lambdas.map((_, i) => run(lambdas, 0, none.with(i, 1))),
  };
}

const product = (lambdas: Lambdas) => lambdas.reduce((a, b) => a * b, 1);

const mistakes: readonly check.Mistake<Lambdas>[] = [
  {
    mistake: "carries-nothing-without-units",
    message: "without units x_0 is lost: there is no shortcut that it must pass",
    gives: (lambdas) => (lambdas.length === 0 ? { carried: 0, residuals: [] } : right(lambdas)),
  },
  {
    mistake: "cuts-more-than-0-cuts",
    message: "behind a factor of 0 everything is lost: only what passes that shortcut is",
    gives: (lambdas) => {
      const { carried, residuals } = right(lambdas);
      return {
        carried,
        residuals: residuals.map((c, i) => (lambdas.slice(0, i + 1).includes(0) ? 0 : c)),
      };
    },
  },
  {
    mistake: "residuals-pass-freely",
    message: "every F arrives whole: each must pass the shortcuts of the units after it",
    gives: (lambdas) => ({ ...right(lambdas), residuals: lambdas.map(() => 1) }),
  },
  {
    mistake: "counts-the-units-own-shortcut",
    message: "a unit's F is multiplied by the unit's own factor: it is added behind it",
    gives: (lambdas) => ({ ...right(lambdas), residuals: lambdas.map((_, i) => product(lambdas.slice(i))) }),
  },
  {
    mistake: "takes-the-units-before",
    message: "F is multiplied by the factors of the units before it: it passes those after it",
    gives: (lambdas) => ({
      ...right(lambdas),
      residuals: lambdas.map((_, i) => product(lambdas.slice(0, i))),
    }),
  },
  {
    mistake: "takes-a-power",
    message: "a power of the first factor: every unit has a factor of its own",
    gives: (lambdas) => ({
      carried: lambdas[0]! ** lambdas.length,
      residuals: lambdas.map((_, i) => lambdas[0]! ** (lambdas.length - 1 - i)),
    }),
  },
  {
    mistake: "forgets-the-last-shortcut",
    message: "the last unit's shortcut is not passed: there are L units, so L factors",
    gives: (lambdas) => ({
      carried: product(lambdas.slice(0, -1)),
      residuals: lambdas.map((_, i) => product(lambdas.slice(i + 1, -1))),
    }),
  },
  {
    mistake: "divides-by-a-factor",
    message: "the whole product is divided by factors: where one of them is 0, nothing can be divided by it",
    gives: (lambdas) => {
      const { carried, residuals } = right(lambdas);
      return { carried, residuals: residuals.map((_, i) => carried / product(lambdas.slice(0, i + 1))) };
    },
  },
  {
    mistake: "averages-the-factors",
    message: "the factors are averaged: units in a row multiply",
    gives: (lambdas) => ({
      carried: lambdas.reduce((a, b) => a + b, 0) / lambdas.length,
      residuals: right(lambdas).residuals,
    }),
  },
  {
    mistake: "stops-at-100-units",
    message: "the units behind the hundredth are left out: there may be any number of units",
    gives: (lambdas) => right(lambdas.slice(0, 100)),
  },
  {
    mistake: "takes-little-for-nothing",
    message: "a small number comes out as 0: a product is never small enough to be left out",
    gives: (lambdas) => {
      const { carried, residuals } = right(lambdas);
      const some = (c: number) => (Math.abs(c) < 1e-3 ? 0 : c);
      return { carried: some(carried), residuals: residuals.map(some) };
    },
  },
];

/** What a mistake makes of the number before x_0. */
const carriedBy = ({ gives, ...slip }: check.Mistake<Lambdas>): check.Mistake<Lambdas> => ({
  ...slip,
  gives: (lambdas) => (gives(lambdas) as ReturnType<typeof right>).carried,
});

/** One product after the other, each rounded, and none summed: the largest partial product is the magnitude. */
const rounding = (lambdas: Lambdas): number =>
  check.float32(2 * lambdas.length + 2, check.largest(right(lambdas.map((l) => Math.max(Math.abs(l), 1)))));

const judged = check.judgeBy(right, mistakes, { what: "the factors", within: rounding });

/** The units of the notebook, and two of each learner's own. */
const twoUnits = check.alsoDrawn<Lambdas>(byHand, judged, (draw) => {
  const factor = () => (25 + draw.integer(150)) / 100;
  return [[factor(), factor()]];
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "shortcut-factors",
    title: "What a factor on every shortcut makes of a deep network",
    needs: ["shortcutFactors"],
    properties: [
      ...twoUnits,
      {
        id: "many-units",
        title: "it is right for many units with different factors",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "shortcut-factors");
          const factors = (units: number) =>
            Array.from({ length: units }, () => Number((0.6 + 0.7 * draw.uniform()).toFixed(3)));
          const near = (value: number, spread: number) =>
            Number((value * (1 + spread * (2 * draw.uniform() - 1))).toPrecision(4));
          // Then a shortcut that is cut, one that turns the sign, one unit, more than a hundred, none, and factors that let hardly anything pass.
          return [
            factors(4),
            factors(9),
            factors(5).with(2, 0),
            factors(4).with(1, -0.5),
            factors(1),
            Array.from({ length: 130 }, () => near(1, 0.1)),
            [],
            [near(0.3, 0.1), near(0.002, 0.1), near(0.0004, 0.1)],
          ];
        },
        ...judged,
      },
      {
        id: "little-and-much",
        title: "the number before x_0 has all its digits, however small or large it is",
        points: 1,
        cases(seed) {
          const draw = check.stream(seed, "little-and-much");
          const around = (value: number, units: number) =>
            Array.from({ length: units }, () =>
              Number((value * (0.75 + 0.5 * draw.uniform())).toPrecision(4)),
            );
          // About 1e-14, -1e-6, 1e-21 and 4e5: a bound that fits the largest number would let the others be anything.
          return [around(0.2, 20), around(0.2, 9).with(4, -0.25), around(0.2, 30), around(5, 8)];
        },
        ...check.judgeBy<Lambdas>((lambdas) => right(lambdas).carried, mistakes.map(carriedBy), {
          part: "carried",
          what: "the number before x_0",
          within: (lambdas) => check.float32(2 * lambdas.length + 2, Math.abs(product(lambdas))),
        }),
      },
    ],
  },
];
