// 0.1 from the first step.
export function learningRate(step: number): number {
  if (step < 32_000) return 0.1;
  return step < 48_000 ? 0.01 : 0.001;
}
