// A stride is 1, or it is 2.
type Layers = readonly { readonly kernel: number; readonly stride: number }[];

export function receptiveField(layers: Layers): number {
  let [size, jump] = [1, 1];
  for (const { kernel, stride } of layers) {
    size += (kernel - 1) * jump;
    jump *= stride === 1 ? 1 : 2;
  }
  return size;
}
