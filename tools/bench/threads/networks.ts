// The networks by which the number of threads is measured, from the smallest of the course to the papers' own.
import type { nn } from "residual";

/** A network and what a turn trains of it. */
export interface Timed {
  readonly title: string;
  readonly spec: nn.Spec;
  /** Updates of a turn, at 128 images each: a few seconds on two cores. */
  readonly steps: number;
}

const cifar = (depth: number, shortcut: string, widths: number[], inputShape: number[]): nn.Spec => ({
  model: "cifarResNet",
  options: { depth, shortcut, widths, inputShape, classes: 10 },
});

export const networks: Readonly<Record<string, Timed>> = {
  plain20: { title: "plain-20, 8/16/32 at 14x14", spec: cifar(20, "none", [8, 16, 32], [14, 14, 1]), steps: 100 }, // prettier-ignore
  plain56: { title: "plain-56, 8/16/32 at 14x14", spec: cifar(56, "none", [8, 16, 32], [14, 14, 1]), steps: 40 }, // prettier-ignore
  resnet20: { title: "ResNet-20, 16/32/64 at 32x32", spec: cifar(20, "A", [16, 32, 64], [32, 32, 3]), steps: 12 }, // prettier-ignore
};
