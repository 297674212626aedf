// The schedule begins after the warm-up.
export function learningRate(step: number, warmUp: number): number {
  if (step < warmUp) return 0.01;
  if (step - warmUp < 32_000) return 0.1;
  return step - warmUp < 48_000 ? 0.01 : 0.001;
}
