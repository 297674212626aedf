// Networks of the studies starts-without-norm and first-steps-without-norm, and of chapter 12: a residual network that begins in one of several ways, with or without batch norm.
import * as tf from "@tensorflow/tfjs-core";
import { nn } from "residual";

/** How the branches of a network begin: what stands in the place of batch norm, or batch norm itself. */
export type Start =
  "batch norm" | "nothing" | "fixed 1/√L" | "SkipInit" | "LayerScale" | "Fixup" | "Fixup, random classifier";

/** A factor on F that is trained: one number, or one for each channel. */
function learnedFactor(begin: number, each: "unit" | "channel"): nn.GateFactory {
  return ({ change }) => {
    const size = each === "unit" ? 1 : change.outChannels;
    const factor = new nn.Parameter("scale", [size], { constant: begin });
    return {
      kind: `learned factor from ${begin}`,
      terms: 1,
      parameters: () => [{ name: "factor", parameter: factor }],
      rows: () => [],
      receptiveField: (_, residual) => residual,
      factors: () => ({ residual: factor.variable }),
    };
  };
}

const gates: Readonly<Record<Start, (units: number) => nn.GateFactory | undefined>> = {
  "batch norm": () => undefined,
  nothing: () => undefined,
  "fixed 1/√L": (units) => () => nn.constantGate(1, 1 / Math.sqrt(units)),
  SkipInit: () => learnedFactor(0, "unit"),
  LayerScale: () => learnedFactor(0.1, "channel"),
  Fixup: () => learnedFactor(1, "unit"),
  "Fixup, random classifier": () => learnedFactor(1, "unit"),
};

/** ReLU and convolution, twice: the pre-activation order without its norms. */
const bare: nn.UnitOrder = { each: ["relu", "conv"], last: ["relu", "conv"], afterAddition: [] };

/** A residual network of three stages, without a norm anywhere unless `start` is batch norm. */
export function streamNetwork(
  seed: number,
  { unitsPerStage, start }: { unitsPerStage: number; start: Start },
): nn.Network {
  const [widths, inputShape, classes] = [[8, 16, 32], [14, 14, 1] as const, 10];
  const count = widths.length * unitsPerStage;
  const gate = gates[start](count);
  const order = start === "batch norm" ? nn.unitOrders.preActivation : bare;
  const units = widths.flatMap((width, stage) =>
    Array.from({ length: unitsPerStage }, (_, k) => {
      const [grows, kernel, bias] = [k === 0 && stage > 0, 3, 0];
      const [inChannels, stride] = [grows ? widths[stage - 1]! : width, grows ? 2 : 1];
      const unit = nn.residualUnit(
        [
          { inChannels, outChannels: width, kernel, stride, bias },
          { inChannels: width, outChannels: width, kernel, stride: 1, bias },
        ],
        { order, ...(gate && { gate }) },
      );
      return { name: `stage${stage + 1}.unit${k + 1}`, unit };
    }),
  );
  const norm: nn.Parts = start === "batch norm" ? { norm: nn.batchNorm(widths.at(-1)!) } : {};
  const network = new nn.Network({
    name: `${start}, ${count} units`,
    spec: { model: "streamNetwork", options: { unitsPerStage, start, seed } },
    inputShape,
    classes,
    parts: {
      stem: nn.conv2d(inputShape[2], widths[0]!, { bias: 0, gain: 1 }),
      ...Object.fromEntries(units.map(({ name, unit }) => [name, unit])),
      final: nn.sequential({ ...norm, relu: nn.relu() }),
      pool: nn.globalAveragePool(),
      head: nn.dense(widths.at(-1)!, classes),
    },
    units,
    seed,
    initialisation: "fanIn",
  });
  if (start === "Fixup" || start === "Fixup, random classifier") fixup(network, count, start === "Fixup");
  return network;
}

/** Fixup's start: the branch's first convolution times L^(-1/2), because a branch has two, its last at 0, and the classifier too unless it is kept. */
function fixup(network: nn.Network, units: number, isClassifierZero: boolean): void {
  for (const { name, variable } of network.variables()) {
    if (name.endsWith("conv1.weight")) variable.assign(tf.tidy(() => tf.mul(variable, units ** -0.5)));
    if (name.endsWith("conv2.weight") || (isClassifierZero && name === "head.weight"))
      variable.assign(tf.tidy(() => tf.zerosLike(variable)));
  }
}
