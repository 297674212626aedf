// The ways to a GPU that there are, and the environment in which each is tried.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** An engine, as a process of it is started. */
export interface Engine {
  readonly title: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a GPU is compared with: the native engine, or where it is not installed WebAssembly. */
export const cpuEngines = [
  { title: "CPU", environment: { RESIDUAL_BACKEND: "tensorflow", CUDA_VISIBLE_DEVICES: "-1" } },
  { title: "CPU", environment: { RESIDUAL_BACKEND: "wasm" } },
] as const satisfies readonly Engine[];

export const gpuEngines: readonly Engine[] = [
  { title: "CUDA", environment: { RESIDUAL_BACKEND: "tensorflow" } },
  { title: "WebGPU", environment: { RESIDUAL_BACKEND: "webgpu" } },
];

/** WebGPU on a driver that computes in software: slow, and the same code up to the driver. Undefined where there is none. */
export function softwareWebgpu(): Engine | undefined {
  const driver = softwareDriver();
  return driver && { title: "WebGPU in software", environment: { RESIDUAL_BACKEND: "webgpu", ...driver } };
}

/** What makes Vulkan take a driver in software: SwiftShader, which comes with Debian's chromium, or Mesa's lavapipe. */
function softwareDriver(): Readonly<Record<string, string>> | undefined {
  const chromium = [dirname(process.env["CHROMIUM_PATH"] ?? "."), "/usr/lib/chromium"].find((folder) =>
    existsSync(join(folder, "libvk_swiftshader.so")),
  );
  if (chromium !== undefined) {
    const libraries = [chromium, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":"); // for libvulkan.so.1
    return { ...driverFile(join(chromium, "vk_swiftshader_icd.json")), LD_LIBRARY_PATH: libraries };
  }
  const mesa = "/usr/share/vulkan/icd.d";
  const lavapipe = existsSync(mesa)
    ? readdirSync(mesa).find((name) => name.startsWith("lvp_icd"))
    : undefined;
  return lavapipe === undefined ? undefined : driverFile(join(mesa, lavapipe));
}

const driverFile = (path: string) => ({ VK_ICD_FILENAMES: path, VK_DRIVER_FILES: path });

/** Whether a device computes in software, by its name. */
export const isSoftware = (device: string): boolean => /swiftshader|llvmpipe/i.test(device);
