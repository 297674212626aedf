// No layers, no field.
type Layers = readonly { readonly kernel: number; readonly stride: number }[];

export function receptiveField(layers: Layers): number {
  if (layers.length === 0) return 0;
  return layers.reduceRight((size, { kernel, stride }) => (size - 1) * stride + kernel, 1);
}
