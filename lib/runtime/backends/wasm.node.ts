// The WebAssembly backend in Node, with the kernel that it lacks for training.
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { Candidate } from "../backend.js";
import { activate } from "./activate.js";
import { supplyFilterGradient } from "../kernels/filter-gradient.js";
import { mendTypesOnWasm } from "../kernels/wasm-types.js";

export const wasm: Candidate = {
  name: "wasm",
  async start() {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    const entry = createRequire(__filename).resolve("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(`${dirname(entry)}${sep}`); // the .wasm files lie beside it
    supplyFilterGradient("wasm");
    await import("@tensorflow/tfjs-backend-cpu");
    mendTypesOnWasm();
    await activate("wasm", "install the npm packages again");
    const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
    return {
      device: `WebAssembly${simd === true ? " with SIMD" : ""}, 1 core`,
      because: "WebAssembly works",
    };
  },
};
