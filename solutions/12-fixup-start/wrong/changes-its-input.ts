// From the last layer to the first, in the list that was given.
type Layer = {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
};

export function fixupDeviations(layers: readonly Layer[]): number[] {
  const units = new Set(layers.flatMap(({ unit }) => unit ?? [])).size;
  const backwards = (layers as Layer[]).reverse();
  const deviations = backwards.map((layer) => {
    if (layer.place === "head") return 0;
    const he = Math.sqrt(2 / layer.inputs);
    if (layer.place !== "branch") return he;
    const branch = backwards.filter(({ place, unit }) => place === "branch" && unit === layer.unit);
    return layer === branch[0] ? 0 : he * units ** (-1 / (2 * branch.length - 2));
  });
  return deviations.reverse();
}
