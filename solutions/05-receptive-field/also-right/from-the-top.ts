// From the last layer down: n outputs of a layer come from (n - 1) stride + kernel inputs.
interface Sliding {
  readonly kernel: number;
  readonly stride: number;
}

export function receptiveField(layers: readonly Sliding[]): number {
  return layers.reduceRight((size, { kernel, stride }) => (size - 1) * stride + kernel, 1);
}
