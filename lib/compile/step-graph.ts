// stepGraph(): the operations of a step, as it ran them and as TensorFlow rewrites them.
import * as tf from "@tensorflow/tfjs-core";
import { callFunction } from "./call.js";
import { compilingEngine, keepingVariables, type Engine } from "./engine.js";
import { functionOfStep } from "./function-def.js";
import { opTable } from "./op-def.js";
import { recordAndFree, type StepFunction } from "./recording.js";
import type { StepResult } from "./result.js";
import { sourceLine } from "./source-line.js";
import { readMessage, textOf } from "./wire.js";

/** One operation of a step. */
export interface GraphNode {
  /** With the scopes that it stands in: `forward/stem/Conv2D_1`. */
  readonly name: string;
  /** TensorFlow's name of what it does: `Conv2D`; `_Arg` is an input of the step, `_Retval` an output. */
  readonly operation: string;
  /** Names of the nodes that it takes tensors from. */
  readonly inputs: readonly string[];
}

/** A step as TensorFlow sees it. */
export interface StepGraph {
  /** The operations as the step ran them, without those that nothing needs. */
  readonly recorded: readonly GraphNode[];
  /** What TensorFlow runs in their place, after its own rewrites. */
  readonly rewritten: readonly GraphNode[];
}

let serial = 0;

/**
 * The graph of a step that can be compiled (see {@link compile}), before and after TensorFlow's rewrites. The step runs twice; all
 * variables keep their values.
 *
 * @param step as for `compile`; it must have made its variables before
 * @throws Error where the engine cannot compile, or where the step cannot be compiled
 *
 * @example
 * ```ts
 * const { recorded } = runtime.stepGraph((x) => tf.tidy(() => tf.sum(tf.square(x))), tf.tensor1d([1, 2]));
 * recorded.map(({ operation }) => operation).includes("Square"); // true
 * ```
 */
export function stepGraph<Args extends readonly tf.Tensor[]>(
  step: StepFunction<Args, StepResult>,
  ...args: Args
): StepGraph {
  const engine = compilingEngine();
  if (typeof engine === "string")
    throw new Error(`only the native engine has the graph of a step: ${engine}`);
  return keepingVariables(() => graphsOf(engine, step, args));
}

function graphsOf<Args extends readonly tf.Tensor[]>(
  engine: Engine,
  step: StepFunction<Args, StepResult>,
  args: Args,
): StepGraph {
  const { binding } = engine;
  const recording = recordAndFree(engine, step, args);
  if (recording.read)
    throw new Error(
      `a step that reads a value has no graph; this one reads at ${sourceLine(recording.read.stack)}`,
    );
  if (recording.grown.length > 0)
    throw new Error("a step whose graph is asked for must not make variables: run it once before");
  if (recording.unlike !== undefined)
    throw new Error(`a step must be a function of its tensors: ${recording.unlike}`);
  const name = `graph_of_step_${serial++}`;
  const made = functionOfStep(binding, opTable(binding), recording, name);
  binding.addFunction(made.definition);
  binding.setGraphCollection(true);
  try {
    const outputs = callFunction(engine, name, made, args);
    tf.dispose(outputs.map((output) => engine.createOutputTensor(output)));
    return collected(binding.takeRunMetadata());
  } finally {
    binding.setGraphCollection(false);
    binding.removeFunction(name);
  }
}

/** The graphs in a RunMetadata: its function_graphs (field 4) hold the graph before (2) and after (3) the rewrites. */
function collected(metadata: Uint8Array): StepGraph {
  let recorded: readonly GraphNode[] | undefined;
  let rewritten: readonly GraphNode[] | undefined;
  readMessage(metadata, (field, graphs) => {
    if (field !== 4) return;
    readMessage(graphs as Uint8Array, (which, graph) => {
      if (which === 2) recorded = nodesOf(graph as Uint8Array);
      if (which === 3) rewritten = nodesOf(graph as Uint8Array);
    });
  });
  if (!recorded || !rewritten) throw new Error("TensorFlow has kept no graph of the step");
  return { recorded, rewritten };
}

/** The nodes (field 1) of a GraphDef. */
function nodesOf(graph: Uint8Array): GraphNode[] {
  const nodes: GraphNode[] = [];
  readMessage(graph, (field, node) => {
    if (field === 1) nodes.push(nodeOf(node as Uint8Array));
  });
  return nodes;
}

/** A NodeDef: name (field 1), operation (2), inputs (3) as `node`, `node:output`, or `^node` where it only waits for that node. */
function nodeOf(bytes: Uint8Array): GraphNode {
  let [name, operation] = ["", ""];
  const inputs: string[] = [];
  readMessage(bytes, (field, value) => {
    if (field === 1) name = textOf(value);
    else if (field === 2) operation = textOf(value);
    else if (field === 3 && !textOf(value).startsWith("^")) inputs.push(textOf(value).replace(/:\d+$/, ""));
  });
  return { name, operation, inputs };
}
