// Tensors and their storage: the engine knows storage only, and several tensors may share it.
import type * as tf from "@tensorflow/tfjs-core";
import type { Engine } from "./engine.js";

/** The engine's number of a tensor's storage; uploads the tensor first where it still lies in JavaScript. */
export function storageId(engine: Engine, tensor: tf.Tensor): number {
  return engine.getInputTensorIds([tensor])[0]!;
}

/**
 * Gives each variable that shares its storage storage of its own, so that the engine's number stands for this variable and for no other
 * tensor. Nothing is copied: the engine makes a second handle of the same numbers, which never change.
 */
export function ownStorage(engine: Engine, variables: Iterable<tf.Variable>): void {
  for (const variable of variables) {
    storageId(engine, variable);
    if (engine.refCount(variable.dataId) < 2) continue;
    const other = secondHandle(engine, variable);
    variable.assign(other);
    other.dispose();
  }
}

/** A tensor of the same numbers under another number of the engine's. @throws Error where the engine gives the old number back */
export function secondHandle(engine: Engine, tensor: tf.Tensor): tf.Tensor {
  const { binding } = engine;
  const id = storageId(engine, tensor);
  const { dtype } = engine.tensorMap.get(tensor.dataId);
  const type = { name: "T", type: binding.TF_ATTR_TYPE, value: dtype };
  const [output] = binding.executeOp("Identity", [type], [id], 1);
  if (output!.id === id) throw new Error(`storage of its own must have a new number; got ${id} again`);
  return engine.createOutputTensor(output!);
}
