import { expect, test } from "vitest";
import { tf, ready, relu } from "./index.js";
test("engine", async () => {
  await ready();
  expect(tf.getBackend()).toBe("tensorflow");
  const x = tf.tensor1d([-1, 2]);
  expect(Array.from(await relu(x).data())).toEqual([0, 2]);
  const g = tf.grad((x: tf.Tensor) => tf.sum(relu(x)))(x);
  expect(Array.from(await g.data())).toEqual([0, 1]);
});
