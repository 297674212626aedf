// For tests: a program that starts the backend, computes 3 relu(2) - 0 there and prints what was chosen as one line of JSON.
import { ready, relu, tf } from "../index.js";

async function main(): Promise<void> {
  const info = await ready();
  const [value] = await tf.mul(relu(tf.tensor1d([2])), 3).data();
  console.log(JSON.stringify({ ...info, described: String(info), active: tf.getBackend(), value }));
}

main().catch((error: unknown) => {
  console.error(String(error));
  process.exitCode = 1;
});
