// The jump grows before it is used.
interface Sliding {
  readonly kernel: number;
  readonly stride: number;
}

export function receptiveField(layers: readonly Sliding[]): number {
  let size = 1;
  // Pixels of the image between neighbours in the feature map.
  let jump = 1;
  for (const { kernel, stride } of layers) {
    jump *= stride;
    size += (kernel - 1) * jump;
  }
  return size;
}
