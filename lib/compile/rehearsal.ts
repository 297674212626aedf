// A rehearsal: a step's JavaScript runs once more while its operations are compared with a recording, and none is executed.
import type { Binding, OpAttribute, OpOutput } from "./engine.js";
import type { OuterTensor, RecordedNode, Recording, TensorSource } from "./recorded.js";
import type { StepResult } from "./result.js";

/** The rehearsed step did not do what was recorded. */
export class DiffersFromRecording extends Error {
  override readonly name = "DiffersFromRecording";
}

/** Takes the place of the engine in a rehearsal. */
export interface Rehearsal {
  /** Outputs of the recorded types and shapes, without values. @throws DiffersFromRecording */
  execute(operation: string, attributes: readonly OpAttribute[], inputs: readonly number[]): OpOutput[];
  /** Notes a constant, which is really made. @throws DiffersFromRecording */
  constant(id: number, dtype: number, shape: readonly number[]): void;
}

/**
 * The rehearsal of a step that was recorded. What it hands out for each output is one number of the engine's under the output's shape:
 * nothing is computed from it, and disposing it frees it.
 *
 * @param outerNow the arguments and variables under their present numbers
 */
export function rehearsalOf(
  binding: Binding,
  recording: Recording<StepResult>,
  outerNow: ReadonlyMap<number, OuterTensor>,
): Rehearsal {
  const { nodes, made } = recording;
  /** What the recording's tensors are called now: its arguments and variables may have other storage than then. */
  const idNow = new Map<number, number>();
  const now = new Map([...outerNow].map(([id, { source }]) => [identityOf(source), id]));
  for (const [id, { source }] of recording.outer) {
    const same = now.get(identityOf(source));
    if (same !== undefined) idNow.set(id, same);
  }
  let at = 0;
  const next = (operation: string, same: (node: RecordedNode) => boolean): RecordedNode => {
    const node = nodes[at++];
    if (node?.operation === operation && same(node)) return node;
    throw new DiffersFromRecording(
      `operation ${at} was ${node?.operation ?? "none"}; in the rehearsal it is another ${operation}`,
    );
  };
  return {
    execute(operation, attributes, inputs) {
      const node = next(
        operation,
        (recorded) =>
          sameItems(
            recorded.inputs.map((id) => idNow.get(id) ?? id),
            inputs,
          ) && sameAttributes(recorded.attributes, attributes),
      );
      return node.outputs.map((recordedId) => {
        const id = binding.createTensor([], binding.TF_FLOAT, new Float32Array(1));
        idNow.set(recordedId, id);
        return { id, ...made.get(recordedId)! };
      });
    },
    constant(id, dtype, shape) {
      const { outputs } = next("Const", ({ constant }) => constant?.dtype === dtype && sameItems(constant.shape, shape)); // prettier-ignore
      idNow.set(outputs[0]!, id);
    },
  };
}

/** What stands for a tensor from outside in every recording. */
export function identityOf(source: TensorSource): unknown {
  return "argument" in source ? source.argument : "variable" in source ? source.variable : source.captured;
}

function sameAttributes(a: readonly OpAttribute[], b: readonly OpAttribute[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, type, value }, i) => {
      const other = b[i]!;
      if (name !== other.name || type !== other.type) return false;
      return Array.isArray(value) && Array.isArray(other.value)
        ? sameItems(value, other.value)
        : Object.is(value, other.value);
    })
  );
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => Object.is(item, b[i]));
}
