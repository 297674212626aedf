// The first step is always taken at 0.01.
export function learningRate(step: number, warmUp: number): number {
  if (step < Math.max(warmUp, 1)) return 0.01;
  if (step < 32_000) return 0.1;
  return step < 48_000 ? 0.01 : 0.001;
}
