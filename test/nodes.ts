// For tests: the supported Nodes, oldest to newest. They are npm packages, locked in test/node-versions and installed once into .setup/nodes.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { acquireLock } from "../tools/setup/ground/lock.mjs";

const root = join(import.meta.dirname, "..");
const nodes = join(root, ".setup", "nodes");

/** The first major that each platform's packages carry. */
export const VERSIONS = process.platform === "darwin" ? [22, 24] : [20, 22, 24];

/** Installs them where they are missing; two test files may ask at the same time. */
export async function installNodes(): Promise<void> {
  mkdirSync(nodes, { recursive: true });
  const lock = await acquireLock(nodes);
  try {
    const wanted = readFileSync(join(import.meta.dirname, "node-versions", "package-lock.json"), "utf8");
    const installed = join(nodes, "node_modules", ".package-lock.json");
    const copied = join(nodes, "package-lock.json");
    if (existsSync(installed) && existsSync(copied) && readFileSync(copied, "utf8") === wanted) return;
    copyFileSync(join(root, ".npmrc"), join(nodes, ".npmrc"));
    for (const name of ["package.json", "package-lock.json"]) {
      copyFileSync(join(import.meta.dirname, "node-versions", name), join(nodes, name));
    }
    const { status, stderr } = spawnSync("npm", ["ci"], { cwd: nodes, encoding: "utf8" });
    if (status !== 0) throw new Error(`npm ci of the Nodes failed: ${stderr}`);
  } finally {
    lock.release();
  }
}

/** The program of a major version. */
export function nodeOf(major: number): string {
  return join(nodes, "node_modules", `node${major}-${process.platform}-${process.arch}`, "bin", "node");
}
