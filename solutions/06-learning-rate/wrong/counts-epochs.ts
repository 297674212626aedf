// Thousands of steps taken for epochs.
export function learningRate(step: number, warmUp: number): number {
  if (step < warmUp) return 0.01;
  if (step < 32) return 0.1;
  return step < 48 ? 0.01 : 0.001;
}
