// As if a layer saw at least as many neighbours as it strides over.
type Layers = readonly { readonly kernel: number; readonly stride: number }[];

export function receptiveField(layers: Layers): number {
  return layers.reduceRight(
    (size, { kernel, stride }) => (size - 1) * stride + (size > 1 ? Math.max(kernel, stride) : kernel),
    1,
  );
}
