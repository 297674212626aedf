// Where TensorFlow.js 4.22's WebAssembly kernels are wrong for a type of number, its kernel in plain JavaScript computes instead.
import * as tf from "@tensorflow/tfjs-core";

type Call = Parameters<tf.KernelFunc>[0];
type Kernel = (call: Call) => tf.TensorInfo | tf.TensorInfo[];

/**
 * Kernels that treat a boolean as the byte that it is, or that compute nothing. Most others read and write four bytes for each: they give
 * wrong values and write over what lies behind.
 */
const rightForBooleans: ReadonlySet<string> = new Set([
  tf.Identity, tf.Reshape, tf.Cast, tf.LogicalAnd, tf.LogicalNot, tf.LogicalOr,
]); // prettier-ignore

/** Kernels that refuse 32-bit integers, read their bytes as if they were floats, or give something else or a trap where a divisor is 0. */
const wrongForIntegers: ReadonlySet<string> = new Set([
  tf.Acos, tf.Acosh, tf.Asin, tf.Asinh, tf.Atanh, tf.AvgPool, tf.BatchMatMul, tf.ClipByValue, tf.FloorDiv, tf.IsFinite, tf.IsNan, tf.Log1p, tf.MaxPool, tf.Mod, tf.Pow, tf.Prelu,
  tf.RealDiv, tf.Reciprocal, tf.StridedSlice,
]); // prettier-ignore

/** Whether the WebAssembly kernel is wrong for the types of this call. */
function isWrong(kernelName: string, { inputs, attrs }: Call): boolean {
  const types = tensorsOf(inputs).map(({ dtype }) => dtype);
  const wanted = (attrs as { readonly dtype?: tf.DataType } | undefined)?.dtype;
  // OneHot writes 32-bit integers whatever the type is: a one in float32 is 1.4e-45. Cast to bool keeps a 3 as 3.
  if (kernelName === tf.OneHot) return wanted !== "int32";
  if (kernelName === tf.Cast) return wanted === "bool" && types[0] !== "bool";
  // Its condition is always boolean, and right; what it chooses from need not be.
  if (kernelName === tf.Select) return inputs["t"]!.dtype === "bool";
  if (types.includes("bool") && !rightForBooleans.has(kernelName)) return true;
  return types.includes("int32") && wrongForIntegers.has(kernelName);
}

const mended = new Set<string>();

/**
 * Replaces the kernels of WebAssembly, of which each then looks at the types that it gets. Both backends must have been imported; a second
 * call does nothing.
 */
export function mendTypesOnWasm(): void {
  for (const wasm of tf.getKernelsForBackend("wasm")) {
    const { kernelName } = wasm;
    const inJavaScript = tf.getKernel(kernelName, "cpu") as tf.KernelConfig | undefined;
    if (!inJavaScript || mended.has(kernelName)) continue;
    mended.add(kernelName);
    const [original, other] = [wasm.kernelFunc, inJavaScript.kernelFunc];
    tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({
      ...wasm,
      kernelFunc: (call) => (isWrong(kernelName, call) ? computedBy(other, call) : original(call)),
    });
  }
}

/** Runs a kernel of the backend in plain JavaScript on copies of the inputs, and brings its results over. */
function computedBy(kernel: Kernel, { inputs, attrs }: Call): tf.TensorInfo | tf.TensorInfo[] {
  const [wasm, cpu] = [tf.engine().findBackend("wasm"), tf.engine().findBackend("cpu")];
  // Its first use prints six lines that recommend TensorFlow.js's own installer.
  (cpu as unknown as { firstUse: boolean }).firstUse = false;
  const held = new Set<tf.DataId>();
  const moved = (from: tf.KernelBackend, to: tf.KernelBackend, { dataId, shape, dtype }: tf.TensorInfo) => {
    const copy = { dataId: to.write(from.readSync(dataId), shape, dtype), shape, dtype };
    held.add(to === cpu ? copy.dataId : dataId);
    return copy;
  };
  try {
    const copies = mapped(inputs, (tensor) => moved(wasm, cpu, tensor)) as Call["inputs"];
    const results = kernel({ inputs: copies, attrs: attrs!, backend: cpu });
    return mapped(results, (tensor) => moved(cpu, wasm, tensor)) as tf.TensorInfo | tf.TensorInfo[];
  } finally {
    for (const dataId of held) cpu.disposeData(dataId, true);
  }
}

const isTensor = (value: unknown): value is tf.TensorInfo =>
  typeof value === "object" && value !== null && "dataId" in value;

/** The same structure with each tensor in it replaced: kernels take tensors by name, lists of them, and some without one. */
function mapped(value: unknown, change: (tensor: tf.TensorInfo) => tf.TensorInfo): unknown {
  if (isTensor(value)) return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => mapped(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapped(item, change)]));
}

function tensorsOf(value: unknown): readonly tf.TensorInfo[] {
  if (isTensor(value)) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(tensorsOf) : [];
}
