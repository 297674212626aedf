// A network on another route: its parts left out, exchanged or repeated, with the same variables.
import * as tf from "@tensorflow/tfjs-core";
import { within, type Mode, type NamedVariable } from "../nn/layer.js";
import type { NamedUnit } from "../nn/architecture.js";
import type { Parts } from "../nn/sequential.js";
import type { Trainable } from "../train/trainable.js";

/** What an operation needs of a network; an `nn.Network` has it. */
export interface Operable extends Trainable {
  readonly name: string;
  readonly parts: Parts;
  readonly units: readonly NamedUnit[];
  variables(): readonly NamedVariable[];
}

/** The same variables on another route: the parts in `order`, any of them more than once, run in `mode`. */
export function viewOf(
  network: Operable,
  name: string,
  route: (mode: Mode) => { readonly order: readonly string[]; readonly mode: Mode },
): Operable {
  return {
    name,
    spec: network.spec,
    inputShape: network.inputShape,
    classes: network.classes,
    parts: network.parts,
    units: network.units,
    variables: () => network.variables(),
    forward: (x, given) =>
      tf.tidy(() => {
        const { order, mode } = route(given);
        return order.reduce<tf.Tensor>(
          (h, part) => network.parts[part]!.forward(h, within(mode, part)),
          x,
        ) as tf.Tensor2D;
      }),
  };
}

/** @throws RangeError listing the units where there is none of that name. */
export function unitCalled({ units }: Pick<Operable, "units">, name: string): NamedUnit["unit"] {
  const found = units.find((candidate) => candidate.name === name);
  if (found) return found.unit;
  throw new RangeError(
    `the network has the units ${units.map((unit) => unit.name).join(", ")}; got ${JSON.stringify(name)}`,
  );
}

/** Whether a unit's output has another shape than its input. */
export function changesShape({ inChannels, outChannels, stride }: NamedUnit["unit"]["change"]): boolean {
  return inChannels !== outChannels || stride !== 1;
}
