// Kills a training process at random moments, ten times, and compares what comes out with a run that nobody killed.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomStream } from "../random/index.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const steps = 1500;
const kills = 10;
let folder: string;
let script: string;

beforeAll(async () => {
  // Below node_modules, so that the script finds the packages.
  const cache = join(here, "../../node_modules/.cache");
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, "residual-kill-"));
  script = join(folder, "train.cjs");
  await build({
    entryPoints: [join(here, "kill.fixture.ts")],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "cjs",
    packages: "external",
    conditions: ["residual-source"],
    logLevel: "error",
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Outcome {
  readonly killed: boolean;
  readonly code: number | null;
  readonly said: string;
}

/** Runs the script; with a delay, kills it so many milliseconds after its first step. */
function train(name: string, killAfter?: number): Promise<Outcome> {
  // Those that are to be killed rest after each step: however fast the machine, all kills fall before the end.
  const rest = killAfter === undefined ? 0 : 5;
  const child = spawn(
    process.execPath,
    [script, join(folder, `${name}.safetensors`), outputOf(name), String(steps), String(rest)],
    {
      // The script lies outside the repository, so it is told where the packages are.
      env: { ...process.env, NODE_PATH: join(here, "../../node_modules") },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on("data", (text: Buffer) => (said += text.toString()));
  child.stdout.on("data", (text: Buffer) => {
    said += text.toString();
    if (killAfter !== undefined) timer ??= setTimeout(() => child.kill("SIGKILL"), killAfter);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      resolve({ killed: signal === "SIGKILL", code, said });
    });
  });
}

const outputOf = (name: string) => join(folder, `${name}.json`);

test(`fit() killed ${kills} times and resumed ends with the weights, losses and history of a run never killed`, async () => {
  const undisturbed = await train("undisturbed");
  expect(undisturbed, undisturbed.said).toMatchObject({ code: 0 });

  const moments = randomStream(20, "kill");
  const resumed: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const { killed, said } = await train("killed", 600 * moments.uniform());
    expect(killed, said).toBe(true);
    resumed.push(Number(/training from (\d+)/.exec(said)?.[1]));
  }
  const last = await train("killed");
  expect(last, last.said).toMatchObject({ code: 0 });
  resumed.push(Number(/training from (\d+)/.exec(last.said)?.[1]));

  // Each process went on where the one before it had saved: the steps ascend, and the last one had work left.
  expect(resumed).toEqual([...resumed].sort((a, b) => a - b));
  expect(resumed.at(-1)).toBeGreaterThan(0);
  expect(resumed.at(-1)).toBeLessThan(steps);
  const [a, b] = await Promise.all([
    readFile(outputOf("killed"), "utf8"),
    readFile(outputOf("undisturbed"), "utf8"),
  ]);
  expect(JSON.parse(a)).toEqual(JSON.parse(b));
  // What a kill left half-written is gone.
  expect((await readdir(folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
});
