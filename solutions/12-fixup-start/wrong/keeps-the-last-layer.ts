// Every layer of a branch alike.
// Believed: Scaling the branch is enough, zeros are only its extreme.
// In class: With the factor alone each branch still adds something at the start, and L of them add up. Ask what the network computes before its
// first step if every branch ends in zeros.
type Layer = {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
};

export function fixupDeviations(layers: readonly Layer[]): number[] {
  const units = new Set(layers.flatMap(({ unit }) => unit ?? [])).size;
  return layers.map((layer) => {
    const he = Math.sqrt(2 / layer.inputs);
    if (layer.place === "head") return 0;
    if (layer.place !== "branch") return he;
    const branch = layers.filter(({ place, unit }) => place === "branch" && unit === layer.unit);
    return branch.length === 1 ? he : he * units ** (-1 / (2 * branch.length - 2));
  });
}
