// Makes a loaded backend the active one, or says that it does not start.
import * as tf from "@tensorflow/tfjs-core";
import { Unavailable, type BackendName } from "../backend.js";

/**
 * Makes a registered backend the active one.
 *
 * @param remedy what to do when it does not start, for the message
 * @throws Unavailable when it does not start; TensorFlow.js has then printed why
 */
export async function activate(name: BackendName, remedy: string): Promise<void> {
  if (await tf.setBackend(name)) return;
  tf.removeBackend(name);
  throw new Unavailable(`TensorFlow.js cannot initialise the backend ${name}`, remedy);
}
