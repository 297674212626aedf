// What is graded of the variances: networks of each kind of unit, and what known mistakes give for them.
import { check } from "residual";

type Residual =
  | { readonly kind: "normalised"; readonly variance: number }
  | { readonly kind: "proportional"; readonly gain: number };
type Unit = { readonly factor: number; readonly residual: Residual };
type Case = { readonly start: number; readonly units: readonly Unit[] };

/** The variance that a residual adds to a signal of variance v. */
const added = ({ residual }: Unit, v: number) =>
  residual.kind === "normalised" ? residual.variance : residual.gain * v;

/** The variances by a step from one to the next. */
const along =
  (step: (v: number, unit: Unit, start: number) => number) =>
  ({ start, units }: Case): number[] =>
    units.reduce<number[]>(
      (variances, unit) => [...variances, step(variances.at(-1)!, unit, start)],
      [start],
    );

const square = (value: number) => value * value;

const right = along((v, unit) => square(unit.factor) * v + added(unit, v));

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "gives-nothing-without-units",
    message:
      "without units the list is empty: it begins with the variance of x_0, which is there all the same",
    gives: (drawn) => (drawn.units.length === 0 ? [] : right(drawn)),
  },
  {
    mistake: "keeps-the-factors-sign",
    message: "a factor below zero takes away: it turns the signal around, and what becomes of its variance?",
    gives: along((v, unit) => unit.factor * Math.abs(unit.factor) * v + added(unit, v)),
  },
  {
    mistake: "takes-0-for-no-factor",
    message: "a factor of 0 counts like one of 1: it lets nothing through",
    gives: along((v, unit) => square(unit.factor || 1) * v + added(unit, v)),
  },
  {
    mistake: "never-lets-it-vanish",
    message: "the variance never falls below a bound: a signal may vanish",
    gives: along((v, unit) => Math.max(square(unit.factor) * v + added(unit, v), 1e-3)),
  },
  {
    mistake: "gains-on-the-scaled-signal",
    message: "the gain is applied to what the factor has left: the residual takes in the unit's input",
    gives: along(
      (v, unit) =>
        square(unit.factor) * v +
        added(unit, unit.residual.kind === "normalised" ? v : square(unit.factor) * v),
    ),
  },
  {
    mistake: "scales-the-residual-too",
    message: "the factor multiplies the residual too: it stands on the shortcut",
    gives: along((v, unit) => square(unit.factor) * (v + added(unit, v))),
  },
  {
    mistake: "gains-on-the-start",
    message: "every gain is applied to the first variance: a residual takes in what reaches its unit",
    gives: along((v, unit, start) => square(unit.factor) * v + added(unit, start)),
  },
  {
    mistake: "squares-the-gain",
    message: "the gain is squared: it is a gain of the variance already",
    gives: along(
      (v, unit) =>
        square(unit.factor) * v +
        (unit.residual.kind === "normalised" ? added(unit, v) : square(unit.residual.gain) * v),
    ),
  },
  {
    mistake: "normalises-nothing",
    message: "a normalised residual grows with its input here: it has the same variance whatever comes in",
    gives: along(
      (v, unit) =>
        square(unit.factor) * v +
        (unit.residual.kind === "normalised" ? unit.residual.variance * v : added(unit, v)),
    ),
  },
  {
    mistake: "forgets-to-square-the-factor",
    message: "the variance is multiplied by the factor itself: that is what the signal is multiplied by",
    gives: along((v, unit) => unit.factor * v + added(unit, v)),
  },
  {
    mistake: "forgets-the-factor",
    message: "the factor on the shortcut has no effect",
    gives: along((v, unit) => v + added(unit, v)),
  },
  {
    mistake: "adds-deviations",
    message: "standard deviations are added: of uncorrelated things the variances add",
    gives: along((v, unit) => square(unit.factor * Math.sqrt(v) + Math.sqrt(added(unit, v)))),
  },
  {
    mistake: "forgets-the-residual",
    message: "only the shortcut is followed: each residual adds a variance of its own",
    gives: along((v, unit) => square(unit.factor) * v),
  },
  {
    mistake: "gives-deviations",
    message: "these are standard deviations: their squares, the variances, are asked for",
    gives: (drawn) => right(drawn).map(Math.sqrt),
  },
  {
    mistake: "forgets-the-start",
    message: "the list begins with the variance of x_0, the start",
    gives: (drawn) => right(drawn).slice(1),
  },
  {
    mistake: "gives-the-last-only",
    message: "only the last variance is given: all are asked for",
    gives: (drawn) => right(drawn).slice(-1),
  },
];

const judge = check.judgeBy<Case>(right, mistakes, {
  what: "the list of variances",
  // All terms are positive: each unit rounds a few times and cancels nothing.
  within: (drawn) => check.float32(6 * drawn.units.length + 4, Math.max(...right(drawn))),
});

const normalised = (factor: number, variance: number): Unit => ({
  factor,
  residual: { kind: "normalised", variance },
});
const proportional = (factor: number, gain: number): Unit => ({
  factor,
  residual: { kind: "proportional", gain },
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "growth-with-depth",
    title: "How the signal grows with depth: predict, then compute",
    needs: ["signalVariances"],
    properties: [
      {
        id: "by-hand",
        title: "it is right for a few units of each kind, and for none",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "growth-with-depth by hand");
          const whole = () => 1 + draw.integer(9);
          const factor = () => check.oneOf(draw, [0.5, 1.5, 2, 3]);
          const worked: readonly Case[] = [
            { start: 4, units: [normalised(0.5, 2), normalised(0.5, 2), normalised(3, 1)] },
            { start: 2, units: [proportional(1, 3), proportional(1, 3)] },
            { start: 1, units: [proportional(0.5, 2), normalised(2, 0.5)] },
            { start: 3, units: [] },
            {
              start: 1,
              units: [normalised(0, 2), proportional(0, 3), proportional(-2, 1), normalised(-1, 1)],
            },
            { start: 1, units: [proportional(0.01, 0), normalised(0.5, 0)] },
          ];
          return check.withDrawn(judge, worked, () => [
            { start: whole(), units: [normalised(factor(), whole()), proportional(factor(), whole())] },
          ]);
        },
        ...judge,
      },
      {
        id: "mixed",
        title: "it is right for networks of mixed units, with factors of either sign and none",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "growth-with-depth");
          const between = (low: number, high: number) =>
            Number((low + (high - low) * draw.uniform()).toFixed(3));
          const unit = (i: number, sign = 1): Unit =>
            i % 2 === 0
              ? normalised(sign * between(0.6, 0.9), between(0.3, 1.3))
              : proportional(sign * between(1.1, 1.3), between(0.2, 0.8));
          const network = (length: number, sign?: number) => ({
            start: between(1.5, 2.5),
            units: Array.from({ length }, (_, i) => unit(i, sign)),
          });
          return [
            network(5),
            network(8, -1),
            {
              ...network(0),
              units: [unit(0), proportional(0, between(0.3, 0.6)), unit(1), normalised(0, 0.7)],
            },
            { start: 0, units: [unit(1), normalised(1, between(0.2, 0.9)), unit(1)] },
            network(50),
            { ...network(0), units: [] },
            { ...network(0), units: [proportional(0.02, 0), proportional(0.5, 1e-4)] },
          ];
        },
        ...judge,
      },
    ],
  },
];
