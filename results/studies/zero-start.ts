// Networks of the study zero-start: no unit has batch norm, and the last convolution of each residual branch may begin at zero.
import * as tf from "@tensorflow/tfjs-core";
import { nn, type train } from "residual";

const withoutNorm: nn.UnitOrder = { each: ["conv", "relu"], last: ["conv"], afterAddition: ["relu"] };

/** Options of a cifarResNet, and whether every residual branch begins at zero, so that the network begins as its shortcuts alone. */
interface Options extends Omit<nn.CifarResNetOptions, "seed" | "order"> {
  readonly zero: boolean;
}

export function network(seed: number, { zero, ...options }: Options): train.Trainable {
  const made = nn.cifarResNet({ ...options, order: { name: "without batch norm", part: withoutNorm }, seed });
  if (zero)
    for (const { name, variable } of made.variables())
      if (name.endsWith(".conv2.weight")) variable.assign(tf.zerosLike(variable));
  return made;
}
