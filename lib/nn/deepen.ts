// Builds the deeper plain net that computes exactly what a shallow one does: the added layers are identities.
import * as tf from "@tensorflow/tfjs-core";
import { build, buildArchitecture } from "./build.js";
import { copyWeights } from "./copy.js";
import type { NamedVariable } from "./layer.js";
import type { Network } from "./network.js";

/** The default of `batchNorm`, which the networks use. */
const epsilon = 1e-5;

/**
 * The solution by construction of the ResNet paper's section 1: a plain net of `depth` layers whose first units in each stage are the
 * shallow net's, and whose other units are identity mappings, so that its training error is the shallow net's.
 *
 * An identity unit has Dirac kernels (1 in the middle from each channel to itself) and norms that change nothing: mean 0, variance
 * 1 - epsilon, scale 1, shift 0. Its ReLUs change nothing because a unit's input is the output of a ReLU.
 * This holds in inference mode. In training mode a norm uses the batch's statistics, and is no identity.
 *
 * On the tensorflow and cpu backends logits are equal bit by bit (a GPU may convolve in other steps, and then rounds).
 * @throws RangeError if the shallow net is not plain, with basic units in the original order, or `depth` is not larger.
 *
 * @example
 * ```ts
 * const shallow = nn.plainNet({ depth: 8, widths: [2, 2, 2] });
 * nn.deepenByIdentity(shallow, 14).units.length; // 6
 * ```
 */
export function deepenByIdentity(shallow: Network, depth: number): Network {
  const { model, options } = shallow.spec;
  const kinds = new Set(shallow.units.map(({ unit }) => unit.convolutions.length));
  if (
    options["shortcut"] !== "none" ||
    options["order"] !== "original" ||
    kinds.size !== 1 ||
    !kinds.has(2)
  ) {
    throw new RangeError(
      `only a plain net with basic units in the original order can be deepened by identities; got ${shallow.name}`,
    );
  }
  const spec = { model, options: { ...options, depth } };
  if (buildArchitecture(spec).units.length <= shallow.units.length) {
    throw new RangeError(`the deeper net needs more layers than ${shallow.name}; got depth ${depth}`);
  }
  const deep = build(spec);
  const { onlyInTarget, onlyInSource, differentShape } = copyWeights(shallow, deep);
  if (onlyInSource.length + differentShape.length > 0) {
    deep.dispose();
    throw new RangeError(
      `every stage of the deeper net must hold the shallow one's; ${deep.name} lacks ${[...onlyInSource, ...differentShape].join(", ")}`,
    );
  }
  const added = new Set(onlyInTarget);
  tf.tidy(() => {
    for (const variable of deep.variables()) if (added.has(variable.name)) makeIdentity(variable);
  });
  return deep;
}

function makeIdentity({ name, role, variable }: NamedVariable): void {
  const { shape } = variable;
  if (role === "weight") variable.assign(diracKernel(shape as [number, number, number, number]));
  else if (role === "scale") variable.assign(tf.ones(shape));
  else if (role === "shift" || name.endsWith(".mean")) variable.assign(tf.zeros(shape));
  else variable.assign(tf.fill(shape, 1 - epsilon));
}

/** [k, k, C, C]: 1 in the middle from each channel to itself, 0 elsewhere. */
function diracKernel(shape: [number, number, number, number]): tf.Tensor4D {
  const [kernel, , channels] = shape;
  const values = new Float32Array(kernel * kernel * channels * channels);
  const middle = ((kernel * kernel - 1) / 2) * channels * channels;
  for (let c = 0; c < channels; c++) values[middle + c * channels + c] = 1;
  return tf.tensor4d(values, shape);
}
