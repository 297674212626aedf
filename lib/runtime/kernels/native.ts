// How the library calls operations of the native TensorFlow engine that TensorFlow.js itself never calls.
import * as tf from "@tensorflow/tfjs-core";

/** One attribute of a TensorFlow operation, as the engine's binding takes it. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string;
}

/** The numbers by which the binding knows attribute types and element types. */
interface Binding {
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
}

/** The part of the backend `tensorflow` that the kernels use. */
export interface NativeBackend {
  readonly binding: Binding;
  executeSingleOutput(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor;
  executeMultipleOutputs(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

/** Makes attributes of a TensorFlow operation from their names and values. */
export function attributesOf({ binding }: NativeBackend) {
  return {
    type: (name: string, dtype: "float32" | "int32"): Attribute => ({
      name,
      type: binding.TF_ATTR_TYPE,
      value: dtype === "float32" ? binding.TF_FLOAT : binding.TF_INT32,
    }),
    float: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_FLOAT, value }),
    bool: (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value }),
    string: (name: string, value: string): Attribute => ({ name, type: binding.TF_ATTR_STRING, value }),
  };
}

/** True when the active backend is the native engine, the one that has the kernels defined by {@link defineKernel}. */
export function isNative(): boolean {
  return tf.getBackend() === "tensorflow";
}

interface GradientDefinition<Options> {
  /** Inputs that the gradient needs; they come first among `saved`. */
  readonly saveInputs?: readonly string[];
  /** Which outputs the gradient needs, in order. */
  readonly saveOutputs?: readonly boolean[];
  /** For each input a function that gives its gradient; only those that are needed are called. */
  backward(dy: tf.Tensor[], saved: tf.Tensor[], options: Options): Record<string, () => tf.Tensor>;
}

/** A kernel of the native engine. */
export interface KernelDefinition<Input extends string, Options> {
  /** Unique among the kernels of TensorFlow.js; ours begin with `Residual`. */
  readonly name: string;
  /** The computation, by operations of the engine; the tape records nothing inside. */
  forward(
    backend: NativeBackend,
    inputs: Record<Input, tf.TensorInfo>,
    options: Options,
  ): tf.Tensor | tf.Tensor[];
  readonly gradient: GradientDefinition<Options>;
}

/** Runs a kernel; the tape sees one operation. */
export type Kernel<Input extends string, Options> = <T extends tf.Tensor | tf.Tensor[]>(
  inputs: Record<Input, tf.Tensor>,
  options: Options,
) => T;

/**
 * Registers a kernel for the native engine and gives the function that runs it. Kernels pass through TensorFlow.js's own
 * registry and tape, so they have names in `tf.profile`, and only the gradients that are asked for are computed.
 */
export function defineKernel<Input extends string, Options extends object = Record<string, never>>(
  definition: KernelDefinition<Input, Options>,
): Kernel<Input, Options> {
  const { name, gradient } = definition;
  tf.registerKernel({
    kernelName: name,
    backendName: "tensorflow",
    kernelFunc: ({ backend, inputs, attrs }) =>
      definition.forward(
        backend as NativeBackend,
        inputs as Record<Input, tf.TensorInfo>,
        attrs as unknown as Options,
      ),
  });
  tf.registerGradient({
    kernelName: name,
    inputsToSave: [...(gradient.saveInputs ?? [])],
    outputsToSave: [...(gradient.saveOutputs ?? [])],
    gradFunc: (dy, saved, attrs) =>
      gradient.backward(Array.isArray(dy) ? dy : [dy], saved, attrs as unknown as Options),
  });
  return (inputs, options) => tf.engine().runKernel(name, inputs, options as unknown as tf.NamedAttrMap);
}
