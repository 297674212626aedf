// The backends of a browser: WebGPU, WebGL and WebAssembly.
import { Unavailable, type Candidate } from "../backend.js";
import { activate } from "./activate.js";
import { supplyFilterGradient } from "../kernels/filter-gradient.js";
import { mendTypesOnWasm } from "../kernels/wasm-types.js";

export const webgpu: Candidate = {
  name: "webgpu",
  async start() {
    const { navigator } = globalThis as { navigator?: { gpu?: object } };
    if (navigator?.gpu === undefined) {
      throw new Unavailable("this browser has no WebGPU", "use a current Chrome, Edge, Firefox or Safari");
    }
    await import("@tensorflow/tfjs-backend-webgpu");
    await activate("webgpu", "update the graphics driver");
    return { device: "GPU by WebGPU", because: "the browser has WebGPU" };
  },
};

export const webgl: Candidate = {
  name: "webgl",
  async start() {
    await import("@tensorflow/tfjs-backend-webgl");
    await activate("webgl", "allow hardware acceleration in the browser's settings");
    return { device: "GPU by WebGL", because: "the browser has WebGL" };
  },
};

export const wasm: Candidate = {
  name: "wasm",
  async start({ wasmPath }) {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    if (wasmPath !== undefined) setWasmPaths(wasmPath);
    supplyFilterGradient("wasm");
    await import("@tensorflow/tfjs-backend-cpu");
    mendTypesOnWasm();
    await activate("wasm", "say in the option wasmPath where the .wasm files of TensorFlow.js lie");
    return { device: "WebAssembly", because: "WebAssembly works" };
  },
};
