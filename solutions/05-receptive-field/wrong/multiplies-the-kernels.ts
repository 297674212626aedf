// As if windows lay side by side.
export function receptiveField(layers: readonly { readonly kernel: number }[]): number {
  return layers.reduce((size, { kernel }) => size * kernel, 1);
}
