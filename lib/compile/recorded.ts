// What is noted of one run of a step: its operations, the tensors that they are about, its result, and why it may not be replayed.
import type * as tf from "@tensorflow/tfjs-core";
import type { OpAttribute } from "./engine.js";
import type { ResultForm, StepResult } from "./result.js";

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

/** Where a tensor from outside of the step comes from: an argument by its position, a variable, or a tensor that stays the same. */
export type TensorSource =
  { readonly argument: number } | { readonly variable: tf.Variable } | { readonly captured: tf.Tensor };

/** A tensor from outside of the step. */
export type OuterTensor = MadeTensor & { readonly source: TensorSource };

/** Everything that one run of a step did on the engine. */
export interface Recording<Result extends StepResult> {
  readonly result: Result;
  readonly form: ResultForm;
  readonly nodes: readonly RecordedNode[];
  /** What the step made. */
  readonly made: ReadonlyMap<number, MadeTensor>;
  /** By the engine's number in this recording: each stands for one argument, one variable, or tensors that stay the same. */
  readonly outer: ReadonlyMap<number, OuterTensor>;
  /** Every tensor from outside that is neither an argument nor a variable. */
  readonly captured: readonly tf.Tensor[];
  /** The engine's numbers of the result's different tensors. */
  readonly resultIds: readonly number[];
  /** Variables that hold another tensor than before, and that tensor. */
  readonly changed: readonly { readonly variable: tf.Variable; readonly id: number }[];
  /** Names of the variables that the step made or disposed, if any. */
  readonly grown: readonly string[];
  /** Where the step read a value that it had computed or was given. */
  readonly read: Error | undefined;
  /** Why a replay would differ from the step, such as a result that is an argument. */
  readonly unlike: string | undefined;
}
