// The right rule for the way down, taken on the way up.
type Layers = readonly { readonly kernel: number; readonly stride: number }[];

export function receptiveField(layers: Layers): number {
  return layers.reduce((size, { kernel, stride }) => (size - 1) * stride + kernel, 1);
}
