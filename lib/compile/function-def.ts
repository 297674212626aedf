// A recording as one TensorFlow function: a FunctionDef, and what goes in and comes out of it.
import type * as tf from "@tensorflow/tfjs-core";
import type { Binding } from "./engine.js";
import { constantNode, NotCompilable, operationNode, shapeProto } from "./node-def.js";
import type { OpTable } from "./op-def.js";
import type { OuterTensor, RecordedNode, Recording, TensorSource } from "./recorded.js";
import { identityOf } from "./rehearsal.js";
import { sameForm, type ResultForm, type StepResult } from "./result.js";
import { bytesField, entryField, integerField, join, messageField, sameBytes } from "./wire.js";

/** A step as a function of TensorFlow. */
export interface FunctionOfStep {
  readonly definition: Uint8Array;
  /** Where each input comes from at each call. */
  readonly inputs: readonly TensorSource[];
  /** How many outputs are the result's different tensors; the values of the changed variables follow. */
  readonly results: number;
  readonly form: ResultForm;
  readonly changed: readonly tf.Variable[];
  /** The tensors and variables from outside that the step uses. Where one is disposed, its owner has another one now. */
  readonly outside: readonly tf.Tensor[];
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
  const { nodes, made, outer } = recording;
  const references = new Map<number, string>();
  const inputs: OuterTensor[] = [];
  const typeOf = (id: number): number => (made.get(id) ?? outer.get(id)!).dtype;
  const reference = (id: number): string => {
    if (!references.has(id)) {
      const input = outer.get(id);
      if (!input) throw new NotCompilable("an operation uses a tensor of unknown origin");
      references.set(id, `i${inputs.length}`);
      inputs.push(input);
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
    // TensorFlow's random operations with a state of their own; `stateless` ones take their seed as an input.
    if (isStateful(node) && table(node.operation)?.attributes.has("seed2")) {
      throw new NotCompilable(
        `${node.operation} draws other numbers in a function than outside: use runtime.randomDraws`,
      );
    }
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
  const sources = inputs.map(({ source }) => source);
  const used = sources.flatMap((source) => ("variable" in source ? [source.variable] : []));
  return {
    definition,
    inputs: sources,
    results: recording.resultIds.length,
    form: recording.form,
    changed,
    outside: [...new Set([...recording.captured, ...used, ...changed])],
    nodes: written,
  };
}

/** True where two functions do the same with the same variables and captured tensors. */
export function sameFunction(a: FunctionOfStep, b: FunctionOfStep): boolean {
  return (
    sameBytes(a.definition, b.definition) &&
    sameForm(a.form, b.form) &&
    a.inputs.every((input, i) => identityOf(input) === identityOf(b.inputs[i]!)) &&
    a.changed.every((variable, i) => variable === b.changed[i])
  );
}

/** The first operation of `b` that `a` does not have at its place, if the two differ in one. */
export function firstDifferentNode(a: FunctionOfStep, b: FunctionOfStep) {
  return b.nodes.find(({ bytes }, i) => !a.nodes[i] || !sameBytes(a.nodes[i].bytes, bytes));
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
