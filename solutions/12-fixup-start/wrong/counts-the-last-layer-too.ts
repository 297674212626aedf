// As if m layers shared the work.
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
    return layer === branch.at(-1) ? 0 : he * units ** (-1 / (2 * branch.length));
  });
}
