// Stored numbers as 32-bit floats: half precision and bfloat16 exactly, double precision rounded.
import type { StoredTensor } from "./safetensors.js";

/**
 * The values of a tensor as 32-bit floats, row-major; undefined if it holds integers. Those of F16 and BF16 are exact, those of F64 are
 * rounded to the nearest, as PyTorch's `float()` rounds them: beyond 3.4e38 to infinity.
 */
export function asFloat32(tensor: StoredTensor): Float32Array | undefined {
  switch (tensor.dtype) {
    case "F32":
      return tensor.data;
    case "F64":
      return Float32Array.from(tensor.data);
    case "F16":
      return Float32Array.from(tensor.data, half);
    case "BF16":
      // The upper 16 bits of a 32-bit float.
      return new Float32Array(Uint32Array.from(tensor.data, (bits) => bits << 16).buffer);
    default:
      return undefined;
  }
}

/** IEEE 754 half precision: a sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
