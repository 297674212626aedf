// Another factor.
export function learningRate(step: number, warmUp: number): number {
  if (step < warmUp) return 0.01;
  if (step < 32_000) return 0.1;
  return step < 48_000 ? 0.05 : 0.025;
}
