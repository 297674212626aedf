// For tests: references in float64 and plain JavaScript, central differences, and reading tensors; shares no code with TensorFlow.js.
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { cpu } from "../backends/cpu.js";

export { oddValues } from "./odd-values.fixture.js";

/** d loss / d inputs[which] by central differences in float64: error about 1e-9 for smooth losses of size 1. */
export function centralDifferences(
  loss: (...inputs: number[][]) => number,
  inputs: number[][],
  which: number,
): number[] {
  const step = 1e-5;
  const shifted = (index: number, by: number) =>
    loss(...inputs.map((input, k) => (k === which ? input.with(index, input[index]! + by) : input)));
  return inputs[which]!.map((_, i) => (shifted(i, step) - shifted(i, -step)) / (2 * step));
}

/** The dot product, by which a test makes a scalar out of a result without losing any element. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** Changes the active backend; `cpu` without the advice that it prints at its first use. */
export async function useBackend(name: string): Promise<void> {
  if (name === "cpu") await cpu.start({ forced: true, wasmPath: undefined });
  else await tf.setBackend(name);
}

/** The values of a tensor. */
export async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  return Array.from(await tensor.data());
}

/** Asserts that all values agree to `tolerance` times the larger of 1 and the expected value. */
export function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    const distance = Math.abs(value - expected[i]!);
    if (!(distance <= tolerance * Math.max(1, Math.abs(expected[i]!)))) {
      expect.fail(`element ${i}: ${value} is not within ${tolerance} of ${expected[i]!}`);
    }
  });
}

/** Tensors alive after `run` less those before. */
export async function leakOf(run: () => Promise<void> | void): Promise<number> {
  const before = tf.memory().numTensors;
  await run();
  return tf.memory().numTensors - before;
}
