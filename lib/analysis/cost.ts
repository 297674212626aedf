// What a network costs: parameters, multiply-adds, activation memory and receptive field, part by part, without building it.
import type { Architecture } from "../nn/architecture.js";
import type { LayerRow } from "../nn/layer.js";
import { summarise, type SummaryOptions } from "../nn/summary.js";
import { table, type Table, type TableRow } from "../display/table.js";
import { onlyKnown } from "../options.js";
import { highest } from "../numeric.js";

/** The costs of a network for one image. */
export interface Cost {
  readonly name: string;
  /** The parts, or their layers, from the image up. */
  readonly rows: readonly LayerRow[];
  /** Trained numbers. */
  readonly parameters: number;
  /** Of convolutions and dense layers. */
  readonly multiplyAdds: number;
  /** Numbers that the layers write, which training keeps for the backward pass. */
  readonly activations: number;
  /** The same in bytes of float32. */
  readonly activationBytes: number;
  /** Pixels, along one side, that a feature depends on before anything has seen the whole image; infinite with squeeze and excitation. */
  readonly receptiveField: number;
}

/**
 * The costs of a network, counted layer by layer from its shapes: ResNet-152 takes milliseconds and no memory. Values kept for the
 * backward pass are counted as this library's layers write them, one output each; a framework that computes a ReLU in place, or a
 * backend that pads a copy, needs less or more.
 *
 * @example
 * ```ts
 * analysis.costOf(nn.cifarArchitecture({ depth: 20 })).parameters; // 269722
 * ```
 */
export function costOf(
  architecture: Pick<Architecture, "name" | "inputShape" | "parts">,
  options: SummaryOptions = {},
): Cost {
  onlyKnown("costOf", options, ["detail"]);
  const { name, rows, parameters, multiplyAdds } = summarise(architecture, options);
  const activations = rows.reduce((sum, row) => sum + row.activations, 0);
  const finite = rows.map((row) => row.receptiveField);
  const whole = finite.findIndex((size) => size === Infinity);
  const features = rows.findIndex(({ kind }) => kind === "global average pool" || kind.startsWith("flatten"));
  const receptiveField =
    whole >= 0 && features >= 0 && whole < features
      ? Infinity
      : highest([1, ...finite.filter(Number.isFinite)]);
  return {
    name,
    rows,
    parameters,
    multiplyAdds,
    activations,
    activationBytes: 4 * activations,
    receptiveField,
  };
}

/**
 * Several networks side by side, one row each.
 *
 * @example
 * ```ts
 * const table = analysis.costTable([20, 56].map((depth) => nn.cifarArchitecture({ depth })));
 * table.text.split("\n").length; // 4
 * ```
 */
export function costTable(
  architectures: readonly Pick<Architecture, "name" | "inputShape" | "parts">[],
): Table {
  const twoDecimals = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    useGrouping: "min2",
  });
  const millions = (value: number) => twoDecimals.format(value / 1e6);
  const rows = architectures.map((architecture): TableRow => {
    const { name, parameters, multiplyAdds, activationBytes, receptiveField } = costOf(architecture);
    return { name, parameters, multiplyAdds, activationBytes, receptiveField };
  });
  return table(rows, {
    columns: [
      { key: "name", title: "network" },
      { key: "parameters", title: "parameters (millions)", format: millions },
      { key: "multiplyAdds", title: "multiply-adds (millions)", format: millions },
      { key: "activationBytes", title: "activations (MB an image)", format: millions },
      {
        key: "receptiveField",
        title: "receptive field (pixels)",
        format: (size) => (size === Infinity ? "the image" : String(size)),
      },
    ],
  });
}
