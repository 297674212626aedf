// One polynomial in n.
export function parameterCount(depth: number, classes: number): number {
  // 464 of the first convolution; per n two convolutions of each stage; less what the stages' first convolutions save.
  return 464 + ((depth - 2) / 6) * 2 * (2336 + 9280 + 36992) - 4608 - 18432 + 65 * classes;
}
