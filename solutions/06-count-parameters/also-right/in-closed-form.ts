// One polynomial in n and the width.
interface Network {
  readonly depth: number;
  readonly width: number;
  readonly shortcuts: "A" | "B";
  readonly classes: number;
}

export const parameterCount = ({ depth, width: w, shortcuts, classes }: Network): number => {
  const n = (depth - 2) / 6;
  // Per n two convolutions of 9 (1 + 4 + 16) w^2 weights and 2 (1 + 2 + 4) w of the norms; less what the stages' first ones save.
  const convolutions = 27 * w + 2 * w + n * (378 * w * w + 28 * w) - 90 * w * w;
  const projections = shortcuts === "B" ? 10 * w * w + 12 * w : 0;
  return convolutions + projections + (4 * w + 1) * classes;
};
