// 32-bit floats rounded to 16 bits, to the nearest and of two equally near ones to the even one (IEEE 754).

/** The bits of the half nearest to a number. @throws RangeError where it is beyond the largest half, 65504, or no number. */
export function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (!(size < 65520)) throw new RangeError(`a half holds at most 65504; got ${value}`);
  // Steps of the binade that it lies in: 2^-24 below the smallest normal number, 2^-14.
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 2 ** -14)));
  const steps = roundHalfToEven(size / 2 ** (exponent - 10));
  // 1024 steps make the leading bit; where rounding carries into it, the sum is the next binade's first number.
  return sign | (steps < 1024 ? steps : ((exponent + 15) << 10) + (steps - 1024));
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
