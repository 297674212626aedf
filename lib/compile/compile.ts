// compile(): a step of tensor operations, recorded as it runs, becomes one operation of TensorFlow.
import * as tf from "@tensorflow/tfjs-core";
import { onlyKnown } from "../options.js";
import { callFunction } from "./call.js";
import { compilingEngine, keepingVariables, type Binding, type Engine } from "./engine.js";
import { firstDifferentNode, functionOfStep, sameFunction, type FunctionOfStep } from "./function-def.js";
import { NotCompilable } from "./node-def.js";
import { opTable, type OpTable } from "./op-def.js";
import type { Recording } from "./recorded.js";
import { isRecording, record, recordAndFree, type StepFunction } from "./recording.js";
import { DiffersFromRecording } from "./rehearsal.js";
import { resultOf, tensorsOf, type StepResult } from "./result.js";
import { sourceLine } from "./source-line.js";

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * Names the JavaScript values that the step depends on, such as a flag: where it gives another text, the step is recorded anew.
   * Numbers that change often are better arguments, as tensors.
   */
  readonly key?: () => string;
  /** Runs every so many calls uncompiled beside compiled, from the same values, and throws where they differ. For debugging. */
  readonly checkEvery?: number;
  /** How many recordings are kept, for argument shapes and keys; the one used longest ago is dropped. 8 by default. */
  readonly maxTraces?: number;
  /** On a GPU: hands the function to TensorFlow's XLA compiler. Off by default, and on a CPU always: it was slower there. */
  readonly xla?: boolean;
  /** Told once, with the reason and the line, that a step stays uncompiled. By default a warning on the console. */
  readonly onUncompiled?: (reason: string) => void;
}

/** Every option by name, for `fit` too, which checks them before it trains. */
export const compileOptions: readonly (keyof CompileOptions)[] = ["key", "checkEvery", "maxTraces", "xla", "onUncompiled"]; // prettier-ignore

/** What became of one combination of argument shapes and key. */
export interface TraceReport {
  /** The arguments' types and shapes, `=0` where one is the same tensor as argument 0, `@` where it is a variable; and the key. */
  readonly key: string;
  readonly state: "recording" | "compiled" | "uncompiled";
  /** Why it stays uncompiled. */
  readonly reason?: string;
  /** How many operations the function has. */
  readonly operations?: number;
}

/** A compiled step. It is called as the step is. */
export interface CompiledStep<Args extends readonly tf.Tensor[], Result extends StepResult> {
  (...args: Args): Result;
  /**
   * Compiles the step for arguments like these, if it can be, and takes back what it did to variables: so that the first call is a
   * compiled one. The step runs twice, the second time without its operations being executed. So what JavaScript changes from call to
   * call is not seen here, and counts twice; and the step must have made its variables before.
   *
   * @throws Error naming the variables that the step makes or disposes, which cannot be taken back; those that it made hold what they
   * were made with
   */
  prepare(...args: Args): void;
  /** What was recorded so far. */
  readonly traces: readonly TraceReport[];
  /** Frees the functions. The step can be called again; it is then recorded anew. */
  dispose(): void;
}

interface Trace {
  readonly key: string;
  /** The function's name. */
  readonly name: string;
  attempts: number;
  candidate?: FunctionOfStep;
  compiled?: Compiled;
  reason?: string;
  calls: number;
}

interface Compiled extends FunctionOfStep {
  readonly name: string;
  hasRun: boolean;
}

const mostAttempts = 5;
const tables = new WeakMap<Engine, OpTable>();
let serial = 0;

/**
 * A step that runs as one TensorFlow function on the native engine: its operations are not dispatched one by one, and TensorFlow
 * sees all of them at once. On other backends, and with `RESIDUAL_COMPILE=0`, it is the step itself.
 *
 * The first calls run the step as it is while its operations are noted. When two recordings agree they become a function, whose
 * inputs are the arguments, the variables that the step uses, and other tensors from outside; its outputs are the result and the new
 * values of the variables that the step assigns. Each new combination of argument shapes is recorded by itself, and so is a variable or
 * the same tensor once more as an argument. What shares storage, as clones and copied weights do, stays apart.
 *
 * A recorded step repeats its operations, not its JavaScript: a number, a branch or a random draw of JavaScript stays as it was. Pass
 * what changes as a tensor, draw at random by `runtime.randomDraws`, name the rest by `key`. A step that reads a value, returns
 * an argument or a variable itself, keeps a tensor or leaves one behind, disposes its argument, or whose recordings never agree, cannot
 * be compiled: it runs uncompiled and `onUncompiled` learns why. Within another step that is being recorded it is a part of that one.
 *
 * It cannot be differentiated; within `tf.grad` it runs uncompiled.
 *
 * @param step synchronous; it disposes what it makes, as by `tf.tidy`
 *
 * @example
 * ```ts
 * const step = runtime.compile((x) => tf.tidy(() => tf.sum(tf.square(x))));
 * step(tf.tensor1d([1, 2])); // 5
 * step(tf.tensor1d([3, 4])); // 25
 * ```
 */
