// From the cost in closed form, shallow and wide.
interface Budget {
  readonly parameters: number;
  readonly multiplyAdds: number;
}

interface Budget {
  readonly parameters: number;
  readonly multiplyAdds: number;
}

export function design({ parameters, multiplyAdds }: Budget) {
  const fits = (n: number, w: number) => {
    const convolutions = 27 * w + 9 * w * w * (42 * n - 10);
    const norms = 2 * w + 28 * n * w;
    const adds =
      1024 * (27 * w + 18 * n * w * w) +
      256 * (18 * w * w + 36 * (2 * n - 1) * w * w) +
      64 * (72 * w * w + 144 * (2 * n - 1) * w * w) +
      40 * w;
    return convolutions + norms + 40 * w + 10 <= parameters && adds <= multiplyAdds;
  };
  let width = 8;
  while (fits(3, width + 1)) width++;
  let n = 3;
  while (fits(n + 1, width)) n++;
  return { depth: 6 * n + 2, width };
}
