// A step is a pixel, always.
// Believed: Every 3×3 layer adds two pixels.
// In class: It adds two steps, and a step is the product of all strides below it. Let the class draw the windows of three layers in one
// dimension.
export function receptiveField(layers: readonly { readonly kernel: number }[]): number {
  let size = 1;
  for (const { kernel } of layers) size += kernel - 1;
  return size;
}
