// The five orders of convolution, batch norm, ReLU and addition of the identity paper's Figure 4, as data.

/** What a residual unit is made of, next to the addition. */
export type Operation = "conv" | "norm" | "relu";

/** An order of operations, for any number of convolutions in the unit. */
export interface UnitOrder {
  /** The operations around each convolution but the last. */
  readonly each: readonly Operation[];
  /** Those around the last convolution. */
  readonly last: readonly Operation[];
  /** Those between the addition and the unit's output: f in the identity paper's equation 2. */
  readonly afterAddition: readonly Operation[];
}

/** Figure 4's columns (a) to (e). Errors on CIFAR-10 in the identity paper's Table 2. */
export const unitOrders = {
  /** (a) The ResNet paper's. */
  original: { each: ["conv", "norm", "relu"], last: ["conv", "norm"], afterAddition: ["relu"] },
  /** (b) BN changes the signal of the shortcut. */
  normAfterAddition: { each: ["conv", "norm", "relu"], last: ["conv"], afterAddition: ["norm", "relu"] },
  /** (c) The residual is never negative. */
  reluBeforeAddition: { each: ["conv", "norm", "relu"], last: ["conv", "norm", "relu"], afterAddition: [] },
  /** (d) */
  reluOnlyPreActivation: {
    each: ["relu", "conv", "norm"],
    last: ["relu", "conv", "norm"],
    afterAddition: [],
  },
  /** (e) Full pre-activation: nothing but additions from the first unit to the last. */
  preActivation: { each: ["norm", "relu", "conv"], last: ["norm", "relu", "conv"], afterAddition: [] },
} as const satisfies Record<string, UnitOrder>;

/** A column of Figure 4. */
export type UnitOrderName = keyof typeof unitOrders;

/** An operation and its name in the unit: `conv1` is the first convolution. */
export interface NamedOperation {
  readonly name: string;
  readonly operation: Operation;
}

/** A unit's operations with their names. */
export interface UnitOperations {
  /** Before the first convolution: the pre-activation. Empty in post-activation orders. */
  readonly leading: readonly NamedOperation[];
  /** From the first convolution to the addition. */
  readonly branch: readonly NamedOperation[];
  readonly afterAddition: readonly NamedOperation[];
}

/**
 * Writes an order out for a number of convolutions; operations of a kind are numbered as they come.
 * @throws RangeError if the order has not one convolution in `each` and in `last`, or has one after the addition.
 *
 * @example
 * ```ts
 * Object.keys(nn.operationsOf(nn.unitOrders.preActivation, 2)); // ["leading", "branch", "afterAddition"]
 * ```
 */
export function operationsOf({ each, last, afterAddition }: UnitOrder, convolutions: number): UnitOperations {
  for (const [part, operations, expected] of [
    ["each", each, 1],
    ["last", last, 1],
    ["afterAddition", afterAddition, 0],
  ] as const) {
    const found = operations.filter((operation) => operation === "conv").length;
    if (found !== expected) {
      throw new RangeError(
        `an order needs ${expected} conv in ${part}; got ${found}: ${operations.join(" ")}`,
      );
    }
  }
  const counts = { conv: 0, norm: 0, relu: 0 };
  const named = (operations: readonly Operation[]) =>
    operations.map((operation) => ({ name: `${operation}${++counts[operation]}`, operation }));

  const before = named(
    Array.from({ length: convolutions }, (_, k) => (k < convolutions - 1 ? each : last)).flat(),
  );
  const first = before.findIndex(({ operation }) => operation === "conv");
  return {
    leading: before.slice(0, first),
    branch: before.slice(first),
    afterAddition: named(afterAddition),
  };
}
