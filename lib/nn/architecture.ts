// A network's description: its parts, what they give and cost, and how to build them again. It holds no values.
import { relu } from "./activation.js";
import { batchNorm } from "./batch-norm.js";
import { dense } from "./dense.js";
import { trainedSize, type Layer } from "./layer.js";
import { operationsOf, type UnitOrder } from "./order.js";
import type { Initialisation } from "./initialise.js";
import { globalAveragePool } from "./pool.js";
import { sequential, type Parts, type Sequential } from "./sequential.js";
import type { Shortcut } from "./shortcut.js";
import type { GateFactory } from "./gate.js";
import {
  residualUnit,
  unitKinds,
  type Paths,
  type ResidualUnit,
  type StrideOn,
  type UnitKind,
} from "./unit.js";

/** The name of a family and its options, as JSON: what a weight file stores. */
export interface Spec {
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A unit and where it stands, such as `stage2.unit1`. */
export interface NamedUnit {
  readonly name: string;
  readonly unit: ResidualUnit;
}

/** A network before it has values. */
export interface Architecture {
  /** Such as `resnet-56 (option A)` or `plain-56`. */
  readonly name: string;
  readonly spec: Spec;
  /** [H, W, C] of one image. */
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  /** `stem`, `stage1.unit1`, …, `final` in pre-activation networks, `pool`, `head`. */
  readonly parts: Parts;
  /** The residual units among the parts. */
  readonly units: readonly NamedUnit[];
  readonly seed: number;
  readonly initialisation: Initialisation;
}

/** The stages of a network between its stem and its head. */
export interface Stages {
  /** The stem: from images to activated features. */
  readonly stem: Sequential;
  readonly stemChannels: number;
  readonly kind: UnitKind;
  /** Units of each stage. */
  readonly counts: readonly number[];
  /** Channels of the 3x3 convolutions of each stage. */
  readonly widths: readonly number[];
  readonly strideOn: StrideOn;
  readonly shortcut: Shortcut;
  readonly order: UnitOrder;
  /** What the units multiply their two terms by; nothing where absent. */
  readonly gate?: GateFactory | undefined;
  /** The paths of bottlenecks; one where absent. */
  readonly paths?: Paths | undefined;
  readonly classes: number;
}

/**
 * Stem, stages, global average pool and classifier. The first unit of every stage but the first has stride 2.
 *
 * The stem ends activated, so the first unit leaves out the operations before its first convolution; and those same operations come
 * once more after the last unit, as the part `final` (identity paper, appendix). Post-activation orders have none of either.
 */
export function stack(stages: Stages): { readonly parts: Parts; readonly units: readonly NamedUnit[] } {
  const { stem, kind, counts, widths, strideOn, shortcut, order, gate, paths, classes } = stages;
  const units: NamedUnit[] = [];
  const total = counts.reduce((sum, count) => sum + count, 0);
  let channels = stages.stemChannels;
  counts.forEach((count, stage) => {
    for (let k = 0; k < count; k++) {
      const stride = k === 0 && stage > 0 ? 2 : 1;
      const shape = {
        inChannels: channels,
        width: widths[stage]!,
        stride,
        strideOn,
        ...(paths && { paths }),
      };
      const unit = residualUnit(unitKinds[kind](shape), {
        shortcut,
        order,
        preActivation: units.length === 0 ? "omit" : "apply",
        ...(gate && { gate }),
        place: { index: units.length + 1, count: total },
      });
      units.push({ name: `stage${stage + 1}.unit${k + 1}`, unit });
      channels = unit.change.outChannels;
    }
  });

  const final = operationsOf(order, 1).leading.map(
    ({ operation }) => [operation, operation === "norm" ? batchNorm(channels) : relu()] as const,
  );
  const parts: Record<string, Layer> = {
    stem,
    ...Object.fromEntries(units.map(({ name, unit }) => [name, unit])),
    ...(final.length > 0 && { final: sequential(Object.fromEntries(final)) }),
    pool: globalAveragePool(),
    head: dense(channels, classes),
  };
  return { parts, units };
}

/**
 * How many numbers are trained; running statistics are not counted.
 *
 * @example
 * ```ts
 * nn.parameterCount(nn.cifarArchitecture({ depth: 20 })); // 269722
 * ```
 */
export function parameterCount({ parts }: Pick<Architecture, "parts">): number {
  return trainedSize(Object.values(parts).flatMap((part) => part.parameters()));
}

/**
 * Multiply-adds for one image, of convolutions and dense layers, the shortcuts' projections included.
 *
 * @example
 * ```ts
 * nn.multiplyAdds(nn.cifarArchitecture({ depth: 20 })); // 40551040
 * ```
 */
export function multiplyAdds({ parts, inputShape }: Pick<Architecture, "parts" | "inputShape">): number {
  return sequential(parts)
    .rows(inputShape)
    .reduce((sum, row) => sum + row.multiplyAdds, 0);
}