export function compile<Args extends readonly tf.Tensor[], Result extends StepResult>(
  step: StepFunction<Args, Result>,
  options: CompileOptions = {},
): CompiledStep<Args, Result> {
  onlyKnown("compile", options, compileOptions);
  const { key = () => "", checkEvery, maxTraces = 8, xla = false, onUncompiled = warn } = options;
  for (const [name, value] of Object.entries({ checkEvery, maxTraces })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw new RangeError(`${name} must be a whole number of at least 1; got ${value}`);
    }
  }
  const traces = new Map<string, Trace>();

  const traceOf = (args: Args, engine: Engine): Trace => {
    const name = traceKey(args, key());
    let trace = traces.get(name) ?? newTrace(name);
    if (trace.compiled?.outside.some(({ isDisposed }) => isDisposed)) {
      drop(engine, trace);
      trace = newTrace(name);
    }
    traces.delete(name);
    traces.set(name, trace); // the last used comes last
    for (const [oldest, old] of traces) {
      if (traces.size <= maxTraces) break;
      drop(engine, old);
      traces.delete(oldest);
    }
    return trace;
  };

  const call = (...args: Args): Result => {
    if (!isEnabled() || tf.engine().state.gradientDepth > 0) return step(...args);
    const engine = compilingEngine();
    if (typeof engine === "string" || isRecording(engine)) return step(...args);
    if (args.some(({ isDisposed }) => isDisposed)) return step(...args); // which says so where it uses it
    const trace = traceOf(args, engine);
    if (trace.reason !== undefined) return step(...args);
    const { compiled } = trace;
    if (!compiled) {
      const recording = record(engine, step, args);
      take(engine, trace, recording, onUncompiled);
      return recording.result;
    }
    trace.calls++;
    if (checkEvery !== undefined && trace.calls % checkEvery === 0) compareRuns(engine, compiled, step, args, xla); // prettier-ignore
    try {
      return run(engine, compiled, args, xla) as Result;
    } catch (error) {
      // TensorFlow refuses a function when it is first run; nothing has changed yet.
      if (compiled.hasRun) throw error;
      drop(engine, trace);
      refuse(trace, `TensorFlow refuses it: ${messageOf(error)}`, onUncompiled);
      return step(...args);
    }
  };
  return Object.defineProperties(call, {
    prepare: {
      value(...args: Args) {
        const isOn = isEnabled() && tf.engine().state.gradientDepth === 0;
        const engine = isOn ? compilingEngine() : "turned off";
        if (typeof engine === "string" || isRecording(engine)) return;
        const trace = traceOf(args, engine);
        if (trace.compiled ?? trace.reason) return;
        prepareTrace(engine, trace, step, args, onUncompiled);
      },
    },
    traces: { get: () => [...traces.values()].map(reportOf) },
    dispose: {
      value() {
        const engine = compilingEngine();
        if (typeof engine !== "string") for (const trace of traces.values()) drop(engine, trace);
        traces.clear();
      },
    },
  }) as unknown as CompiledStep<Args, Result>;
}

/** Tells arguments apart by all that a step can see of them but their values: a variable, and the same tensor once more, too. */
function traceKey(args: readonly tf.Tensor[], key: string): string {
  const kinds = args.map((tensor, i) => {
    const kind = `${tensor.dtype}[${tensor.shape.join()}]`;
    const first = args.indexOf(tensor);
    if (first < i) return `${kind}=${first}`;
    return tensor instanceof tf.Variable ? `${kind}@${tensor.id}` : kind;
  });
  return [...kinds, ...(key === "" ? [] : [JSON.stringify(key)])].join(" ");
}

function newTrace(key: string): Trace {
  return { key, name: `step_${serial++}`, attempts: 0, calls: 0 };
}

/** Runs the step and rehearses it, and compiles it where both did the same; else its next calls are recorded. */
function prepareTrace<Args extends readonly tf.Tensor[], Result extends StepResult>(
  engine: Engine,
  trace: Trace,
  step: StepFunction<Args, Result>,
  args: Args,
  onUncompiled: (reason: string) => void,
): void {
  const first = keepingVariables(() => recordAndFree(engine, step, args));
  if (first.grown.length > 0) {
    const names = first.grown.slice(0, 5).join(", ") + (first.grown.length > 5 ? ", ..." : "");
    throw new Error(
      `a step that is prepared must find its variables made, because its first call cannot be taken back; it makes or disposes ${names}: ` +
        "make them before, for example by running the model once on a batch",
    );
  }
  take(engine, trace, first, onUncompiled);
  if (!trace.candidate) return;
  try {
    const second = keepingVariables(() => recordAndFree(engine, step, args, first));
    take(engine, trace, second, onUncompiled);
  } catch (error) {
    if (!(error instanceof DiffersFromRecording)) throw error;
  }
}

