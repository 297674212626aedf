// Zeros in the whole branch.
type Layer = {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
};

export function fixupDeviations(layers: readonly Layer[]): number[] {
  return layers.map(({ place, inputs }) =>
    place === "head" || place === "branch" ? 0 : Math.sqrt(2 / inputs),
  );
}
