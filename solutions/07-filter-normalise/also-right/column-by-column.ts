// The layer as a list of rows, turned into columns and back.
type Rows = readonly (readonly number[])[];

const turned = (rows: Rows): Rows => (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]!));

export const filterNormalised = (
  direction: readonly number[],
  weights: readonly number[],
  outChannels: number,
): number[] => {
  const filters = (values: readonly number[]) =>
    turned(
      Array.from({ length: values.length / outChannels }, (_, row) =>
        values.slice(row * outChannels, (row + 1) * outChannels),
      ),
    );
  const own = filters(weights);
  const scaled = filters(direction).map((filter, f) => {
    const unit = filter.map((value) => value / (Math.hypot(...filter) || 1));
    return unit.map((value) => value * Math.hypot(...own[f]!));
  });
  return turned(scaled).flat();
};