/** Makes a function of the recording: a candidate the first time, compiled if the next is the same. */
function take(
  engine: Engine,
  trace: Trace,
  recording: Recording<StepResult>,
  onUncompiled: (reason: string) => void,
): void {
  trace.attempts++;
  const { candidate } = trace;
  try {
    if (recording.read) throw new NotCompilable(`it reads a computed value${at(recording.read)}`);
    if (recording.unlike !== undefined) throw new NotCompilable(recording.unlike);
    if (recording.grown.length > 0) {
      if (trace.attempts >= mostAttempts) throw new NotCompilable("it makes variables in every call");
      return; // as an optimizer does in its first step
    }
    const table = tables.get(engine) ?? opTable(engine.binding);
    tables.set(engine, table);
    const made = functionOfStep(engine.binding, table, recording, trace.name);
    if (candidate && sameFunction(candidate, made)) {
      engine.binding.addFunction(made.definition);
      trace.compiled = { ...made, name: trace.name, hasRun: false };
      delete trace.candidate;
    } else if (candidate && trace.attempts >= mostAttempts) {
      const different = firstDifferentNode(candidate, made);
      throw new NotCompilable(
        different
          ? `its operations change from call to call, first ${different.name}${at(different.trace)}: pass what changes as a tensor, or name it by the option key`
          : "it uses another tensor from outside in each call: pass that tensor as an argument",
      );
    } else {
      trace.candidate = made;
    }
  } catch (error) {
    if (!(error instanceof NotCompilable)) throw error;
    refuse(trace, error.message, onUncompiled);
  }
}

function run(engine: Engine, compiled: Compiled, args: readonly tf.Tensor[], xla: boolean): StepResult {
  const { results, changed } = compiled;
  const outputs = callFunction(engine, compiled.name, compiled, args, xla);
  compiled.hasRun = true;
  changed.forEach((variable, i) => {
    const value = engine.createOutputTensor(outputs[results + i]!);
    variable.assign(value);
    value.dispose();
  });
  const different = outputs.slice(0, results).map((output) => engine.createOutputTensor(output));
  return resultOf(compiled.form, different);
}

/** Runs a step both ways from the same values and leaves the variables as they were. @throws Error where the two differ */
function compareRuns<Args extends readonly tf.Tensor[]>(
  engine: Engine,
  compiled: Compiled,
  step: StepFunction<Args, StepResult>,
  args: Args,
  xla: boolean,
): void {
  const variables = Object.values(tf.engine().registeredVariables);
  const outcome = (runIt: () => StepResult): readonly tf.TypedArray[] => {
    let values: readonly tf.TypedArray[] = [];
    keepingVariables(() => {
      tf.tidy(() => {
        values = [...tensorsOf(runIt()), ...variables].map((tensor) => tensor.dataSync());
      });
    });
    return values;
  };
  const expected = outcome(() => step(...args));
  const actual = outcome(() => run(engine, compiled, args, xla));
  const results = compiled.form.places.length;
  expected.forEach((values, i) => {
    const difference = largestDifference(values, actual[i]!);
    if (difference === undefined) return;
    const what = i < results ? `result ${i}` : `the variable ${variables[i - results]!.name}`;
    throw new Error(
      `the compiled step is stale: ${what} differs from the uncompiled step's by ${difference.toPrecision(3)}; ` +
        "a JavaScript value has changed since it was recorded: pass it as a tensor, or name it by the option key",
    );
  });
}

/** By how much two tensors differ, where it is more than float32's precision; NaN differs from every number but not from NaN. */
function largestDifference(a: tf.TypedArray, b: tf.TypedArray): number | undefined {
  let [most, size] = [0, 0];
  a.forEach((value, k) => {
    most = Math.max(most, Object.is(value, b[k]) ? 0 : Math.abs(value - b[k]!));
    if (Number.isFinite(value)) size = Math.max(size, Math.abs(value));
  });
  return most <= 1e-4 * size + 1e-6 ? undefined : most;
}

function drop({ binding }: { readonly binding: Binding }, trace: Trace): void {
  if (!trace.compiled) return;
  binding.removeFunction(trace.compiled.name);
  delete trace.compiled;
}

function refuse(trace: Trace, reason: string, onUncompiled: (reason: string) => void): void {
  trace.reason = reason;
  delete trace.candidate;
  onUncompiled(`a step stays uncompiled: ${reason}`);
}

function reportOf({ key, compiled, reason }: Trace): TraceReport {
  if (reason !== undefined) return { key, state: "uncompiled", reason };
  return compiled
    ? { key, state: "compiled", operations: compiled.nodes.length }
    : { key, state: "recording" };
}

function at(trace: Error): string {
  const line = sourceLine(trace.stack);
  return line === undefined ? "" : ` at ${line}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function warn(reason: string): void {
  console.warn(reason);
}

/** False where `RESIDUAL_COMPILE=0`. */
function isEnabled(): boolean {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.["RESIDUAL_COMPILE"] !== "0";
}
