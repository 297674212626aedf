// The way that training took, and the plane in which it is seen best (Li et al. 2018, section 7).
import type { Trainable } from "../model/trainable.js";
import { coordinatesIn, directionTo, innerProduct, type Direction } from "./directions.js";
import { leadingEigenvectors } from "./eigenvectors.js";
import type { Weights } from "../train/weights.js";

/** All values of a network at one moment, by the variable's name. */
export type Snapshot = Weights["tensors"];

/** A training path in the plane of its two principal directions. */
export interface TrainingPath {
  /** Through the network's weights as they are now, the last point of the path; each as long as the network's weights. */
  readonly directions: readonly [Direction, Direction];
  /** Where each snapshot lies, in multiples of the directions; the nearest point of the plane. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Share of the path's variation that lies along each direction; together at most 1. */
  readonly shares: readonly [number, number];
}

/**
 * A copy of every variable's values, to be taken while training goes on: `onEpoch: async () => path.push(await snapshot(network))`.
 *
 * @example
 * ```ts
 * const weights = await analysis.snapshot(nn.cifarResNet({ depth: 8, widths: [2, 2, 2] }));
 * weights.get("head.weight").shape; // [2, 10]
 * ```
 */
export async function snapshot(network: Pick<Trainable, "variables">): Promise<Snapshot> {
  const values = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const { name, variable } of network.variables()) {
    // A copy: on some backends `data` gives the tensor's own memory.
    const data = Float32Array.from(await variable.data<"float32">());
    values.set(name, { shape: [...variable.shape], data });
  }
  return values;
}

/**
 * The two directions in which the snapshots differ most from the network as it is now, and each snapshot's place in their plane: the
 * principal components of the displacements w_i - w_n, which are not centred, since the plane has to go through w_n (Li et al. 2018,
 * section 7). Two random directions would show nothing: in so many dimensions a path is nearly orthogonal to them.
 *
 * Convolutions and dense layers count, with their biases, and batch norm's scales and shifts; running statistics do not, and stay those of
 * the network in a surface along these directions. So the surface's height at a snapshot's place is not the loss that the snapshot had.
 *
 * @param snapshots in the order of training, at least 2 that differ from the network in more than one direction
 * @throws RangeError where there are fewer, or one is another network's.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2] });
 * const snapshots = [];
 * for (const seed of [2, 3, 4])
 *   snapshots.push(await analysis.snapshot(nn.cifarResNet({ depth: 8, widths: [2, 2, 2], seed })));
 * const { x, y } = await analysis.trainingPath(network, snapshots);
 * [x.length, y.length]; // [3, 3]
 * ```
 */
export async function trainingPath(
  network: Pick<Trainable, "variables">,
  snapshots: readonly Snapshot[],
): Promise<TrainingPath> {
  const trained = new Set(
    network
      .variables()
      .filter(({ role }) => role !== "statistic")
      .map(({ name }) => name),
  );
  const displacements: Direction[] = [];
  for (const one of snapshots) {
    const whole = await directionTo(network, one);
    displacements.push(new Map([...whole].filter(([name]) => trained.has(name))));
  }
  const gram = displacements.map((a) => displacements.map((b) => innerProduct(a, b)));
  const variation = gram.reduce((sum, row, i) => sum + row[i]!, 0);
  const [first, second] = leadingEigenvectors(gram, 2);
  if (!first || !second || !(second.value > 1e-9 * variation)) {
    throw new RangeError(
      `a plane needs snapshots that lie in at least two directions from the network; got ${snapshots.length} snapshots on a line or at one point`,
    );
  }
  const weights = Math.sqrt(await squaredLength(network, trained));
  const combined = (coefficients: readonly number[]): Direction => {
    const sum = new Map(
      [...displacements[0]!].map(([name, values]) => [name, new Float32Array(values.length)] as const),
    );
    displacements.forEach((displacement, k) => {
      for (const [name, values] of displacement) {
        const total = sum.get(name)!;
        for (let i = 0; i < total.length; i++) total[i]! += coefficients[k]! * values[i]!;
      }
    });
    const factor = weights / Math.sqrt(innerProduct(sum, sum));
    for (const values of sum.values()) for (let i = 0; i < values.length; i++) values[i]! *= factor;
    return sum;
  };
  const directions = [combined(first.vector), combined(second.vector)] as const;
  const places: (readonly [number, number])[] = [];
  for (const one of snapshots) places.push(await coordinatesIn(network, directions, one));
  return {
    directions,
    x: places.map(([a]) => a),
    y: places.map(([, b]) => b),
    shares: [first.value / variation, second.value / variation],
  };
}

async function squaredLength(
  network: Pick<Trainable, "variables">,
  names: ReadonlySet<string>,
): Promise<number> {
  let sum = 0;
  for (const { name, variable } of network.variables()) {
    if (names.has(name)) for (const value of await variable.data<"float32">()) sum += value * value;
  }
  return sum;
}
