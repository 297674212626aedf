// The hidden cases: random ones, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

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
  (step: (v: number, unit: Unit) => number) =>
  ({ start, units }: Case): number[] =>
    units.reduce<number[]>((variances, unit) => [...variances, step(variances.at(-1)!, unit)], [start]);

const right = along((v, unit) => unit.factor * unit.factor * v + added(unit, v));

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "adds-deviations",
    message: "standard deviations are added: of uncorrelated things the variances add",
    gives: along((v, unit) => (unit.factor * Math.sqrt(v) + Math.sqrt(added(unit, v))) ** 2),
  },
  {
    mistake: "forgets-to-square-the-factor",
    message:
      "the variance is multiplied by the factor: multiplying a signal multiplies its variance by the square",
    gives: along((v, unit) => unit.factor * v + added(unit, v)),
  },
  {
    mistake: "forgets-the-factor",
    message: "the factor on the shortcut has no effect",
    gives: along((v, unit) => v + added(unit, v)),
  },
  {
    mistake: "normalises-nothing",
    message: "a normalised residual grows with its input here: it has the same variance whatever comes in",
    gives: along(
      (v, unit) =>
        unit.factor ** 2 * v +
        (unit.residual.kind === "normalised" ? unit.residual.variance * v : added(unit, v)),
    ),
  },
  {
    mistake: "forgets-the-residual",
    message: "only the shortcut is followed: each residual adds a variance of its own",
    gives: along((v, unit) => unit.factor ** 2 * v),
  },
  {
    mistake: "forgets-the-start",
    message: "the list begins with the variance of x_0, the start",
    gives: (drawn) => right(drawn).slice(1),
  },
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "growth-with-depth",
    title: "How the signal grows with depth: predict, then compute",
    needs: ["signalVariances"],
    properties: [
      ...byHand,
      {
        id: "mixed",
        title: "for networks of mixed units",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "growth-with-depth");
          const unit = (): Unit => ({
            factor: Number((0.7 + 0.5 * draw.uniform()).toFixed(3)),
            residual:
              draw.uniform() < 0.5
                ? { kind: "normalised", variance: Number((0.3 + draw.uniform()).toFixed(3)) }
                : { kind: "proportional", gain: Number((0.2 + draw.uniform()).toFixed(3)) },
          });
          const normalised: Unit = { factor: 0.9, residual: { kind: "normalised", variance: 1.3 } };
          return [5, 9].map((length) => ({
            start: Number((1.5 + draw.uniform()).toFixed(3)),
            units: [normalised, ...Array.from({ length }, unit)],
          }));
        },
        ...check.judgeBy<Case>(right, mistakes, { what: "the list of variances" }),
      },
    ],
  },
];
