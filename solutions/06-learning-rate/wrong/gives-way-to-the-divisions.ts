// The divisions first, and the warm-up in what is left.
export function learningRate(step: number, warmUp: number): number {
  if (step >= 48_000) return 0.001;
  if (step >= 32_000) return 0.01;
  return step < warmUp ? 0.01 : 0.1;
}
