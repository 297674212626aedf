// The gradient microscope: splits dE/dx at every unit of a real network into the shortcut's term and the residual's.
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../nn/model.js";
import type { ResidualUnit } from "../nn/unit.js";
import { onlyKnown } from "../options.js";
import {
  measured,
  normOf,
  report,
  type GradientSplit,
  type GradientTrace,
  type Measured,
  type SplitOptions,
  type UnitTrace,
} from "./gradient-split.js";
import { gradientsAt, keepingStatistics, valuesAt } from "./passes.js";

/** What the report is called. */
export interface TraceOptions {
  /** What legends and titles call the network. Default: its own name. */
  readonly name?: string;
  /** When the gradients are taken, for titles and legends. Default: `now`. */
  readonly moment?: string;
}

/**
 * The gradient microscope, for one batch in training mode, as a step of training would meet it.
 *
 * With y = f(h(x) + F(x)), dE/dx = h'ᵀ f'ᵀ dE/dy + F'ᵀ f'ᵀ dE/dy. Each term is computed by itself: the unit runs again on its own
 * input with the other branch held constant, and dE/dy goes back through it. dE/dx comes from one backward pass through the whole
 * network. So the sum of the terms is a check, not a definition. Where the shortcut is a projection or option A's zero padding, its term is
 * that shortcut's vector-Jacobian product and not dE/dy itself; the report names the shortcut of each unit.
 *
 * The device holds the activations and their gradients of all units at once, as in a step of training. Running statistics are left as
 * they were.
 *
 * @param images [N, H, W, C]
 * @param labels [N], int32
 * @throws Error that names the first unit from the loss down whose terms do not add up.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 2 });
 * const images = tf.randomNormal([4, 8, 8, 1], 0, 1, "float32", 1);
 * (await analysis.splitGradients(network, images, tf.tensor1d([0, 1, 0, 1], "int32"))).units.length; // 3
 * ```
 */
export async function splitGradients(
  network: Model,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  options: TraceOptions & SplitOptions = {},
): Promise<GradientSplit> {
  onlyKnown("splitGradients", options, ["name", "moment", "tolerance"]);
  const { tolerance, name = network.name, moment = "now" } = options;
  const exact = tolerance === undefined ? {} : { tolerance };
  const units: Measured[] = [];
  const topNorm = await dissect(network, images, labels, (unit) => {
    units.unshift(measured(unit, exact));
  });
  return report(name, moment, units, topNorm, exact);
}

/**
 * The same as tensors, to keep with `saveTrace` and to measure later with `splitTrace`. It takes three numbers for each activation of a
 * unit's input: use a small batch.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 2 });
 * const gradients = await analysis.traceGradients(
 *   network,
 *   tf.randomNormal([4, 8, 8, 1], 0, 1, "float32", 1),
 *   tf.tensor1d([0, 1, 0, 1], "int32"),
 * );
 * gradients.units.length; // 3
 * ```
 */
export async function traceGradients(
  network: Model,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  options: TraceOptions = {},
): Promise<GradientTrace> {
  onlyKnown("traceGradients", options, ["name", "moment"]);
  const { name = network.name, moment = "now" } = options;
  const units: UnitTrace[] = [];
  const topNorm = await dissect(network, images, labels, (unit) => {
    units.unshift(unit);
  });
  return { network: name, moment, units, topNorm };
}

/** Hands over each unit's terms, from the loss down; returns ‖dE/dx‖ after the last unit. */
async function dissect(
  network: Model,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  take: (unit: UnitTrace) => void,
): Promise<number> {
  const places = placesOf(network);
  return keepingStatistics(network, async () => {
    const values = valuesAt(network, places, images, (value) => tf.clone(value));
    const shapes = values.map(({ shape }) => shape);
    const gradients = gradientsAt(network, places, shapes, images, labels);
    try {
      for (const [l, { name, unit }] of [...network.units.entries()].reverse()) {
        const terms = termsOf(unit, values[l]!.value, gradients[l + 1]!);
        const [gradient, carried, residual] = await Promise.all(
          [gradients[l]!, terms.carried, terms.residual].map(numbersOf),
        );
        tf.dispose([terms.carried, terms.residual]);
        const shape = shapes[l]!;
        take({ name, shortcut: shortcutOf(unit), shape, gradient: gradient!, carried: carried!, residual: residual! }); // prettier-ignore
      }
      return normOf(await numbersOf(gradients.at(-1)!));
    } finally {
      tf.dispose([...values.map(({ value }) => value), ...gradients]);
    }
  });
}

/** The place whose value is the first unit's input, then each unit: the places where x_1, …, x_L are reported. */
export function placesOf({ name, parts, units }: Model): readonly string[] {
  const names = Object.keys(parts);
  const first = names.indexOf(units[0]?.name ?? "");
  if (first < 1)
    throw new RangeError(`${name} must have residual units behind a first part; it has ${names.join(", ")}`);
  return [names[first - 1]!, ...units.map((unit) => unit.name)];
}

/** What carries x past F. */
export function shortcutOf({ shortcut }: Pick<ResidualUnit, "shortcut">): string {
  if (!shortcut) return "none";
  return shortcut.kind === "sequential" ? "projection" : shortcut.kind;
}

/** The two parts of dE/dx from dE/dy: each with the other branch held at its value. */
function termsOf(
  unit: ResidualUnit,
  x: tf.Tensor,
  dy: tf.Tensor,
): { readonly carried: tf.Tensor; readonly residual: tf.Tensor } {
  return tf.tidy(() => {
    const branches: Record<string, tf.Tensor> = {};
    const output = unit.forward(x, {
      training: true,
      observe(name, value) {
        if (name === "shortcut" || name === "residual") branches[name] = tf.keep(tf.clone(value));
      },
    });
    output.dispose();
    const withHeld = (held: string) =>
      tf.grad((input) =>
        unit.forward(input, {
          training: true,
          replace: (name, value) => (name === held ? branches[held]! : value),
        }),
      )(x, dy);
    const terms = {
      residual: withHeld("shortcut"),
      carried: unit.shortcut ? withHeld("residual") : tf.zerosLike(x),
    };
    tf.dispose(branches);
    return terms;
  });
}

/** A tensor's numbers as a copy: on some backends `data` gives the tensor's own memory. */
export async function numbersOf(tensor: tf.Tensor): Promise<Float32Array> {
  return Float32Array.from((await tensor.data()) as Float32Array);
}
