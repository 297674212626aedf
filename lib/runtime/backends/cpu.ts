// The backend in plain JavaScript: slow, and there everywhere.
import * as tf from "@tensorflow/tfjs-core";
import type { Candidate } from "../backend.js";
import { activate } from "./activate.js";

export const cpu: Candidate = {
  name: "cpu",
  async start() {
    await import("@tensorflow/tfjs-backend-cpu");
    await activate("cpu", "install the npm packages again");
    // Its first use prints six lines that recommend TensorFlow.js's own installer; `ready` has a better recommendation.
    (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
    return { device: "plain JavaScript, 1 core", because: "it runs everywhere" };
  },
};
