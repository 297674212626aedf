// Tensors that are views: numbers of a larger array, found by an offset and one stride for each axis.
import type { StoredTensor } from "./safetensors.js";

/** Where the numbers of a view lie. */
export interface StridedView {
  readonly shape: readonly number[];
  /** How many numbers further the next index of each axis lies; not negative. */
  readonly strides: readonly number[];
  /** Where the first one lies. */
  readonly offset: number;
}

/** The strides of a row-major tensor: the last axis is the closest. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** The numbers of a view in row-major order, a copy. The view must lie within `data`. */
export function rowMajor<D extends StoredTensor["data"]>(
  data: D,
  { shape, strides, offset }: StridedView,
): D {
  const count = shape.reduce((product, length) => product * length, 1);
  const dense = rowMajorStrides(shape);
  if (shape.every((length, axis) => length < 2 || strides[axis] === dense[axis])) {
    return data.slice(offset, offset + count) as D;
  }
  // Axes of one place are left out: to count through them would be the most of the work.
  const axes = shape.map((_, axis) => axis).filter((axis) => shape[axis]! > 1);
  const lengths = axes.map((axis) => shape[axis]!);
  const steps = axes.map((axis) => strides[axis]!);
  const result = new (data.constructor as new (length: number) => D)(count);
  const place = new Array<number>(axes.length).fill(0);
  for (let i = 0, at = offset; i < count; i++) {
    result[i] = data[at]!;
    // The next place, as an odometer counts: the last axis first.
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      at += steps[axis]!;
      if (++place[axis]! < lengths[axis]!) break;
      at -= steps[axis]! * lengths[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}
