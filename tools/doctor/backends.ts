// Starts each backend in a process of its own and lets it compute: what a backend says of itself is no proof.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../setup/ground/processes.mjs";
import type { Finding } from "./finding";

/** In the order in which the library tries them; the last two need nothing but the npm packages. */
const BACKENDS = [
  { name: "tensorflow", isNeeded: true, remedy: "Run `npm run setup`, which says what it lacks." },
  {
    name: "webgpu",
    isNeeded: false,
    remedy: "It needs a GPU with a Vulkan (Linux) or Metal (Mac) driver; without one it is not missed.",
  },
  { name: "wasm", isNeeded: true, remedy: "Delete node_modules, then run `npm run setup`." },
  { name: "cpu", isNeeded: true, remedy: "Delete node_modules, then run `npm run setup`." },
] as const;

const MARK = "backend-probe ";

/** 2 x 3 + 4 x 5 on the backend, and what the library says of it. */
const SCRIPT = `
  const { runtime } = require("residual");
  runtime.ready().then(async (info) => {
    const { tf } = runtime;
    const [sum] = await tf.matMul(tf.tensor2d([[2, 4]]), tf.tensor2d([[3], [5]])).data();
    process.stdout.write("\\n${MARK}" + JSON.stringify({ backend: info.backend, device: info.device, sum }) + "\\n");
    process.exit(0);
  }).catch((error) => { console.error(error.message); process.exit(1); });
`;

/** One finding a backend; `hasEngine` is false where this machine can have no native one. */
export async function* probeBackends(root: string, run: Run, hasEngine: boolean): AsyncGenerator<Finding> {
  if (!existsSync(join(root, "lib", "dist", "cjs", "index.js"))) {
    yield {
      name: "backends",
      state: "missing",
      text: "the library is not built",
      remedy: "Run `npm run setup`.",
    };
    return;
  }
  for (const { name, isNeeded, remedy } of BACKENDS) {
    const env = { ...process.env, RESIDUAL_BACKEND: name, TF_CPP_MIN_LOG_LEVEL: "3" };
    const result = await run(process.execPath, ["-e", SCRIPT], { cwd: root, env });
    yield (
      readProbe(name, result.status, result.output) ?? {
        name: `backend ${name}`,
        state: isNeeded && (hasEngine || name !== "tensorflow") ? "missing" : "optional",
        text: result.output.trim().split("\n").at(-1) ?? `status ${result.status}`,
        remedy,
      }
    );
  }
}

/** The finding for a backend that started and computed rightly, else undefined. */
export function readProbe(name: string, status: number, output: string): Finding | undefined {
  const line = output.split("\n").find((text) => text.startsWith(MARK));
  if (status !== 0 || line === undefined) return undefined;
  const { backend, device, sum } = JSON.parse(line.slice(MARK.length)) as {
    backend: string;
    device: string;
    sum: number;
  };
  return backend === name && sum === 26
    ? { name: `backend ${name}`, state: "ok", text: `works on ${device}` }
    : undefined;
}
