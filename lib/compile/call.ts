// Runs a registered function as one operation.
import type * as tf from "@tensorflow/tfjs-core";
import type { Engine, OpAttribute, OpOutput } from "./engine.js";
import type { FunctionOfStep } from "./function-def.js";

/** Calls the function of that name; gives its results, and the new values of the variables that it changes. */
export function callFunction(
  engine: Engine,
  name: string,
  { inputs, results, changed }: FunctionOfStep,
  args: readonly tf.Tensor[],
  xla = false,
): OpOutput[] {
  const tensors = inputs.map((input) =>
    "argument" in input ? args[input.argument]! : "variable" in input ? input.variable : input.captured,
  );
  const ids = engine.getInputTensorIds(tensors);
  return engine.binding.executeOp(name, attributes(engine, xla), ids, results + changed.length);
}

/**
 * A ConfigProto, whose presence makes TensorFlow's optimiser rewrite the function: its graph_options (field 10) hold the
 * rewrite_options (field 10), and those turn arithmetic_optimization (field 7) and remapping (field 14) off (2). These two rewrites
 * round differently; without them a compiled step gives the same bits as the uncompiled one. The others go over the function once
 * (meta_optimizer_iterations, field 12): a second time takes half a second for ResNet-110 and makes no step faster.
 */
const exactRewrites = "\x52\x08\x52\x06\x38\x02\x60\x01\x70\x02";

/** Attributes of the call. */
function attributes({ binding, isUsingGpuDevice }: Engine, xla: boolean): readonly OpAttribute[] {
  const optimise = { name: "config_proto", type: binding.TF_ATTR_STRING, value: exactRewrites };
  if (!xla || !isUsingGpuDevice) return [optimise];
  return [optimise, { name: "_XlaMustCompile", type: binding.TF_ATTR_BOOL, value: true }];
}
