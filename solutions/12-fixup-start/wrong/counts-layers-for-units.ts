// The depth in layers.
// Believed: L is the depth, and the depth of a network is its number of layers.
// In class: In this course the depth of ResNet-110 is 110 and the number of its units 54. Ask which of them says how many things are added up.
type Layer = {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
};

export function fixupDeviations(layers: readonly Layer[]): number[] {
  const units = layers.filter(({ place }) => place === "branch").length;
  return layers.map((layer) => {
    const he = Math.sqrt(2 / layer.inputs);
    if (layer.place === "head") return 0;
    if (layer.place !== "branch") return he;
    const branch = layers.filter(({ place, unit }) => place === "branch" && unit === layer.unit);
    return layer === branch.at(-1) ? 0 : he * units ** (-1 / (2 * branch.length - 2));
  });
}
