// A tenth for each milestone that is passed.
export function learningRate(step: number, warmUp: number): number {
  const passed = [32_000, 48_000].filter((milestone) => milestone <= step).length;
  return step >= warmUp ? 10 ** -(1 + passed) : 10 ** -2;
}
