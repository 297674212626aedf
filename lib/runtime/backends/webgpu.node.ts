// WebGPU in Node: Dawn, from the optional package `webgpu`, under TensorFlow.js's WebGPU backend.
import * as tf from "@tensorflow/tfjs-core";
import { Unavailable, type Candidate } from "../backend.js";
import { activate } from "./activate.js";

/** What of WebGPU's own interfaces is used here. */
interface Gpu {
  requestAdapter(options: { powerPreference: "high-performance" }): Promise<Adapter | null>;
}
interface Adapter {
  readonly info: { readonly description: string; readonly device: string; readonly vendor: string };
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: object): Promise<Device>;
}
interface Device {
  destroy(): void;
}

/** The limits that TensorFlow.js's kernels need raised to what the adapter has. */
const limitNames = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
];

const adapterDeadline = 10_000; // ms; a broken driver can keep a request for ever

export const webgpu: Candidate = {
  name: "webgpu",
  async start({ forced }) {
    const { gpu, adapter } = await requestAdapter();
    const name = adapter.info.description || adapter.info.device || adapter.info.vendor;
    if (!forced && /swiftshader|llvmpipe/i.test(name)) {
      throw new Unavailable(`the only GPU is emulated by software (${name})`, "a GPU with a Vulkan driver");
    }
    const device = await adapter.requestDevice({
      requiredFeatures: ["timestamp-query"].filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(limitNames.map((limit) => [limit, adapter.limits[limit]])),
    });
    // Loaded before there is a navigator.gpu, it registers no device of its own choice.
    const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
    installGpu(gpu);
    tf.registerBackend("webgpu", () => new WebGPUBackend(device as never, adapter.info as never), 3);
    await activate("webgpu", "RESIDUAL_BACKEND=wasm");
    // Dawn computes on threads of its own, which must end before the process does.
    const dispose = () => {
      process.off("exit", dispose);
      device.destroy();
    };
    process.once("exit", dispose);
    return { device: name, because: "a GPU with a Vulkan or Metal driver was found", dispose };
  },
};

async function requestAdapter(): Promise<{ gpu: Gpu; adapter: Adapter }> {
  const { create, globals } = await import("webgpu").catch((error: unknown) => {
    throw new Unavailable("the optional package webgpu is not installed", "npm install webgpu", {
      cause: error,
    });
  });
  Object.assign(globalThis, globals); // GPUBufferUsage and the like, which the backend reads
  const gpu = create([]) as unknown as Gpu;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Unavailable("the graphics driver does not answer", "update the graphics driver"));
    }, adapterDeadline);
  });
  try {
    const adapter = await Promise.race([gpu.requestAdapter({ powerPreference: "high-performance" }), late]);
    if (adapter === null) throw new Unavailable("no GPU was found", "a GPU with a Vulkan or Metal driver");
    return { gpu, adapter };
  } finally {
    clearTimeout(timer);
  }
}

/** Puts `navigator.gpu` where the backend looks for it; Node 20 has no `navigator` at all. */
function installGpu(gpu: Gpu): void {
  const scope = globalThis as { navigator?: object };
  scope.navigator ??= {};
  Object.defineProperty(scope.navigator, "gpu", { value: gpu, configurable: true });
}
