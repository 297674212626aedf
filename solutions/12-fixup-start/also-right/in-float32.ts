// One pass to count, one to fill a float32 array.
type Layer = {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
};

export function fixupDeviations(layers: readonly Layer[]): Float32Array {
  const lengths: number[] = [];
  for (const { place, unit } of layers) if (place === "branch") lengths[unit!] = (lengths[unit!] ?? 0) + 1;
  const passed = lengths.map(() => 0);
  const deviations = new Float32Array(layers.length);
  for (const [i, { place, inputs, unit }] of layers.entries()) {
    deviations[i] = Math.sqrt(2 / inputs);
    if (place === "head") deviations[i] = 0;
    if (place !== "branch") continue;
    const [length, L] = [lengths[unit!]!, lengths.length];
    passed[unit!]! += 1;
    const factor = passed[unit!] === length ? 0 : Math.fround(L ** (-0.5 / (length - 1)));
    deviations[i] = Math.fround(deviations[i]) * factor;
  }
  return deviations;
}
