// L to a positive power, as some pages print it.
// Believed: A branch has to be made stronger, because its last layer begins at 0.
// In class: Ask what a first step makes of the last layer, and how many branches then speak at once. With the minus the steps of all branches
// together are as large at 100 units as at one.
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
    return layer === branch.at(-1) ? 0 : he * units ** (1 / (2 * branch.length - 2));
  });
}
