// For tests: every derivation that the library can produce, over all kinds, orders and shortcuts.
import { unitOrders, type UnitOrderName } from "../nn/order.js";
import type { Derivation } from "./derivation.js";
import { derive, subjects, type Subject } from "./derive.js";

const orders = Object.keys(unitOrders) as UnitOrderName[];
const own = (Object.keys(subjects) as Subject[]).filter((subject) => subject !== "residualUnit" && subject !== "residualChain" && subject !== "conv2d"); // prettier-ignore

/** By a name for the test's title. */
export const every: readonly (readonly [string, () => Derivation])[] = [
  ...own.map((subject) => [subject, () => derive(subject)] as const),
  ...[[1, 0, 1], [1, 1, 3], [2, 1, 3], [3, 2, 3], [2, 0, 2]].map(([stride, padding, kernel]) =>
    [`conv2d ${kernel}x${kernel}/${stride}, padding ${padding}`, () => derive("conv2d", { stride: stride!, padding: padding!, kernel: kernel! })] as const), // prettier-ignore
  ...(["basic", "bottleneck"] as const).flatMap((kind) =>
    orders.map((order) => [`residualUnit ${kind} ${order}`, () => derive("residualUnit", { kind, order })] as const)),
  ...(["zeroPadding", "projection"] as const).flatMap((shortcut) =>
    (["original", "preActivation"] as const).map((order) =>
      [`residualUnit ${order} ${shortcut}`, () => derive("residualUnit", { order, shortcut })] as const)),
  ...(["identity", "constant", "gated", "exclusivelyGated", "projected", "dropped"] as const).map((shortcut) =>
    [`residualChain ${shortcut}`, () => derive("residualChain", { shortcut })] as const),
  ...(["plainChain", "forwardSum", "onePlusSum", "lambdaPower", "denseConcat"] as const).map((subject) =>
    [`${subject} of 5`, () => derive(subject, { depth: 5 })] as const),
]; // prettier-ignore
