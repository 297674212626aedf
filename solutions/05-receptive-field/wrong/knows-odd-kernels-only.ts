// The same number of pixels on both sides.
type Layers = readonly { readonly kernel: number; readonly stride: number }[];

export function receptiveField(layers: Layers): number {
  let [size, jump] = [1, 1];
  for (const { kernel, stride } of layers) {
    size += 2 * Math.floor(kernel / 2) * jump;
    jump *= stride;
  }
  return size;
}
