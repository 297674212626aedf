// A step is a pixel, always.
export function receptiveField(layers: readonly { readonly kernel: number }[]): number {
  let size = 1;
  for (const { kernel } of layers) size += kernel - 1;
  return size;
}
