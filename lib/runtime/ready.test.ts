import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runInChild } from "./child.fixture.js";
import { ready, tf } from "./index.js";
import { restoreRemovedUtilities } from "./backends/tensorflow.node.js";
import util from "node:util";

const start = "backends/start.fixture.ts";

test("ready() starts the native engine, tells why, and computes on it", async () => {
  const { code, stdout } = await runInChild(start);
  expect(code).toBe(0);
  const info = JSON.parse(stdout) as Record<string, unknown>;
  expect(info).toMatchObject({
    backend: "tensorflow",
    active: "tensorflow",
    value: 6,
    tried: [{ backend: "tensorflow" }],
    versions: { "TensorFlow.js": tf.version_core, Node: process.versions.node },
  });
  expect(info["reason"]).toMatch(/^tensorflow on .+: the native engine /);
  expect(info["described"]).toMatch(
    /^backend {3}tensorflow\ndevice {4}.+\nbecause {3}.+\nversions {2}residual /,
  );
});

test("ready() without the native engine takes the next backend and names the remedy in one line", async () => {
  const { code, stdout, stderr } = await runInChild(start, { withoutEngine: true });
  expect(code).toBe(0);
  const info = JSON.parse(stdout) as { backend: string; active: string; value: number; tried: unknown[] };
  expect(["webgpu", "wasm"]).toContain(info.backend);
  expect(info).toMatchObject({ active: info.backend, value: 6 });
  const attempt = {
    backend: "tensorflow",
    problem: "the native engine is not installed",
    remedy: "npm run setup",
  };
  expect(info.tried[0]).toEqual(attempt);
  const lines = stderr.split("\n").filter((line) => line.startsWith("residual runs on"));
  expect(lines.length).toBe(1);
  expect(lines[0]).toContain("tensorflow: the native engine is not installed (remedy: npm run setup)");
});

test("ready() fails with the remedy when RESIDUAL_BACKEND forces an engine that is not installed", async () => {
  const environment = { RESIDUAL_BACKEND: "tensorflow" };
  const { code, stdout, stderr } = await runInChild(start, { withoutEngine: true, environment });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(
    "RESIDUAL_BACKEND=tensorflow does not start: the native engine is not installed. Remedy: npm run setup",
  );
});

test.each(["wasm", "cpu"])("ready() starts %s when RESIDUAL_BACKEND names it", async (backend) => {
  const { stdout } = await runInChild(start, { environment: { RESIDUAL_BACKEND: backend } });
  expect(JSON.parse(stdout)).toMatchObject({ backend, active: backend, value: 6, tried: [{ backend }] });
});

test("ready() takes an empty RESIDUAL_BACKEND for none, and refuses an unknown one by listing the valid", async () => {
  expect(
    JSON.parse((await runInChild(start, { environment: { RESIDUAL_BACKEND: "" } })).stdout),
  ).toMatchObject({ backend: "tensorflow" });
  const { code, stderr } = await runInChild(start, { environment: { RESIDUAL_BACKEND: "cuda" } });
  expect(code).toBe(1);
  expect(stderr).toContain("RESIDUAL_BACKEND must be one of tensorflow, webgpu, wasm, cpu; got cuda");
});

test("ready() gives the same information at every call, and refuses a second backend", async () => {
  const info = await ready();
  expect(await ready()).toBe(info);
  expect(await ready({ backend: info.backend })).toBe(info);
  await expect(ready({ backend: "cpu" })).rejects.toThrow("the backend tensorflow already runs");
});

test("ready() tells the version of the library's package.json", async () => {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, "utf8")) as {
    version: string;
  };
  expect((await ready()).versions["residual"]).toBe(version);
});

test("restoreRemovedUtilities() gives back what Node 23 removed, and nothing else changes", () => {
  const held = util as unknown as Record<string, unknown>;
  const { isNullOrUndefined, isArray } = held;
  try {
    delete held["isNullOrUndefined"];
    delete held["isArray"];
    restoreRemovedUtilities();
    const restored = held as Record<string, (value: unknown) => boolean>;
    expect([null, undefined, 0, ""].map((value) => restored["isNullOrUndefined"]!(value))).toEqual([true, true, false, false]); // prettier-ignore
    expect([[], {}].map((value) => restored["isArray"]!(value))).toEqual([true, false]);
  } finally {
    Object.assign(held, { isNullOrUndefined, isArray });
  }
});
