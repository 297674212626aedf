// k pixels for a kernel of k.
interface Sliding {
  readonly kernel: number;
  readonly stride: number;
}

export function receptiveField(layers: readonly Sliding[]): number {
  let size = 0;
  // Pixels of the image between neighbours in the feature map.
  let jump = 1;
  for (const { kernel, stride } of layers) {
    size += kernel * jump;
    jump *= stride;
  }
  return size;
}
