// The rows of the identity paper's Table 1: what was put on the shortcuts of ResNet-110, as options of the CIFAR family.
import type { CifarResNetOptions } from "./cifar.js";

/**
 * The rows of Table 1, to be spread into `cifarResNet`: `cifarResNet({ depth: 110, ...shortcutVariants.shortcutOnlyGating })`. Gates are
 * sigmoids of a 1x1 convolution whose bias starts where the paper found it best.
 *
 * The paper does not say what happens to the two shortcuts where dimensions grow. Here they are option A's, as in its baseline, with
 * the row's factor on them; a gate there is a 1x1 convolution with the unit's stride.
 */
export const shortcutVariants = {
  /** (a) The identity. */
  original: { shortcut: "A" },
  /** (b) Half the shortcut, all of F. */
  constantScaling: { shortcut: "A", gate: { kind: "constant", shortcut: 0.5, residual: 1 } },
  /** (b) Half of both: a frozen gate. */
  constantScalingOfBoth: { shortcut: "A", gate: { kind: "constant", shortcut: 0.5, residual: 0.5 } },
  /** (c) 1 - g(x) on the shortcut, g(x) on F. b_g starts at -6, the best of 0 to -10. */
  exclusiveGating: { shortcut: "A", gate: { kind: "exclusive", bias: -6 } },
  /** (d) 1 - g(x) on the shortcut, all of F. b_g starts at -6; with 0 it is half the shortcut at first. */
  shortcutOnlyGating: { shortcut: "A", gate: { kind: "shortcutOnly", bias: -6 } },
  /** (e) A 1x1 convolution, option C of the ResNet paper. */
  convolution: { shortcut: "C" },
  /** (f) Dropout of half the shortcut's output. */
  dropout: { shortcut: "A", gate: { kind: "dropoutShortcut", rate: 0.5 } },
} as const satisfies Record<string, Pick<CifarResNetOptions, "shortcut" | "gate">>;

/** A row of Table 1. */
export type ShortcutVariant = keyof typeof shortcutVariants;
