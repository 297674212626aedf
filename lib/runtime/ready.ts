// Starts the backend once, and tells what was chosen and why.
import * as tf from "@tensorflow/tfjs-core";
import { oneOf, onlyKnown } from "../options.js";
import { candidates, platformVersions, requestedBackend } from "#tfjs";
import { backendNames, type BackendName } from "./backend.js";
import { chooseBackend, describeAttempt, type Attempt, type Choice } from "./choose.js";
import { version } from "./version.js";

/** Options of {@link ready}. */
export interface ReadyOptions {
  /** Use this backend and no other; the environment variable `RESIDUAL_BACKEND` does the same. */
  readonly backend?: BackendName;
  /** Where the WebAssembly files of TensorFlow.js lie, in a browser: a URL that ends in `/`. */
  readonly wasmPath?: string;
}

/** What {@link ready} chose, and why. */
export interface RuntimeInfo {
  readonly backend: BackendName;
  /** Where it computes: `CPU, 2 cores` or the name of a GPU. */
  readonly device: string;
  /** Why this backend, in one sentence. */
  readonly reason: string;
  /** Versions by name: `residual`, `TensorFlow.js`, and where they are there `TensorFlow` and `Node`. */
  readonly versions: Readonly<Record<string, string>>;
  /** Every backend that was tried, in order; the last one started. */
  readonly tried: readonly Attempt[];
  /** Backend, device, reason and versions, and what failed with its remedy: a few lines to print. */
  describe(): string;
  /** The same as `describe()`. */
  toString(): string;
  /** Frees the device. Nothing can be computed afterwards; at the end of a process it happens by itself. */
  dispose(): void;
}

let started: Promise<RuntimeInfo> | undefined;

/**
 * Chooses and starts the backend: tensorflow (on a CUDA GPU, else on the CPU), webgpu, wasm, cpu, the first that works.
 * One line of warning names what did not work and the remedy. Call it before any computation; every further call gives
 * the same information.
 *
 * @throws RangeError when `RESIDUAL_BACKEND` or the option names no backend of this platform
 * @throws Error when the named backend does not start, with the remedy, or when another one already runs
 *
 * @example
 * ```ts
 * const { backend } = await runtime.ready();
 * backend === tf.getBackend(); // true
 * ```
 */
export function ready(options: ReadyOptions = {}): Promise<RuntimeInfo> {
  onlyKnown("ready", options, ["backend", "wasmPath"]);
  if (options.backend !== undefined) oneOf("ready: backend", options.backend, backendNames);
  started ??= start(options).catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return started.then((info) => {
    if (options.backend !== undefined && options.backend !== info.backend) {
      throw new Error(
        `the backend ${info.backend} already runs, and a process has one; ask for ${options.backend} in its first call of ready()`,
      );
    }
    return info;
  });
}

async function start(options: ReadyOptions): Promise<RuntimeInfo> {
  const requested = options.backend ?? requestedBackend();
  const choice = await chooseBackend(candidates, requested, { wasmPath: options.wasmPath });
  await tf.ready();
  const failed = choice.tried.filter(({ problem }) => problem !== undefined);
  if (failed.length > 0) {
    console.warn(
      `residual runs on ${choice.backend}, slower than it could: ${failed.map(describeAttempt).join("; ")}`,
    );
  }
  return runtimeInfo(choice, requested);
}

function runtimeInfo(choice: Choice, requested: string | undefined): RuntimeInfo {
  const { backend, device, tried } = choice;
  const versions = {
    residual: version,
    "TensorFlow.js": tf.version_core,
    ...choice.versions,
    ...platformVersions(),
  };
  const asked = requested === undefined ? "" : "it was asked for; ";
  const reason = `${backend} on ${device}: ${asked}${choice.because}`;
  const describe = () =>
    [
      `backend   ${backend}`,
      `device    ${device}`,
      `because   ${asked}${choice.because}`,
      `versions  ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")}`, // prettier-ignore
      ...tried.filter(({ problem }) => problem !== undefined).map((attempt) => `not used  ${describeAttempt(attempt)}`), // prettier-ignore
    ].join("\n");
  return {
    backend,
    device,
    reason,
    versions,
    tried,
    describe,
    toString: describe,
    dispose() {
      choice.dispose?.();
    },
  };
}
