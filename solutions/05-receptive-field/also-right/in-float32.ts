// Steps and sizes in two float32 arrays.
type Layers = readonly { readonly kernel: number; readonly stride: number }[];

export function receptiveField(layers: Layers): number {
  const steps = new Float32Array(layers.length + 1).fill(1);
  layers.forEach(({ stride }, i) => (steps[i + 1] = steps[i]! * stride));
  const size = new Float32Array([1]);
  layers.forEach(({ kernel }, i) => (size[0]! += (kernel - 1) * steps[i]!));
  return size[0]!;
}
