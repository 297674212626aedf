// The cost of each layer summed in float32; the widest network of 20 layers, then as deep as it may be.
interface Budget {
  readonly parameters: number;
  readonly multiplyAdds: number;
}

export function design(budget: Budget) {
  const cost = (n: number, w: number) => {
    const sums = new Float32Array(2);
    const layer = (from: number, to: number, side: number) => {
      sums[0]! += 9 * from * to + 2 * to;
      sums[1]! += 9 * from * to * side * side;
    };
    layer(3, w, 32);
    for (let stage = 0; stage < 3; stage++)
      for (let i = 0; i < 2 * n; i++)
        layer(i > 0 || stage === 0 ? w * 2 ** stage : w * 2 ** (stage - 1), w * 2 ** stage, 32 / 2 ** stage);
    return { parameters: sums[0]! + 40 * w + 10, multiplyAdds: sums[1]! + 40 * w };
  };
  const fits = (n: number, w: number) => {
    const { parameters, multiplyAdds } = cost(n, w);
    return Math.max(parameters / budget.parameters, multiplyAdds / budget.multiplyAdds) < 0.9999;
  };
  let [n, width] = [3, 8];
  while (fits(n, width + 1)) width++;
  while (fits(n + 1, width)) n++;
  return { depth: 6 * n + 2, width };
}
