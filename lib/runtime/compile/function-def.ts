// A recording as one TensorFlow function: a FunctionDef, and what goes in and comes out of it.
import type * as tf from "@tensorflow/tfjs-core";
import type { Binding } from "./engine.js";
import { constantNode, NotCompilable, operationNode, shapeProto } from "./node-def.js";
import type { OpTable } from "./op-def.js";
import type { RecordedNode, Recording, StepResult } from "./recording.js";
import { bytesField, entryField, integerField, join, messageField, sameBytes } from "./wire.js";

/** Where one input of the function comes from at each call. */
export type FunctionInput =
  | { readonly argument: number }
  | { readonly variable: tf.Variable }
  /** A tensor from outside of the step that stays the same. */
  | { readonly captured: object; readonly shape: readonly number[] };

/** A step as a function of TensorFlow. */
export interface FunctionOfStep {
  readonly definition: Uint8Array;
  readonly inputs: readonly FunctionInput[];
  /** How many outputs are the step's results; the values of the changed variables follow. */
  readonly results: number;
  readonly changed: readonly tf.Variable[];
  /** What the operations are, in order: name in the function, and where they were run. */
  readonly nodes: readonly { readonly name: string; readonly bytes: Uint8Array; readonly trace: Error }[];
}

/** Writes a recording as a function. @throws NotCompilable where it cannot be one */
export function functionOfStep(
  binding: Binding,
  table: OpTable,
  recording: Recording<StepResult>,
  name: string,
): FunctionOfStep {
  const { nodes, made, outer, variables } = recording;
  const references = new Map<number, string>();
  const inputs: (FunctionInput & { dtype: number; shape: readonly number[] })[] = [];
  const typeOf = (id: number): number => (made.get(id) ?? outer.get(id)!).dtype;
  const addInput = (id: number, source: FunctionInput) => {
    references.set(id, `i${inputs.length}`);
    inputs.push({ ...outer.get(id)!, ...source });
  };
  recording.argumentIds.forEach((id, argument) => { addInput(id, { argument }); }); // prettier-ignore
  const reference = (id: number): string => {
    const source = outer.get(id);
    if (!references.has(id)) {
      if (!source) throw new NotCompilable("an operation uses a tensor of unknown origin");
      const variable = variables.get(id);
      addInput(id, variable ? { variable } : { captured: source.dataId, shape: source.shape });
    }
    return references.get(id)!;
  };

  const isStateful = ({ operation, constant }: RecordedNode) =>
    !constant && table(operation)?.stateful === true;
  const outputs = [...recording.resultIds, ...recording.changed.map(({ id }) => id)];
  const written: { name: string; bytes: Uint8Array; trace: Error }[] = [];
  let lastEffect: string | undefined;
  const counts = new Map<string, number>();
  for (const node of neededNodes(nodes, outputs, isStateful)) {
    const base = `${node.scope === "" ? "" : `${node.scope}/`}${node.operation}`;
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    const nodeName = `${base}_${count}`;
    const place = { name: nodeName, inputs: node.inputs.map(reference), types: node.inputs.map(typeOf), after: isStateful(node) ? lastEffect : undefined }; // prettier-ignore
    const { bytes, outputs: names } = node.constant
      ? constantNode(binding, node.constant, nodeName)
      : operationNode(binding, table, node, place);
    if (isStateful(node)) lastEffect = nodeName;
    node.outputs.forEach((id, i) => references.set(id, names[i]!));
    written.push({ name: nodeName, bytes, trace: node.trace });
  }
  const returned = outputs.map((id, i) => entryField(4, `o${i}`, reference(id)));
  const argument = (field: number, of: string, type: number) =>
    messageField(field, bytesField(1, of), integerField(3, type));
  const effects = lastEffect === undefined ? [] : [integerField(17, 1), bytesField(20, "effects")];
  const definition = join([
    messageField(
      1,
      bytesField(1, name),
      ...inputs.map(({ dtype }, i) => argument(2, `i${i}`, dtype)),
      ...outputs.map((id, i) => argument(3, `o${i}`, typeOf(id))),
      ...effects,
    ),
    ...written.map(({ bytes }) => bytesField(3, bytes)),
    ...returned,
    ...(lastEffect === undefined ? [] : [entryField(6, "effects", lastEffect)]),
    // The inputs' shapes, which let TensorFlow's optimizer infer all others.
    ...inputs.map(({ shape }, i) => {
      const value = messageField(1, messageField(7, shapeProto(shape)));
      return messageField(7, integerField(1, i), messageField(2, entryField(1, "_output_shapes", value)));
    }),
  ]);
  const changed = recording.changed.map(({ variable }) => variable);
  return { definition, inputs, results: recording.resultIds.length, changed, nodes: written };
}

/** True where two functions do the same with the same variables and captured tensors. */
export function sameFunction(a: FunctionOfStep, b: FunctionOfStep): boolean {
  return (
    sameBytes(a.definition, b.definition) &&
    a.inputs.every((input, i) => identityOf(input) === identityOf(b.inputs[i]!)) &&
    a.changed.every((variable, i) => variable === b.changed[i])
  );
}

/** The first operation of `b` that `a` does not have at its place, if the two differ in one. */
export function firstDifferentNode(a: FunctionOfStep, b: FunctionOfStep) {
  return b.nodes.find(({ bytes }, i) => !a.nodes[i] || !sameBytes(a.nodes[i].bytes, bytes));
}

function identityOf(input: FunctionInput): unknown {
  return "argument" in input ? input.argument : "variable" in input ? input.variable : input.captured;
}

/** The nodes that the outputs depend on, and those with effects. */
function neededNodes(
  nodes: readonly RecordedNode[],
  outputs: readonly number[],
  isStateful: (node: RecordedNode) => boolean,
): readonly RecordedNode[] {
  const live = new Set(outputs);
  return nodes
    .toReversed()
    .filter((node) => {
      const needed = isStateful(node) || node.outputs.some((id) => live.has(id));
      if (needed) node.inputs.forEach((id) => live.add(id));
      return needed;
    })
    .reverse();
}
