// The native TensorFlow engine, on a CUDA GPU or on the CPU.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import util, { promisify } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { Unavailable, type Candidate } from "../backend.js";
import { convolvePadded } from "../kernels/conv2d-padding.js";
import { gatherWithoutReading } from "../kernels/gather.js";
import { activate } from "./activate.js";
import { putBackLink } from "./native-link.node.js";
import { setupCommand } from "./setup-command.node.js";

/** What the native backend says about itself. */
interface NativeEngine {
  readonly binding: { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
}

export const tensorflow: Candidate = {
  name: "tensorflow",
  async start() {
    restoreRemovedUtilities();
    // TensorFlow reads these when its library is loaded: warnings and worse only, and GPU memory as it is needed.
    process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
    process.env["TF_FORCE_GPU_ALLOW_GROWTH"] ??= "true";
    try {
      putBackLink(createRequire(__filename).resolve("@tensorflow/tfjs-node-gpu"));
      await import("@tensorflow/tfjs-node-gpu");
    } catch (error) {
      throw new Unavailable(problemOf(error), setupCommand(), { cause: error });
    }
    gatherWithoutReading();
    convolvePadded();
    await activate("tensorflow", setupCommand());
    const engine = tf.backend() as unknown as NativeEngine;
    const versions = { TensorFlow: engine.binding.TF_Version };
    if (engine.isUsingGpuDevice) {
      return { device: await gpuName(), because: "the native engine found a CUDA GPU", versions };
    }
    return {
      device: `CPU, ${availableParallelism()} cores`,
      because: `the native engine is installed; ${
        hasNvidiaDriver()
          ? `it does not use the NVIDIA GPU of this machine (${setupCommand("--gpu")})`
          : "no NVIDIA GPU was found"
      }`,
      versions,
    };
  },
};

/** TensorFlow.js 4.22 calls two functions of `util` that Node 23 removed. */
export function restoreRemovedUtilities(): void {
  const removed = util as { isNullOrUndefined?: (value: unknown) => boolean; isArray?: (value: unknown) => boolean }; // prettier-ignore
  removed.isNullOrUndefined ??= (value) => value === null || value === undefined;
  removed.isArray ??= Array.isArray;
}

function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Not what follows: there Node lists which files wanted it.
  const [first = ""] = message.split("\n");
  const isAbsent = first.includes("tfjs_binding.node") || first.includes("'@tensorflow/tfjs-node-gpu'");
  return isAbsent ? "the native engine is not installed" : `the native engine does not load: ${first}`;
}

function hasNvidiaDriver(): boolean {
  return existsSync("/proc/driver/nvidia/version");
}

/** The first GPU's name by NVIDIA's own tool, which comes with the driver. */
async function gpuName(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(
      "nvidia-smi",
      ["--query-gpu=name", "--format=csv,noheader"],
      { timeout: 5000 },
    );
    const [first, ...others] = stdout.trim().split("\n");
    return others.length === 0 ? first! : `${first!} and ${others.length} more`;
  } catch {
    return "a CUDA GPU (nvidia-smi does not tell its name)";
  }
}
