import { join } from "node:path";
import { expect, test } from "vitest";
import { measure } from "./measure";

const ended = (depth: number, steps: number[] = []) =>
  measure(
    { title: "a test", environment: { RESIDUAL_BACKEND: "webgpu" } },
    { kind: "speed", depth, batchSize: 1, warmUp: 0, steps: 1, seconds: 1 },
    (step) => steps.push(step),
    join(__dirname, "worker.fixture.ts"),
  );

test("measure() gives what a process says, and how one failed that a driver took down or that memory ran out for", async () => {
  const steps: number[] = [];
  const [well, killed, full] = await Promise.all([ended(1, steps), ended(2), ended(3)]);
  expect(well).toMatchObject({ about: { backend: "webgpu" }, speed: { imagesPerSecond: 10, gpuMiB: null } });
  expect(steps).toEqual([1]);
  expect(killed).toMatchObject({ problem: expect.stringContaining("ended by SIGSEGV") as string });
  expect(full).toEqual({ problem: "OOM when allocating tensor" });
});
