// The view of units as Euler steps: the same weights with more and smaller steps (E 2017; Haber and Ruthotto 2017; Chang et al. 2018).
import * as tf from "@tensorflow/tfjs-core";
import { changesShape, unitCalled, viewOf, type Operable } from "./operable.js";

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
 * Units that change the shape are run once and whole: nothing can be added to their input.
 *
 * @throws RangeError unless `steps` is a whole number of at least 1, or where a unit to refine is plain, changes the shape or is unknown.
 */
export function eulerRefined(network: Operable, steps: number, options: EulerOptions = {}): Operable {
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
  return viewOf(network, `${network.name}, each step in ${steps}`, (mode) => ({
    order: Object.keys(network.parts).flatMap((part) =>
      Array.from({ length: refined.has(part) ? steps : 1 }, () => part),
    ),
    mode: {
      ...mode,
      replace(name, value) {
        const isStep = name.endsWith(".residual") && refined.has(name.slice(0, -".residual".length));
        const result = isStep && steps > 1 ? tf.div(value, steps) : value;
        return mode.replace?.(name, result) ?? result;
      },
    },
  }));
}
