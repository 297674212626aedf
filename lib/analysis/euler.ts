// The view of units as Euler steps: the same weights with more and smaller steps (E 2017; Haber and Ruthotto 2017; Chang et al. 2018).
import * as tf from "@tensorflow/tfjs-core";
import type { NamedUnit } from "../nn/architecture.js";
import { onlyKnown } from "../options.js";
import type { Model } from "../nn/model.js";
import type { ResidualUnit } from "../nn/unit.js";
import { changesShape, unitCalled, viewOf, withResidual } from "./view.js";

/** How a network is refined. */
export interface EulerOptions {
  /** The units that are refined. Default: every unit whose output has its input's shape; others are no steps of an equation. */
  readonly units?: readonly string[];
}

/**
 * The network with every step x + F(x) taken as `steps` steps x + F(x) / `steps` of the same weights, one after the other: a network
 * `steps` times as deep, whose units are copies of this one's. It shares the variables, so training it trains one set of weights.
 *
 * If the units follow a differential equation dx/dt = F(x, t) with weights that change little from unit to unit, then the shallow
 * network is Euler's method with steps of 1, and this one with steps of 1 / `steps`: the outputs must then be close, and converge
 * in proportion to 1 / `steps`.
 *
 * The steps of `stage1.unit2` are the units `stage1.unit2.step1`, `stage1.unit2.step2`, …; with one step it keeps its name.
 *
 * Units that change the shape are run once and whole: nothing can be added to their input.
 *
 * @throws RangeError unless `steps` is a whole number of at least 1, or where a unit to refine is plain, changes the shape or is unknown.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 14, widths: [2, 2, 2], inputShape: [8, 8, 1] });
 * analysis.eulerRefined(network, 2).forward(tf.zeros([1, 8, 8, 1]), { training: false }).shape; // [1, 10]
 * ```
 */
export function eulerRefined(network: Model, steps: number, options: EulerOptions = {}): Model {
  onlyKnown("eulerRefined", options, ["units"]);
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`steps must be a whole number of at least 1; got ${steps}`);
  }
  const names =
    options.units ?? network.units.filter(({ unit }) => !changesShape(unit.change)).map(({ name }) => name);
  for (const name of names) {
    const { shortcut, change } = unitCalled(network, name);
    if (!shortcut || changesShape(change)) {
      throw new RangeError(
        `only a unit with a shortcut that keeps the shape is a step x + F(x); got ${name}: refine others`,
      );
    }
  }
  const refined = new Set(names);
  const stepsOf = ({ name, unit }: NamedUnit): NamedUnit[] => {
    if (steps === 1 || !refined.has(name)) return [{ name, unit }];
    const short = withResidual(unit, (residual) => tf.div(residual, steps));
    return Array.from({ length: steps }, (_, k) => ({
      name: `${name}.step${k + 1}`,
      unit: k === 0 ? short : withSharedWeights(short),
    }));
  };
  const units = new Map(network.units.map((named) => [named.name, stepsOf(named)]));
  const parts = Object.entries(network.parts).flatMap(
    ([name, part]) =>
      units.get(name)?.map((step) => [step.name, step.unit] as const) ?? [[name, part] as const],
  );
  return viewOf(network, {
    name: `${network.name}, each step in ${steps}`,
    route: { eulerRefined: { steps, units: [...refined] } },
    parts: Object.fromEntries(parts),
    units: [...units.values()].flat(),
  });
}

/** A unit whose parameters another one counts already. */
function withSharedWeights(unit: ResidualUnit): ResidualUnit {
  return {
    ...unit,
    parameters: () => [],
    rows: (input, before) => unit.rows(input, before).map((row) => ({ ...row, parameters: 0 })),
  };
}
