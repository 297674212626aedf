// Tests on the software Vulkan driver that comes with Debian's chromium; they wait where it is not installed.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ready } from "../index.js";
import { runInChild } from "../child.fixture.js";
import { expectClose } from "../kernels/float64.fixture.js";
import { trainTinyNet, type TrainingRun } from "./tiny-net.fixture.js";

const folders = [dirname(process.env["CHROMIUM_PATH"] ?? "."), "/usr/lib/chromium"];
const driver = folders.find((folder) => existsSync(join(folder, "libvk_swiftshader.so")));
const howToInstall = "apt-get install chromium, whose folder has libvk_swiftshader.so (or set CHROMIUM_PATH)";

function environmentOf(folder: string): Record<string, string> {
  const description = join(folder, "vk_swiftshader_icd.json");
  const libraries = [folder, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":"); // for libvulkan.so.1
  return { VK_ICD_FILENAMES: description, VK_DRIVER_FILES: description, LD_LIBRARY_PATH: libraries };
}

if (driver !== undefined) {
  test("a residual net trains on webgpu as on cpu, leaves no tensor behind, and the process ends well", async () => {
    const environment = { ...environmentOf(driver), RESIDUAL_BACKEND: "webgpu" };
    const child = await runInChild("backends/train.fixture.ts", { environment });
    expect(child).toMatchObject({ code: 0, signal: null });
    const { backend, run } = JSON.parse(child.stdout) as { backend: string; run: TrainingRun };
    expect(backend).toBe("webgpu");
    expect(run.leaked).toBe(0);
    await ready({ backend: "cpu" });
    const cpu = await trainTinyNet();
    expectClose(run.losses, cpu.losses, 1e-4);
    expectClose(run.running, cpu.running, 1e-4);
  });

  test("ready() prefers wasm to a GPU emulated by software", async () => {
    const child = await runInChild("backends/start.fixture.ts", {
      environment: environmentOf(driver),
      withoutEngine: true,
    });
    expect(child).toMatchObject({ code: 0, signal: null });
    expect(JSON.parse(child.stdout)).toMatchObject({
      backend: "wasm",
      tried: [{ backend: "tensorflow" }, { problem: expect.stringContaining("emulated by software") as string }, { backend: "wasm" }], // prettier-ignore
    });
  });
} else if (process.env["CI"] === "true") {
  test("the software Vulkan driver is installed", () => {
    expect.fail(`2 tests of webgpu need it: ${howToInstall}`);
  });
} else {
  console.log(`waiting: 2 tests of webgpu wait for a software Vulkan driver: ${howToInstall}`);
}

test("ready() says that there is no GPU when webgpu is forced without one", async () => {
  const child = await runInChild("backends/start.fixture.ts", {
    environment: {
      VK_ICD_FILENAMES: "/none.json",
      VK_DRIVER_FILES: "/none.json",
      RESIDUAL_BACKEND: "webgpu",
    },
  });
  expect(child).toMatchObject({ code: 1, signal: null, stdout: "" });
  expect(child.stderr).toContain("RESIDUAL_BACKEND=webgpu does not start: no GPU was found");
});
