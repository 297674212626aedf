// For tests: runs a TypeScript file in a fresh Node process, because backends and environment variables are a process's own.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "../..");
const modules = join(root, "node_modules");

/** How a process ended. */
export interface ChildResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link runInChild}. */
export interface ChildOptions {
  /** Beside the environment of this process, which comes without RESIDUAL_BACKEND. */
  readonly environment?: Readonly<Record<string, string>>;
  /** True: the process finds the native package without its compiled binding, as before setup. */
  readonly withoutEngine?: boolean;
}

/** Bundles a file beside this one (packages stay outside), runs it with Node, and gives what it printed. */
export async function runInChild(entry: string, options: ChildOptions = {}): Promise<ChildResult> {
  const { environment = {}, withoutEngine = false } = options;
  const folder = mkdtempSync(join(tmpdir(), "residual-runtime-"));
  try {
    if (withoutEngine) linkModulesWithoutEngine(join(folder, "node_modules"));
    else symlinkSync(modules, join(folder, "node_modules"));
    const outfile = join(folder, `${basename(entry, ".ts")}.cjs`);
    await build({
      entryPoints: [join(import.meta.dirname, entry)],
      outfile,
      bundle: true,
      platform: "node",
      format: "cjs",
      packages: "external",
      conditions: ["residual-source", "node"],
      logLevel: "silent",
    });
    return await runNode(outfile, environment);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runNode(file: string, environment: Readonly<Record<string, string>>): Promise<ChildResult> {
  const env = { ...process.env, ...environment };
  if (environment["RESIDUAL_BACKEND"] === undefined) delete env["RESIDUAL_BACKEND"];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file], { env, timeout: 100_000 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
    });
  });
}

/** Every package by a link, but the native one as a copy without its compiled binding. */
function linkModulesWithoutEngine(target: string): void {
  const scope = "@tensorflow";
  const native = "tfjs-node-gpu";
  mkdirSync(join(target, scope), { recursive: true });
  for (const name of readdirSync(modules).filter((name) => name !== scope)) {
    symlinkSync(join(modules, name), join(target, name));
  }
  for (const name of readdirSync(join(modules, scope)).filter((name) => name !== native)) {
    symlinkSync(join(modules, scope, name), join(target, scope, name));
  }
  const source = join(modules, scope, native);
  cpSync(source, join(target, scope, native), {
    recursive: true,
    filter: (path) => path !== join(source, "lib") && path !== join(source, "deps"),
  });
}
