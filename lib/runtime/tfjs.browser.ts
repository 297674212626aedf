// The TensorFlow.js backends that a browser has, each loaded when it is tried.
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import type { Candidate } from "./backend.js";
import { cpu } from "./backends/cpu.js";
import { wasm, webgl, webgpu } from "./backends/browser.js";

/** In the order of preference. */
export const candidates: readonly Candidate[] = [webgpu, webgl, wasm, cpu];

/** A browser has no environment that could ask for a backend. */
export function requestedBackend(): string | undefined {
  return undefined;
}

/** Versions of the platform: a browser's are its own business. */
export function platformVersions(): Record<string, string> {
  return {};
}
