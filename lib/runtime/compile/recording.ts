// Runs a step while noting every operation that reaches the native engine.
import * as tf from "@tensorflow/tfjs-core";
import type { Binding, Engine, OpAttribute, TensorValues } from "./engine.js";
import { DiffersFromRecording, rehearsalOf } from "./rehearsal.js";
import { currentScope } from "./scope.js";

/** What a step gives: a tensor, several in a list or by name, or nothing. */
export type StepResult = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>> | undefined;

/** A step over tensors: what is compiled. */
export type StepFunction<Args extends readonly tf.Tensor[], Result extends StepResult> = (
  ...args: Args
) => Result;

/** An operation that the step ran, or a constant that it made; tensors by the engine's numbers. */
export interface RecordedNode {
  readonly operation: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Of a constant only. */
  readonly constant?: RecordedConstant;
  /** The scopes that were open. */
  readonly scope: string;
  /** Its stack says where in the caller's code the operation was run. */
  readonly trace: Error;
}

/** A tensor made from JavaScript's numbers. */
export interface RecordedConstant {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: Uint8Array | readonly Uint8Array[];
}

/** A tensor that the step made. */
export interface MadeTensor {
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** A tensor from outside of the step. */
export interface OuterTensor extends MadeTensor {
  readonly dataId: object;
}

/** Everything that one run of a step did on the engine. */
export interface Recording<Result extends StepResult> {
  readonly result: Result;
  readonly nodes: readonly RecordedNode[];
  /** What the step made. */
  readonly made: ReadonlyMap<number, MadeTensor>;
  readonly outer: ReadonlyMap<number, OuterTensor>;
  readonly argumentIds: readonly number[];
  readonly variables: ReadonlyMap<number, tf.Variable>;
  readonly resultIds: readonly number[];
  /** Variables that hold another tensor than before, and that tensor. */
  readonly changed: readonly { readonly variable: tf.Variable; readonly id: number }[];
  /** True where the step made or disposed a variable. */
  readonly grown: boolean;
  /** Where the step read a value that it had computed or was given. */
  readonly read: Error | undefined;
}

/** The tensors of a result in order. */
export function tensorsOf(result: StepResult): readonly tf.Tensor[] {
  if (result === undefined) return [];
  return result instanceof tf.Tensor ? [result] : Object.values(result);
}

/**
 * Runs the step once: for real, or as the rehearsal of an earlier recording, whose result then has no values. What the step throws
 * passes through.
 *
 * @throws DiffersFromRecording from a rehearsal
 */
export function record<Args extends readonly tf.Tensor[], Result extends StepResult>(
  engine: Engine,
  step: StepFunction<Args, Result>,
  args: Args,
  earlier?: Recording<StepResult>,
): Recording<Result> {
  const { binding } = engine;
  const rehearsal = earlier && rehearsalOf(binding, earlier);
  const nodes: RecordedNode[] = [];
  const made = new Map<number, MadeTensor>();
  const outer = new Map<number, OuterTensor>();
  const written = new WeakSet();
  let read: Error | undefined;

  const idOf = (tensor: tf.Tensor): number => engine.getInputTensorIds([tensor])[0]!; // uploads it first if need be
  const noteOuter = (id: number, dataId: object): void => {
    if (!made.has(id) && !outer.has(id)) outer.set(id, { dataId, ...pick(engine.tensorMap.get(dataId)) });
  };
  const before = Object.values(tf.engine().registeredVariables);
  const variables = new Map(before.map((variable) => [idOf(variable), variable]));
  const argumentIds = args.map(idOf);
  args.forEach((tensor, i) => { noteOuter(argumentIds[i]!, tensor.dataId); }); // prettier-ignore
  for (const [id, { dataId }] of variables) noteOuter(id, dataId);

  const recorder = Object.create(binding, {
    executeOp: {
      value(operation: string, attributes: readonly OpAttribute[], inputs: readonly number[], count: number) {
        const outputs =
          rehearsal?.execute(operation, attributes, inputs) ??
          binding.executeOp(operation, attributes, inputs, count);
        for (const { id, dtype, shape } of outputs) made.set(id, { dtype, shape });
        nodes.push({ operation, attributes, inputs: [...inputs], outputs: outputs.map(({ id }) => id), scope: currentScope(), trace: new Error() }); // prettier-ignore
        return outputs;
      },
    },
    createTensor: {
      value(shape: readonly number[], dtype: number, values: TensorValues) {
        const id = binding.createTensor(shape, dtype, values);
        made.set(id, { dtype, shape });
        rehearsal?.constant(id, dtype, shape);
        const constant = { dtype, shape: [...shape], values: copyOf(values) };
        nodes.push({ operation: "Const", attributes: [], inputs: [], outputs: [id], constant, scope: currentScope(), trace: new Error() }); // prettier-ignore
        return id;
      },
    },
    tensorDataSync: {
      value(id: number) {
        if (rehearsal) throw new DiffersFromRecording("the rehearsal reads a value");
        read ??= new Error("values are read inside the step");
        return binding.tensorDataSync(id);
      },
    },
  }) as Binding;

  // Numbers written inside the step become constants; a tensor from outside that is uploaded only now is an input all the same.
  const write = engine.write.bind(engine);
  engine.write = (values, shape, dtype) => {
    const dataId = write(values, shape, dtype);
    written.add(dataId);
    return dataId;
  };
  const inputIds = engine.getInputTensorIds.bind(engine);
  engine.getInputTensorIds = (tensors) => {
    for (const { dataId } of tensors) {
      if (dataId && !written.has(dataId) && engine.tensorMap.get(dataId).values != null) {
        engine.binding = binding;
        inputIds([{ dataId }]);
        engine.binding = recorder;
      }
    }
    const ids = inputIds(tensors);
    tensors.forEach(({ dataId }, i) => { if (dataId) noteOuter(ids[i]!, dataId); }); // prettier-ignore
    return ids;
  };
  engine.binding = recorder;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 60; // the caller's line lies below TensorFlow.js's many frames
  try {
    const result = step(...args);
    const resultIds = tensorsOf(result).map(idOf);
    const now = Object.values(tf.engine().registeredVariables);
    const grown = now.length !== before.length || now.some((variable, i) => variable !== before[i]);
    const changed = grown ? [] : now.map((variable) => ({ variable, id: idOf(variable) }));
    return {
      result, nodes, made, outer, argumentIds, variables, resultIds, grown, read,
      changed: changed.filter(({ variable, id }) => variables.get(id) !== variable),
    }; // prettier-ignore
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    engine.binding = binding;
    Reflect.deleteProperty(engine, "write");
    Reflect.deleteProperty(engine, "getInputTensorIds");
  }
}

function pick({ dtype, shape }: { readonly dtype: number; readonly shape: readonly number[] }) {
  return { dtype, shape };
}

function copyOf(values: TensorValues): Uint8Array | readonly Uint8Array[] {
  if (!ArrayBuffer.isView(values)) return values.map((bytes) => Uint8Array.from(bytes));
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}
