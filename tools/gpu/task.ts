// What `npm run gpu` and its measuring processes say to each other.

/** What a process measures. */
export type Task =
  | { readonly kind: "find" }
  | {
      readonly kind: "losses";
      readonly depth: number;
      readonly widths: readonly [number, number, number];
      readonly batchSize: number;
      readonly steps: number;
      readonly learningRate: number;
    }
  | {
      readonly kind: "speed";
      readonly depth: number;
      readonly batchSize: number;
      /** Updates before the clock starts. */
      readonly warmUp: number;
      /** At most so many after. */
      readonly steps: number;
      /** At most so long after. */
      readonly seconds: number;
    };

/** What runs the measurement. */
export interface About {
  readonly backend: string;
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly isGpu: boolean;
  /** Why this backend and device, in the library's words. */
  readonly reason: string;
}

/** A measured speed. */
export interface Speed {
  readonly imagesPerSecond: number;
  /** MiB in use on the GPU at its end, as NVIDIA's tool says, or of WebGPU's buffers; `null` where nothing tells. */
  readonly gpuMiB: number | null;
}

/** A line of a process. */
export type Line = { readonly about: About } | { readonly step: number } | { readonly losses: readonly number[] } | Speed; // prettier-ignore
