import { expect, test } from "vitest";
import { isWell, reportText, type EngineReport } from "./report";

const about = { backend: "tensorflow", device: "GPU of a test", versions: { TensorFlow: "2.21" }, isGpu: true, reason: "" }; // prettier-ignore
const agreement = { agrees: true, because: "the first 5 losses are at most 0.1 % apart" };
const cuda: EngineReport = { title: "CUDA", about, agreement, speeds: [{ depth: 20, imagesPerSecond: 8192, gpuMiB: 900 }] }; // prettier-ignore
const none: EngineReport = { title: "WebGPU", problem: "no GPU was found", speeds: [] };
const cpu: EngineReport = {
  title: "CPU",
  about: { ...about, device: "CPU, 2 cores", isGpu: false },
  speeds: [],
};

test("reportText() says what was found, how fast, how long the papers' schedule takes, and what to do about the rest", () => {
  const text = reportText({ gpus: [cuda, none], cpu });
  expect(text).toContain("GPU by CUDA: GPU of a test");
  expect(text).toContain("trains as the CPU does: the first 5 losses");
  expect(text).toContain("ResNet-20, batch 128: 8192 images/s, 900 MiB on the GPU; the papers' 64,000 updates in 16 min 40 s"); // prettier-ignore
  expect(text).toMatch(/WebGPU +not used: no GPU was found\n +what to do: a driver with Vulkan/);
});

test("reportText() without a GPU says so, and that nothing was tested where there is no driver in software", () => {
  const text = reportText({ gpus: [none], cpu, software: null });
  expect(text).toContain("No GPU: nothing was measured on one");
  expect(text).toMatch(/Self-test +not run: it needs a Vulkan driver in software/);
});

test("isWell() is false where a GPU trains otherwise or fails, and where the self-test does", () => {
  const wrong = { ...cuda, agreement: { agrees: false, because: "" } };
  expect(isWell({ gpus: [cuda, none], cpu })).toBe(true);
  expect(isWell({ gpus: [wrong], cpu })).toBe(false);
  expect(isWell({ gpus: [{ ...cuda, problem: "ResNet-110: OOM" }], cpu })).toBe(false);
  expect(isWell({ gpus: [none], cpu, software: { ...wrong, title: "WebGPU in software" } })).toBe(false);
  expect(isWell({ gpus: [none], cpu, software: null })).toBe(true);
});
