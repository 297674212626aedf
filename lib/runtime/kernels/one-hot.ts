// TensorFlow.js 4.22's WebAssembly kernels `OneHot` and `Cast`, mended: they write integers where floats or booleans were asked for.
import * as tf from "@tensorflow/tfjs-core";

/**
 * Replaces them for a backend. `OneHot` writes 32-bit integers whatever the type is, so that a one in float32 is 1.4e-45, values between
 * the integers are cut off, and booleans run over their memory; `Cast` to bool keeps 3 as 3.
 */
export function mendOneHotAndCast(backendName: string): void {
  replace(tf.OneHot, backendName, (original, call) => {
    const { dtype, onValue, offValue } = call.attrs as unknown as tf.OneHotAttrs;
    if (dtype === "int32") return original(call);
    return tf.tidy(() => {
      const hits = original({ ...call, attrs: { ...call.attrs, dtype: "int32", onValue: 1, offValue: 0 } });
      const isHit = tf.equal(
        tf.engine().makeTensorFromTensorInfo(hits as tf.TensorInfo),
        tf.scalar(1, "int32"),
      );
      const filled = tf.where(isHit, tf.scalar(onValue), tf.scalar(offValue));
      return dtype === "bool" ? tf.notEqual(filled, tf.scalar(0)) : filled;
    });
  });
  replace(tf.Cast, backendName, (original, call) => {
    const { dtype } = call.attrs as unknown as tf.CastAttrs;
    const { x } = call.inputs as unknown as { x: tf.Tensor };
    if (dtype !== "bool" || x.dtype === "bool") return original(call);
    return tf.tidy(() => tf.notEqual(x, tf.zerosLike(x)));
  });
}

type Mended = (original: tf.KernelFunc, call: Parameters<tf.KernelFunc>[0]) => ReturnType<tf.KernelFunc>;

const mended = new Set<string>();

function replace(kernelName: string, backendName: string, kernelFunc: Mended): void {
  const key = `${kernelName} ${backendName}`;
  const present = tf.getKernel(kernelName, backendName);
  if (mended.has(key)) return;
  mended.add(key);
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...present, kernelFunc: (call) => kernelFunc(present.kernelFunc, call) });
}
