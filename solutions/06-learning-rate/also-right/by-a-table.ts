// Parts of the schedule in their order; the first that is not over yet counts.
export function learningRate(step: number, warmUp: number): number {
  const parts: readonly (readonly [until: number, rate: number])[] = [
    [warmUp, 1e-2],
    [32e3, 1e-1],
    [48e3, 1e-2],
    [Infinity, 1e-3],
  ];
  return parts.find(([until]) => step < until)![1];
}
