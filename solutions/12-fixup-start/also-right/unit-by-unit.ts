// He's list first, in which each branch is then overwritten.
type Layer = {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
};

export function fixupDeviations(layers: readonly Layer[]): number[] {
  const deviations = layers.map(({ inputs, place }) => (place === "head" ? 0 : (2 / inputs) ** 0.5));
  const branches = new Map<number, number[]>();
  layers.forEach(({ place, unit }, i) => {
    if (place === "branch") branches.set(unit!, [...(branches.get(unit!) ?? []), i]);
  });
  for (const places of branches.values()) {
    const last = places.pop()!;
    deviations[last] = 0;
    // The factors of the others make 1/√L together.
    for (const i of places) deviations[i]! *= Math.pow(branches.size, -1 / 2 / places.length);
  }
  return deviations;
}
