// Lesions: a network with units deleted or in another order, sharing its weights (Veit, Wilber and Belongie 2016, section 4).
import * as tf from "@tensorflow/tfjs-core";
import { randomStream } from "../random/index.js";
import type { Model } from "../nn/model.js";
import { changesShape, unitCalled, viewOf, withResidual } from "./view.js";

/**
 * The network without some of its units, sharing its variables: it can be evaluated like any model, and has nothing to dispose.
 *
 * Of a residual unit the shortcut stays and F(x) is 0; of a plain unit nothing stays and its input goes on, which is possible where its
 * output has the same shape.
 *
 * @throws RangeError if there is no such unit, or it is plain and changes the shape.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1] });
 * const lesioned = analysis.withoutUnits(network, [network.units[0].name]);
 * lesioned.forward(tf.zeros([1, 8, 8, 1]), { training: false }).shape; // [1, 10]
 * ```
 */
export function withoutUnits(network: Model, names: readonly string[]): Model {
  const deleted = new Set(names);
  for (const name of deleted) {
    const { shortcut, change } = unitCalled(network, name);
    if (!shortcut && changesShape(change)) {
      throw new RangeError(
        `a plain unit that changes the shape cannot be deleted, since nothing of its output's shape would go on; got ${name}`,
      );
    }
  }
  const units = network.units
    .filter(({ name, unit }) => unit.shortcut !== undefined || !deleted.has(name))
    .map(({ name, unit }) => ({ name, unit: deleted.has(name) ? withResidual(unit, tf.zerosLike) : unit }));
  const kept = new Map(units.map(({ name, unit }) => [name, unit]));
  const parts = Object.entries(network.parts)
    .filter(([name]) => kept.has(name) || !deleted.has(name))
    .map(([name, part]) => [name, kept.get(name) ?? part] as const);
  return viewOf(network, {
    name: `${network.name} without ${names.join(", ")}`,
    route: { withoutUnits: [...deleted] },
    parts: Object.fromEntries(parts),
    units,
    leftOut: [...deleted].filter((name) => !kept.has(name)),
  });
}

/**
 * The network with its units in another order, sharing its variables.
 *
 * @param order every unit's name once. Units that change the shape keep their place, and the others stay in their stage.
 * @throws RangeError naming the first unit for which that does not hold.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 20, widths: [2, 2, 2], inputShape: [8, 8, 1] });
 * const view = analysis.withUnitOrder(network, analysis.swappedOrder(network, 1, 1));
 * view.forward(tf.zeros([1, 8, 8, 1]), { training: false }).shape; // [1, 10]
 * ```
 */
export function withUnitOrder(network: Model, order: readonly string[]): Model {
  const { units } = network;
  if (order.length !== units.length || new Set(order).size !== order.length) {
    throw new RangeError(
      `an order must name each of the ${units.length} units once; got ${order.length} names`,
    );
  }
  const placed = new Map<string, string>();
  units.forEach(({ name, unit }, place) => {
    const other = order[place]!;
    const { change } = unitCalled(network, other);
    const fits =
      !changesShape(unit.change) && !changesShape(change) && change.inChannels === unit.change.inChannels;
    if (other !== name && !fits) {
      throw new RangeError(
        `units can change places where both keep one shape; got ${other} in place of ${name}`,
      );
    }
    placed.set(name, other);
  });
  const parts = Object.entries(network.parts).map(([name, part]) => {
    const other = placed.get(name);
    return other === undefined ? ([name, part] as const) : ([other, unitCalled(network, other)] as const);
  });
  return viewOf(network, {
    name: `${network.name}, reordered`,
    route: { withUnitOrder: order },
    parts: Object.fromEntries(parts),
    units: order.map((name) => ({ name, unit: unitCalled(network, name) })),
  });
}

/**
 * A random order: `swaps` pairs of units of one shape change places, as in Veit et al. 2016, Figure 5 (b).
 * @throws RangeError if no two units have one shape.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 20, widths: [2, 2, 2] });
 * analysis.swappedOrder(network, 2, 1).length; // 9
 * ```
 */
export function swappedOrder(network: Pick<Model, "units">, swaps: number, seed: number): string[] {
  const order = network.units.map(({ name }) => name);
  const pairs = network.units.flatMap(({ unit: a }, i) =>
    network.units.flatMap(({ unit: b }, j) =>
      i < j &&
      !changesShape(a.change) &&
      !changesShape(b.change) &&
      a.change.inChannels === b.change.inChannels
        ? [[i, j] as const]
        : [],
    ),
  );
  if (pairs.length === 0) throw new RangeError("a swap needs two units of one shape; got none");
  const stream = randomStream(seed, "swaps");
  for (let k = 0; k < swaps; k++) {
    const [i, j] = pairs[stream.integer(pairs.length)]!;
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/**
 * Kendall's rank correlation of two orders of the same names: 1 for the same order, -1 for the reverse.
 * @throws RangeError if they are not orders of the same names.
 *
 * @example
 * ```ts
 * analysis.kendallTau(["a", "c", "b"], ["a", "b", "c"]); // 0.33333
 * ```
 */
export function kendallTau(order: readonly string[], reference: readonly string[]): number {
  const rank = new Map(reference.map((name, i) => [name, i]));
  const odd = order.find((name, i) => !rank.has(name) || order.indexOf(name) !== i);
  if (odd !== undefined || rank.size !== order.length) {
    throw new RangeError(
      `two orders must have the same names, each once; got ${odd ?? `${order.length} and ${reference.length} names`}`,
    );
  }
  let concordant = 0;
  let pairs = 0;
  for (let i = 0; i < order.length; i++) {
    for (let j = i + 1; j < order.length; j++) {
      concordant += Math.sign(rank.get(order[j]!)! - rank.get(order[i]!)!);
      pairs++;
    }
  }
  return pairs === 0 ? 1 : concordant / pairs;
}
