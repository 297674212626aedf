// What compiling uses of the native engine: its binding, and the table that says which tensor is which of the engine's.
import * as tf from "@tensorflow/tfjs-core";

/** An attribute as TensorFlow.js hands it to the binding. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** One output of an operation. */
export interface OpOutput {
  readonly id: number;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** Bytes, or strings as bytes. */
export type TensorValues = ArrayBufferView | readonly Uint8Array[];

/** The native binding: TensorFlow.js's own, and the five functions that setup's patch adds. */
export interface Binding {
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): OpOutput[];
  createTensor(shape: readonly number[], dtype: number, values: TensorValues): number;
  tensorDataSync(id: number): unknown;
  /** Registers a serialised FunctionDef; `executeOp` then runs it by its name. */
  addFunction(definition: Uint8Array): void;
  removeFunction(name: string): void;
  /** The serialised OpList of every operation. */
  getOpList(): Uint8Array;
  /** Whether the graphs of functions are kept as they are first run. */
  setGraphCollection(on: boolean): void;
  /** What was kept, a serialised RunMetadata; then it is forgotten. */
  takeRunMetadata(): Uint8Array;
}

/** Where a tensor's data lies: on the engine under `id`, or still on the host as `values`. */
interface TensorData {
  readonly id: number;
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: unknown;
}

/** The backend `tensorflow`. Its binding is replaced by a recording one for the time of a recording. */
export interface Engine {
  binding: Binding;
  readonly tensorMap: { get(dataId: object): TensorData };
  readonly isUsingGpuDevice: boolean;
  getInputTensorIds(tensors: readonly { readonly dataId?: object }[]): number[];
  createOutputTensor(output: OpOutput): tf.Tensor;
  refCount(dataId: object): number;
}

/** What a recording watches of TensorFlow.js's own engine: operations, tensors and variables that are made, and what outlives its scope. */
export interface TensorEngine {
  runKernelFunc(call: { readonly inputs: Readonly<Record<string, unknown>> }): unknown;
  keep(tensor: tf.Tensor): tf.Tensor;
  trackTensor(tensor: tf.Tensor, ...backend: readonly unknown[]): void;
  makeVariable(value: tf.Tensor, ...rest: readonly unknown[]): tf.Variable;
}

/** TensorFlow.js's own engine, which hands operations to the backend. */
export function tensorEngine(): TensorEngine {
  return tf.engine() as unknown as TensorEngine;
}

/** The native engine, or why there is none that can compile. */
export function compilingEngine(): Engine | string {
  if (tf.getBackend() !== "tensorflow") return `the backend ${tf.getBackend()} has no compiler`;
  const engine = tf.backend() as unknown as Engine;
  const { addFunction } = engine.binding as Partial<Binding>;
  return addFunction
    ? engine
    : "the native engine was compiled by an older setup: run `npm run setup` or, in a project of your own, `npx residual setup`";
}

/**
 * Does the work, then gives every registered variable that is still there the value that it had, and one that the work has made the value
 * that it was made with.
 */
export function keepingVariables<T>(work: () => T): T {
  const tensors = tensorEngine();
  const keep = tensors.keep.bind(tensors); // a recording replaces it
  const makeVariable = tensors.makeVariable.bind(tensors);
  const start = new Map<tf.Variable, tf.Tensor>();
  const note = (variable: tf.Variable): tf.Variable => {
    start.set(variable, keep(tf.clone(variable)));
    return variable;
  };
  Object.values(tf.engine().registeredVariables).forEach(note);
  const back = replaceMethod(tensors, "makeVariable", (...call) => note(makeVariable(...call)));
  try {
    return work();
  } finally {
    back();
    for (const [variable, value] of start) if (!variable.isDisposed) variable.assign(value);
    tf.dispose([...start.values()]);
  }
}

/** Puts a property in the place of an object's own or inherited one, until what it gives is called. */
export function replaceMethod<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  value: Owner[Name],
): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  owner[name] = value;
  return () => {
    if (own) Object.defineProperty(owner, name, own);
    else Reflect.deleteProperty(owner, name);
  };
}
