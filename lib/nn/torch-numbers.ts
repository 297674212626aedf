// Holds published numbers to what a network computes with: what is not finite, or no variance, makes outputs wrong without an error.
import type { StoredTensor } from "../files/safetensors.js";

/** The largest number of 32 bits, 2^128 - 2^104. */
const largest = 2 ** 128 - 2 ** 104;

/**
 * @param called - The tensor's name in a state dict.
 * @param stored - The tensor as it was read.
 * @param values - Its numbers as 32-bit floats.
 * @param from - What errors call the state dict.
 * @throws Error naming the first number that is not finite, or negative in a running variance, with its index and a remedy.
 */
export function checkNumbers(called: string, stored: StoredTensor, values: Float32Array, from: string): void {
  const isVariance = called.endsWith(".running_var");
  const at = values.findIndex((value) => !Number.isFinite(value) || (isVariance && value < 0));
  if (at < 0) return;
  const value = stored.dtype === "F64" ? stored.data[at]! : values[at]!;
  const number = `${from}: ${called}${indexIn(stored.shape, at)} is ${value}`;
  if (isVariance && value < 0 && value >= -largest) {
    throw new Error(
      `${number}, and a variance is never negative: see whether running_mean and running_var are exchanged`,
    );
  }
  throw new Error(
    Number.isFinite(value)
      ? `${number}, beyond ${largest}, the largest number of 32 bits, in which a network computes here: save model.float() and see whether it still works in PyTorch`
      : `${number}, and a network computes only with finite numbers: take a checkpoint from before its training diverged, or get the file anew`,
  );
}

/** `[2, 0, 1]`: where the number stands in its tensor, which is row-major; nothing for a tensor of one number without axes. */
function indexIn(shape: readonly number[], at: number): string {
  if (shape.length === 0) return "";
  const index: number[] = [];
  let rest = at;
  for (const length of [...shape].reverse()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return `[${index.join(", ")}]`;
}
