// Tensors show values, never a handle.
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { jupyterDisplay, type MimeBundle } from "../namespaces/plot.js";
import { ready, tf } from "./index.js";

const shown = async (tensor: tf.Tensor): Promise<string> => {
  const bundle = await (tensor as unknown as Record<symbol, () => Promise<MimeBundle>>)[jupyterDisplay]!();
  return bundle["text/plain"];
};

it("a tensor shows its values, and leaks nothing", async () => {
  await ready();
  const before = tf.memory().numTensors;
  const tensor = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  expect(await shown(tensor)).toBe("Tensor float32 [2, 2]\n[[1, 2],\n [3, 4]]");
  expect(inspect({ tensor })).toBe("{ tensor: Tensor float32 [2, 2] }");
  tensor.dispose();
  expect(await shown(tensor)).toMatch(/disposed/);
  expect(tf.memory().numTensors).toBe(before);
});

it("a variable shows its name", async () => {
  const variable = tf.variable(tf.scalar(2), true, "gain");
  expect(await shown(variable)).toBe("Variable gain float32 []\n2");
  variable.dispose();
});
