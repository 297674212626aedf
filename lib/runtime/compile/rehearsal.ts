// A rehearsal: a step's JavaScript runs once more while its operations are compared with a recording, and none is executed.
import type { Binding, OpAttribute, OpOutput } from "./engine.js";
import type { RecordedNode, Recording, StepResult } from "./recording.js";

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
 */
export function rehearsalOf(binding: Binding, recording: Recording<StepResult>): Rehearsal {
  const { nodes, made } = recording;
  /** What the recording's tensors are called now. */
  const idNow = new Map<number, number>();
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
