// The divisions reach the warm-up too.
export function learningRate(step: number, warmUp: number): number {
  const passed = [32_000, 48_000].filter((at) => step >= at).length;
  return (step < warmUp ? 0.01 : 0.1) / 10 ** passed;
}
