// Gathering on the native engine without reading the indices back, so that a step that gathers can be compiled.
import * as tf from "@tensorflow/tfjs-core";

/** What of the native engine the kernel uses. */
interface Engine {
  /** `values` are those that were not uploaded yet. */
  readonly tensorMap: { get(dataId: object): { readonly values: ArrayLike<number> | null } };
}

/**
 * Wraps TensorFlow.js's kernel `GatherV2` of the native engine, which reads all indices in order to check them. That waits for the
 * device, and a step that reads cannot be compiled.
 *
 * With the wrapper only indices that are still on the host are checked by TensorFlow.js. Others TensorFlow checks itself on a CPU; on a
 * GPU it gives zeros where an index is out of range.
 */
export function gatherWithoutReading(): void {
  const original = tf.getKernel(tf.GatherV2, "tensorflow");
  tf.unregisterKernel(tf.GatherV2, "tensorflow");
  tf.registerKernel({
    ...original,
    kernelFunc: ({ backend, ...call }) => {
      const { tensorMap } = backend as Engine;
      const readSync = (dataId: object) => tensorMap.get(dataId).values ?? [];
      const unread = Object.create(backend, { readSync: { value: readSync } }) as object;
      return original.kernelFunc({ ...call, backend: unread });
    },
  });
}
