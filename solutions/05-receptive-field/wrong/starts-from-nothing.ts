// From 0.
interface Sliding {
  readonly kernel: number;
  readonly stride: number;
}

export function receptiveField(layers: readonly Sliding[]): number {
  let size = 0;
  // Pixels of the image between neighbours in the feature map.
  let jump = 1;
  for (const { kernel, stride } of layers) {
    size += (kernel - 1) * jump;
    jump *= stride;
  }
  return size;
}
