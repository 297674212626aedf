// The TensorFlow.js backends that Node has. This file, its browser twin and backends/ are the only importers of backends.
import "@tensorflow/tfjs"; // gradients and chained operations; the native engine needs the same package
import type { Candidate } from "./backend.js";
import { cpu } from "./backends/cpu.js";
import { tensorflow } from "./backends/tensorflow.node.js";
import { wasm } from "./backends/wasm.node.js";
import { webgpu } from "./backends/webgpu.node.js";

/** In the order of preference. */
export const candidates: readonly Candidate[] = [tensorflow, webgpu, wasm, cpu];

/** The backend that the environment asks for by name; an empty name asks for none. */
export function requestedBackend(): string | undefined {
  const name = process.env["RESIDUAL_BACKEND"];
  return name === "" ? undefined : name;
}

/** Versions of the platform, by name. */
export function platformVersions(): Record<string, string> {
  return { Node: process.versions.node };
}
