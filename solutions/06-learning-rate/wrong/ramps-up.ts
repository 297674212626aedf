// A linear warm-up.
export function learningRate(step: number, warmUp: number): number {
  if (step < warmUp) return (0.1 * (step + 1)) / warmUp;
  if (step < 32_000) return 0.1;
  return step < 48_000 ? 0.01 : 0.001;
}
