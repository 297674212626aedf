// One padding for both.
// Believed: "Same" padding means the same zeros on both sides.
// In class: At stride 1 it does. At stride 2 an even image gets its odd zero at one end in some frameworks, while the papers' code pads both
// ends: weights that are carried over keep their shapes and give other answers.
export function paddings(n: number, k: number, s: number) {
  const side = (k - 1) / 2;
  const symmetric = { before: side, after: side, output: Math.floor((n + 2 * side - k) / s) + 1 };
  return { symmetric, same: symmetric };
}
