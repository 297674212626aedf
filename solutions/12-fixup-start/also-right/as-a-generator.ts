// From the end: the first layer of a branch that is met is its last.
type Layer = {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
};

function* backwards(layers: readonly Layer[]): Generator<number> {
  const branches: number[] = [];
  for (const { place, unit } of layers) if (place === "branch") branches[unit!] = 1 + (branches[unit!] ?? 0);
  const met = new Set<number>();
  for (const { place, inputs, unit } of layers.toReversed()) {
    const he = Math.SQRT2 / Math.sqrt(inputs);
    if (place === "branch") {
      const others = branches[unit!]! - 1;
      yield met.has(unit!) ? he / branches.length ** (1 / (2 * others)) : 0;
      met.add(unit!);
    } else yield place === "head" ? 0 : he;
  }
}

export const fixupDeviations = (layers: readonly Layer[]): number[] => [...backwards(layers)].reverse();
