import { expect, test, vi } from "vitest";
import { Unavailable, type BackendName, type Candidate } from "./backend.js";
import { chooseBackend } from "./choose.js";

const works = (name: BackendName): Candidate => ({
  name,
  start: vi.fn(() => Promise.resolve({ device: `${name}'s device`, because: "it works" })),
});
const lacks = (name: BackendName): Candidate => ({
  name,
  start: () => Promise.reject(new Unavailable(`no ${name} here`, `install ${name}`)),
});
const options = { wasmPath: undefined };

test("chooseBackend() takes the first that starts and does not touch the rest", async () => {
  const [first, second] = [works("webgpu"), works("cpu")];
  const choice = await chooseBackend([lacks("tensorflow"), first, second], undefined, options);
  expect(choice).toMatchObject({
    backend: "webgpu",
    device: "webgpu's device",
    tried: [{ backend: "tensorflow", problem: "no tensorflow here", remedy: "install tensorflow" }, { backend: "webgpu" }], // prettier-ignore
  });
  expect(second.start).not.toHaveBeenCalled();
  expect(first.start).toHaveBeenCalledWith({ forced: false, wasmPath: undefined });
});

test("chooseBackend() tries only the requested one, and tells it so", async () => {
  const [first, second] = [works("tensorflow"), works("cpu")];
  expect(await chooseBackend([first, second], "cpu", options)).toMatchObject({ backend: "cpu" });
  expect(first.start).not.toHaveBeenCalled();
  expect(second.start).toHaveBeenCalledWith({ forced: true, wasmPath: undefined });
});

test("chooseBackend() keeps the first line of an unexpected error, and its cause", async () => {
  const cause = new Error("broken\nat line 1");
  const broken: Candidate = { name: "tensorflow", start: () => Promise.reject(cause) };
  expect((await chooseBackend([broken, works("cpu")], undefined, options)).tried[0]).toEqual({
    backend: "tensorflow",
    problem: "broken",
    remedy: "npm run doctor",
  });
  await expect(chooseBackend([broken], "tensorflow", options)).rejects.toMatchObject({ cause });
});

test("chooseBackend() names every problem and remedy when none starts", async () => {
  await expect(chooseBackend([lacks("wasm"), lacks("cpu")], undefined, options)).rejects.toThrow(
    "no backend starts: wasm: no wasm here (remedy: install wasm); cpu: no cpu here (remedy: install cpu)",
  );
});

test("chooseBackend() refuses a name that is none of the candidates", async () => {
  await expect(chooseBackend([works("wasm"), works("cpu")], "webgl", options)).rejects.toThrow(
    new RangeError("RESIDUAL_BACKEND must be one of wasm, cpu; got webgl"),
  );
});
