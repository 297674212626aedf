// As if steps counted from 1.
export function learningRate(step: number, warmUp: number): number {
  if (step + 1 < warmUp) return 0.01;
  if (step + 1 < 32_000) return 0.1;
  return step + 1 < 48_000 ? 0.01 : 0.001;
}
