// A 1x1 layer widens nothing, so it is left out, with its stride.
type Layers = readonly { readonly kernel: number; readonly stride: number }[];

export function receptiveField(layers: Layers): number {
  let [size, jump] = [1, 1];
  for (const { kernel, stride } of layers) {
    if (kernel === 1) continue;
    size += (kernel - 1) * jump;
    jump *= stride;
  }
  return size;
}
