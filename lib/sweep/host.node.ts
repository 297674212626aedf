// What this process runs on and what it can load, for Node: commit and build of the library, processor, threads, the user's modules.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { fingerprint } from "../files/fingerprint.js";
import { packageFolder } from "../files/package-folder.node.js";
import { version } from "../train/version.js";
import type { CodeVersion, Host } from "./host.js";

/** Seconds of processor time that this process has used, on all cores. */
export const cpuSeconds = (): number | null => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** What this process runs on. */
export async function host(): Promise<Host> {
  const folder = packageFolder();
  return {
    code: { version, ...commitOf(folder), built: await builtOf(join(folder, "dist/cjs")) },
    machine: {
      processor: cpus()[0]?.model.trim() ?? "unknown",
      architecture: process.arch,
      instructions: instructions(),
      cores: availableParallelism(),
      system: process.platform,
    },
    threads: Number(process.env["TF_NUM_INTRAOP_THREADS"]) || null,
  };
}

/** The commit that the folder is of, if it is kept in a repository itself: a package that was installed lies in somebody else's. */
function commitOf(folder: string): Pick<CodeVersion, "commit" | "dirty"> {
  const git = (...words: string[]) => spawnSync("git", ["-C", folder, ...words], { encoding: "utf8" });
  if (git("ls-files", "--error-unmatch", "package.json").status !== 0) return { commit: null, dirty: null };
  const [head, changes] = [git("rev-parse", "HEAD"), git("status", "--porcelain", "--", ".")];
  if (head.status !== 0 || changes.status !== 0) return { commit: null, dirty: null };
  return { commit: head.stdout.trim(), dirty: changes.stdout.trim() !== "" };
}

async function builtOf(folder: string): Promise<string | null> {
  if (!existsSync(folder)) return null;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
  return fingerprint(files.flatMap((file) => [file, new Uint8Array(readFileSync(join(folder, file)))]));
}

/** Those for vectors and matrices, as Linux names them. Elsewhere the processor's name has to do. */
function instructions(): readonly string[] {
  if (!existsSync("/proc/cpuinfo")) return [];
  const words = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.split(" ");
  return (words ?? [])
    .filter((word) => /^(?:sse4_[12]|avx|fma$|f16c$|amx|asimd|sve|bf16|i8mm)/.test(word))
    .sort();
}

/**
 * What a module of the user's exports. Workers read TypeScript from their start; a process that does not, such as a notebook's kernel, learns
 * it here.
 */
export async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(/* @vite-ignore */ file)) as Record<string, unknown>;
  } catch (error) {
    if (!isTypescript(file) || !(error instanceof SyntaxError)) throw error;
  }
  const load = createRequire(file);
  load(tsNode(file));
  return load(file) as Record<string, unknown>;
}

/** Whether a file is named as TypeScript is. */
export const isTypescript = (path: string): boolean => /\.[cm]?ts$/.test(path);

/** `ts-node`, from where a TypeScript file lies. */
export function tsNode(file: string): string {
  try {
    return createRequire(file).resolve("ts-node/register/transpile-only");
  } catch (error) {
    throw new Error(
      `${file} is TypeScript, which needs ts-node where it lies: npm install ts-node there, or give JavaScript`,
      { cause: error },
    );
  }
}
