// A view: a model on another route through the same variables, with units left out, exchanged or repeated. It is a model itself.
import * as tf from "@tensorflow/tfjs-core";
import type { NamedUnit } from "../nn/architecture.js";
import { requireImages, type Model } from "../nn/model.js";
import { sequential, type Parts } from "../nn/sequential.js";
import type { ResidualUnit } from "../nn/unit.js";

/** What a view is made of. */
export interface View {
  readonly name: string;
  /** How it differs from the model that it is a view of; JSON. */
  readonly route: Readonly<Record<string, unknown>>;
  /** What runs, in this order. Parts of one network share its variables, so one may come twice under two names. */
  readonly parts: Parts;
  /** The units among the parts. */
  readonly units: readonly NamedUnit[];
  /** Parts of the model of which nothing runs, so that their variables are not the view's. */
  readonly leftOut?: readonly string[];
}

/** The view of a model: its variables, options and classes, with other parts. It holds nothing of its own, so nothing has to be disposed. */
export function viewOf(model: Model, { name, route, parts, units, leftOut = [] }: View): Model {
  const { spec, inputShape, classes, seed, initialisation } = model;
  const body = sequential(parts);
  body.outputShape(inputShape);
  return {
    name,
    spec,
    inputShape,
    classes,
    seed,
    initialisation,
    parts,
    units,
    route: [...(model.route ?? []), route],
    variables: () =>
      model.variables().filter((one) => !leftOut.some((part) => one.name.startsWith(`${part}.`))),
    forward(x, mode) {
      requireImages({ name, inputShape }, x);
      return tf.tidy(() => body.forward(x, mode) as tf.Tensor2D);
    },
  };
}

/** The same unit, whose F(x) is replaced by a function of it before it is added; whoever observes sees the replaced one. */
export function withResidual(unit: ResidualUnit, replaced: (residual: tf.Tensor) => tf.Tensor): ResidualUnit {
  return {
    ...unit,
    forward: (x, mode) =>
      unit.forward(x, {
        ...mode,
        replace(name, value) {
          const result = name === "residual" ? replaced(value) : value;
          return mode.replace?.(name, result) ?? result;
        },
      }),
  };
}

/** @throws RangeError listing the units where there is none of that name. */
export function unitCalled({ units }: Pick<Model, "units">, name: string): ResidualUnit {
  const found = units.find((candidate) => candidate.name === name);
  if (found) return found.unit;
  throw new RangeError(
    `the network has the units ${units.map((unit) => unit.name).join(", ")}; got ${JSON.stringify(name)}`,
  );
}

/** Whether a unit's output has another shape than its input. */
export function changesShape({ inChannels, outChannels, stride }: ResidualUnit["change"]): boolean {
  return inChannels !== outChannels || stride !== 1;
}
