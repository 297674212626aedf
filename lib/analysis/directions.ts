// Directions in weight space, normalised filter by filter (Li et al. 2018), and positions along them.
import * as tf from "@tensorflow/tfjs-core";
import type { Trainable } from "../model/trainable.js";
import { randomStream } from "../random/index.js";
import type { Weights } from "../train/weights.js";

/** A displacement of weights: values by the variable's name; a variable without one stays. */
export type Direction = ReadonlyMap<string, Float32Array>;

/**
 * A random direction whose filters are as long as the network's: d_ij <- d_ij / |d_ij| * |w_ij| (Li et al. 2018, section 4). A filter is
 * what makes one output channel, or one output of a dense layer. As in the authors' code biases, scales and shifts stay where they are
 * (their `ignore = biasbn`), and running statistics too.
 *
 * @param seed the direction depends on it and on the variables' names only
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2] });
 * (await analysis.randomDirection(network, 1)).get("head.weight").length; // 20
 * ```
 */
export async function randomDirection(
  network: Pick<Trainable, "variables">,
  seed: number,
): Promise<Direction> {
  const direction = new Map<string, Float32Array>();
  for (const { name, role, variable } of network.variables()) {
    if (role !== "weight") continue;
    const weights = await variable.data<"float32">();
    const stream = randomStream(seed, "direction", name);
    const values = Float32Array.from({ length: variable.size }, () => stream.normal());
    const filters = variable.shape.at(-1)!;
    for (let filter = 0; filter < filters; filter++) {
      let own = 0;
      let drawn = 0;
      for (let i = filter; i < values.length; i += filters) {
        own += weights[i]! ** 2;
        drawn += values[i]! ** 2;
      }
      const factor = drawn === 0 ? 0 : Math.sqrt(own / drawn);
      for (let i = filter; i < values.length; i += filters) values[i]! *= factor;
    }
    direction.set(name, values);
  }
  return direction;
}

/**
 * The direction from a network to other weights, such as an earlier checkpoint's: all trained variables and statistics of `to`.
 * @throws RangeError if `to` lacks a variable or has another shape.
 *
 * @example
 * ```ts
 * const [network, other] = [1, 2].map((seed) => nn.cifarResNet({ depth: 8, widths: [2, 2, 2], seed }));
 * (await analysis.directionTo(network, await analysis.snapshot(other))).has("head.weight"); // true
 * ```
 */
export async function directionTo(
  network: Pick<Trainable, "variables">,
  to: Weights["tensors"],
): Promise<Direction> {
  const direction = new Map<string, Float32Array>();
  for (const { name, variable } of network.variables()) {
    const target = to.get(name);
    if (target?.data.length !== variable.size) {
      throw new RangeError(
        `the other weights must have ${name} with ${variable.size} numbers; got ${target?.data.length ?? "none"}`,
      );
    }
    const from = await variable.data<"float32">();
    direction.set(
      name,
      target.data.map((value, i) => value - from[i]!),
    );
  }
  return direction;
}

/** The inner product of two directions, over the variables that both move. */
export function innerProduct(a: Direction, b: Direction): number {
  let sum = 0;
  for (const [name, values] of a) {
    const other = b.get(name);
    if (other) for (let i = 0; i < values.length; i++) sum += values[i]! * other[i]!;
  }
  return sum;
}

/**
 * Where other weights lie in the plane of two directions through a network: the coordinates (a, b) that bring w + a d_1 + b d_2 closest to
 * them over the variables that the directions move. For a training path, give each checkpoint's weights.
 * @throws RangeError if the directions are parallel.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2] });
 * const directions = [await analysis.randomDirection(network, 1), await analysis.randomDirection(network, 2)];
 * (await analysis.coordinatesIn(network, directions, await analysis.snapshot(network))).map(Math.abs); // [0, 0]
 * ```
 */
export async function coordinatesIn(
  network: Pick<Trainable, "variables">,
  [first, second]: readonly [Direction, Direction],
  to: Weights["tensors"],
): Promise<readonly [number, number]> {
  const displacement = await directionTo(network, to);
  // The normal equations of the least squares problem in two unknowns.
  const [a11, a12, a22] = [
    innerProduct(first, first),
    innerProduct(first, second),
    innerProduct(second, second),
  ];
  const [b1, b2] = [innerProduct(first, displacement), innerProduct(second, displacement)];
  const determinant = a11 * a22 - a12 * a12;
  if (!(determinant > 1e-12 * a11 * a22)) {
    throw new RangeError("a plane needs two directions that are not parallel; got parallel ones");
  }
  return [(b1 * a22 - b2 * a12) / determinant, (b2 * a11 - b1 * a12) / determinant];
}

/**
 * Moves a network's variables by multiples of directions, runs `work`, and puts them back, also where `work` fails.
 * @throws RangeError if a direction has values for none of the variables, so that nothing would move, or not as many as one has.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1] });
 * const direction = await analysis.randomDirection(network, 1);
 * const shape = await analysis.displaced(
 *   network,
 *   [[0.5, direction]],
 *   async () => network.forward(tf.zeros([1, 8, 8, 1]), { training: false }).shape,
 * );
 * shape; // [1, 10]
 * ```
 */
export async function displaced<T>(
  network: Pick<Trainable, "variables">,
  moves: readonly (readonly [step: number, direction: Direction])[],
  work: () => Promise<T>,
): Promise<T> {
  for (const [, direction] of moves) requireMoves(network, direction);
  const before = network.variables().map(({ variable }) => ({ variable, value: tf.clone(variable) }));
  try {
    tf.tidy(() => {
      for (const { name, variable } of network.variables()) {
        for (const [step, direction] of moves) {
          const values = direction.get(name);
          if (values && step !== 0)
            variable.assign(tf.add(variable, tf.mul(tf.tensor(values, variable.shape), step)));
        }
      }
    });
    return await work();
  } finally {
    for (const { variable, value } of before) {
      variable.assign(value);
      value.dispose();
    }
  }
}

/** A view lacks variables that its network's direction has; a direction of which nothing is left is another network's. */
function requireMoves(network: Pick<Trainable, "variables">, direction: Direction): void {
  const variables = network.variables();
  const known = variables.filter(({ name }) => direction.has(name));
  if (known.length === 0) {
    throw new RangeError(
      `a direction must have values for variables of the network, such as ${variables[0]?.name ?? "none"}; got ${[...direction.keys()].slice(0, 3).join(", ") || "none"}`,
    );
  }
  const wrong = known.find(({ name, variable }) => direction.get(name)!.length !== variable.size);
  if (wrong) {
    throw new RangeError(
      `a direction must have as many values as the variable that it moves; got ${direction.get(wrong.name)!.length} for ${wrong.name}, which has ${wrong.variable.size}`,
    );
  }
}
