// Runs a step while noting every operation that reaches the native engine.
import * as tf from "@tensorflow/tfjs-core";
import {
  replaceMethod,
  tensorEngine,
  type Binding,
  type Engine,
  type OpAttribute,
  type TensorValues,
} from "./engine.js";
import type { MadeTensor, OuterTensor, RecordedNode, Recording, TensorSource } from "./recorded.js";
import { DiffersFromRecording, rehearsalOf } from "./rehearsal.js";
import { formOf, tensorsOf, type StepResult } from "./result.js";
import { currentScope } from "./scope.js";
import { ownStorage, secondHandle, storageId } from "./storage.js";

/** A step over tensors: what is compiled. */
export type StepFunction<Args extends readonly tf.Tensor[], Result extends StepResult> = (
  ...args: Args
) => Result;

const recordingEngines = new WeakSet<Engine>();

/** True while a step is being recorded: what it calls is part of that recording. */
export function isRecording(engine: Engine): boolean {
  return recordingEngines.has(engine);
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
  if (isRecording(engine))
    throw new Error("a step cannot be recorded while another is: call it before or after");
  const { binding } = engine;
  const before = Object.values(tf.engine().registeredVariables);
  // From here on a number of the engine's is one argument's or one variable's, whatever shared its storage. The step gets stand-ins for
  // its arguments, because it may hold the same tensor from elsewhere; a variable stands for itself, because the step may assign it.
  ownStorage(engine, before);
  const standIns = new Map<tf.Tensor, tf.Tensor>();
  for (const tensor of new Set(args)) {
    if (!(tensor instanceof tf.Variable)) standIns.set(tensor, secondHandle(engine, tensor));
  }
  const given = args.map((tensor) => standIns.get(tensor) ?? tensor) as unknown as Args;
  const outer = new Map<number, OuterTensor>();
  const noteOuter = (tensor: tf.Tensor, source: TensorSource): number => {
    const id = storageId(engine, tensor);
    const { dtype, shape } = engine.tensorMap.get(tensor.dataId);
    if (!outer.has(id)) outer.set(id, { dtype, shape, source });
    return id;
  };
  const ids = new Map(before.map((variable) => [variable, noteOuter(variable, { variable })]));
  given.forEach((tensor, argument) => noteOuter(tensor, { argument })); // a variable, or the same tensor once more, is known
  const rehearsal = earlier && rehearsalOf(binding, earlier, outer);

  const nodes: RecordedNode[] = [];
  const made = new Map<number, MadeTensor>();
  const captured = new Set<tf.Tensor>();
  const kept: tf.Tensor[] = [];
  let read: Error | undefined;
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

  const isOuter = olderThanNow();
  // Numbers written inside the step become constants; a tensor from outside that is uploaded only now is an input all the same.
  const known = new Set<tf.Tensor>([...given, ...before]);
  const capture = (tensor: tf.Tensor): void => {
    if (tensor.isDisposed || !isOuter(tensor) || known.has(tensor) || captured.has(tensor)) return;
    captured.add(tensor);
    engine.binding = binding;
    noteOuter(tensor, { captured: tensor });
    engine.binding = recorder;
  };
  const tensors = tensorEngine();
  const runKernel = tensors.runKernelFunc.bind(tensors);
  const keep = tensors.keep.bind(tensors);
  const trackTensor = tensors.trackTensor.bind(tensors);
  const makeVariable = tensors.makeVariable.bind(tensors);
  const tracked: tf.Tensor[] = [];
  const { assign } = tf.Variable.prototype; // eslint-disable-line @typescript-eslint/unbound-method -- called with its variable below
  const { stackTraceLimit } = Error;
  const putBack = [
    replaceMethod(engine, "binding", recorder),
    replaceMethod(tensors, "runKernelFunc", (call) => {
      const inputs: readonly unknown[] = Object.values(call.inputs).flat();
      for (const input of inputs) if (isTensor(input)) capture(input);
      return runKernel(call);
    }),
    replaceMethod(tensors, "keep", (tensor) => {
      kept.push(tensor);
      return keep(tensor);
    }),
    replaceMethod(tensors, "trackTensor", (tensor, ...backend) => {
      tracked.push(tensor);
      trackTensor(tensor, ...backend);
    }),
    replaceMethod(tensors, "makeVariable", (...call) => {
      // It would hold what was never computed.
      if (rehearsal) throw new DiffersFromRecording("the rehearsal makes a variable");
      return makeVariable(...call);
    }),
    replaceMethod(tf.Variable.prototype, "assign", function (this: tf.Variable, value: tf.Tensor) {
      capture(value);
      assign.call(this, value);
    }),
  ];
  Error.stackTraceLimit = 60; // the caller's line lies below TensorFlow.js's many frames
  recordingEngines.add(engine);
  try {
    const result = step(...given);
    const form = formOf(result);
    const results = form ? [...new Set(tensorsOf(result))] : [];
    const unlike = whyUnlike();
    const now = Object.values(tf.engine().registeredVariables);
    const missing = new Set(before);
    const grown = [...now.filter((variable) => !missing.delete(variable)), ...missing].map(
      ({ name }) => name,
    );
    const changed =
      grown.length > 0 ? [] : now.map((variable) => ({ variable, id: storageId(engine, variable) }));
    return {
      result: unlike === undefined ? result : (withArguments(result) as Result), nodes, made, outer, grown, read, unlike,
      form: form ?? { kind: "nothing", names: [], places: [] },
      captured: [...captured],
      resultIds: unlike === undefined ? results.map((tensor) => storageId(engine, tensor)) : [],
      changed: changed.filter(({ variable, id }) => ids.get(variable) !== id),
    }; // prettier-ignore

    /** What the step gave, with the arguments themselves in the places of their stand-ins. */
    function withArguments(value: unknown): unknown {
      const at = given.indexOf(value as tf.Tensor);
      if (at >= 0) return args[at];
      if (Array.isArray(value)) return value.map(withArguments);
      if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value; // prettier-ignore
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withArguments(item)]));
    }

    function whyUnlike(): string | undefined {
      if (!form) return "its result is no tensor, list of tensors or tensors by name";
      const name = (tensor: tf.Tensor) =>
        given.includes(tensor) ? "its argument" : tensor instanceof tf.Variable ? "a variable" : "a tensor from outside"; // prettier-ignore
      const outside = results.find((tensor) => isOuter(tensor) || tensor instanceof tf.Variable);
      if (outside) return `it returns ${name(outside)} itself: return tf.clone of it`;
      if (results.some((tensor) => tensor.isDisposed)) return "it returns a tensor that it has disposed";
      if (given.some((tensor) => tensor.isDisposed))
        return "it disposes its argument: leave that to the caller";
      if (kept.some((tensor) => !tensor.isDisposed)) return "it keeps a tensor (tf.keep): return that tensor";
      // Somebody may use it after the step, and a replay would not make another one.
      if (
        tracked.some(
          (tensor) => !(tensor.isDisposed || tensor instanceof tf.Variable || results.includes(tensor)),
        )
      )
        return "it leaves a tensor behind that is not in its result: return that tensor, or free it by tf.tidy";
      return undefined;
    }
  } finally {
    recordingEngines.delete(engine);
    Error.stackTraceLimit = stackTraceLimit;
    for (const back of putBack) back();
    for (const [tensor, standIn] of standIns) {
      // What the step did to the stand-in it meant for the argument.
      if (standIn.isDisposed) tensor.dispose();
      else if (kept.includes(standIn)) tf.keep(tensor);
      else standIn.dispose();
    }
  }
}

/** As `record`, and frees what the step made, results too; but no argument or variable that it returns. */
export function recordAndFree<Args extends readonly tf.Tensor[], Result extends StepResult>(
  ...call: Parameters<typeof record<Args, Result>>
): Recording<Result> {
  let recording: Recording<Result>;
  tf.tidy(() => {
    recording = record(...call);
  });
  return recording!;
}

/** Says of a tensor whether it was there before this call; TensorFlow.js numbers tensors in the order in which they are made. */
function olderThanNow(): (tensor: tf.Tensor) => boolean {
  const marker = tf.scalar(0);
  marker.dispose();
  return ({ id }) => id < marker.id;
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

function copyOf(values: TensorValues): Uint8Array | readonly Uint8Array[] {
  if (!ArrayBuffer.isView(values)) return values.map((bytes) => Uint8Array.from(bytes));
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}
