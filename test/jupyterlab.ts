// Starts the real JupyterLab of the course's environment on a folder, on a free port, with configuration of its own.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { findPython } from "../tools/notebooks/environment";
import { putStyles } from "../tools/start/start";
import { ownJupyterEnv } from "./jupyter-env";

const root = resolve(__dirname, "..");
/** JupyterLab on a busy machine; more than this means that it hangs. */
const startLimit = 120_000;

/** A running server. */
export interface JupyterLab {
  /** The address that opens the file in JupyterLab, token included. */
  readonly open: (file: string) => string;
  /** The address that opens the file in Notebook 7, which the same server has. */
  readonly openInNotebook: (file: string) => string;
  /** Shuts the server and its kernels down. */
  readonly stop: () => Promise<void>;
}

/** Starts JupyterLab on the folder; kernels get `env` too. @throws Error with the server's log when it doesn't answer */
export async function startJupyterLab(folder: string, env: NodeJS.ProcessEnv = {}): Promise<JupyterLab> {
  const own = await mkdtemp(join(tmpdir(), "jupyter-"));
  const token = randomBytes(24).toString("hex");
  const port = await freePort();
  const args = [
    "-m",
    "jupyterlab",
    "--no-browser",
    `--ServerApp.root_dir=${folder}`,
    "--ServerApp.ip=127.0.0.1",
  ];
  args.push(`--ServerApp.port=${port}`, "--ServerApp.port_retries=0");
  if (process.getuid?.() === 0) args.push("--allow-root");
  putStyles(root, join(own, "config"));
  const server = spawn(findPython(root), args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...ownJupyterEnv(own),
      ...env,
      JUPYTER_TOKEN: token,
    },
  });
  let log = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (log += text));
  }
  const ended = new Promise<void>((done) =>
    server.once("close", () => {
      done();
    }),
  );
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await ended;
    await rm(own, { recursive: true, force: true });
  };
  const address = `http://127.0.0.1:${port}`;
  const limit = performance.now() + startLimit;
  while (!(await answers(`${address}/api/status?token=${token}`))) {
    if (server.exitCode !== null || performance.now() > limit) {
      await stop();
      throw new Error(`JupyterLab did not start:\n${log}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  return {
    // Without `reset` JupyterLab opens again what earlier tests had open.
    open: (file) => `${address}/lab/tree/${file}?reset&token=${token}`,
    openInNotebook: (file) => `${address}/notebooks/${file}?token=${token}`,
    stop,
  };
}

/**
 * Resolves when the kernel has answered the page. Before that the page calls itself idle too, and drops what it is told to run.
 */
export async function kernelAnswers(page: Page): Promise<void> {
  const channels = await page.waitForEvent("websocket", {
    predicate: (socket) => socket.url().includes("/channels"),
    timeout: 120_000,
  });
  await channels.waitForEvent("framereceived", {
    predicate: ({ payload }) => payload.toString().includes("kernel_info_reply"),
    timeout: 120_000,
  });
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch (error) {
    // Nothing listens yet.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
