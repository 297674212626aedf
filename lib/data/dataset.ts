// A labelled image set in host memory, as its files hold it: one byte a pixel value.
/** Images and labels of one split of a data set. */
export interface Dataset {
  /** What figures and records call it: the name it was loaded by, such as `fashion-mnist-sample`, or the loader's `as`. */
  readonly name: string;
  /** `validation` is held out of the official training split by `splitValidation`. */
  readonly split: "train" | "validation" | "test";
  /** [N, H, W, C] in row-major order, 0 to 255. */
  readonly images: Uint8Array;
  /** [N], each in 0..classes.length - 1. */
  readonly labels: Uint8Array;
  /** [H, W, C] of one image. */
  readonly imageShape: readonly [number, number, number];
  readonly classes: readonly string[];
}
