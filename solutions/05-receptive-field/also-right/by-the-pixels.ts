// Follows the pixels themselves, as a set.
interface Sliding {
  readonly kernel: number;
  readonly stride: number;
}

export function receptiveField(layers: readonly Sliding[]): number {
  let seen = new Set([0]);
  for (const { kernel, stride } of [...layers].reverse()) {
    const below = new Set<number>();
    for (const place of seen) for (let k = 0; k < kernel; k++) below.add(place * stride + k);
    seen = below;
  }
  return Math.max(...seen) - Math.min(...seen) + 1;
}
