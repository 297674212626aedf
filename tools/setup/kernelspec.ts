// The step that tells this checkout's Jupyter of the course's kernel.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, writeWhole } from "./stamp";
import type { Step } from "./step";

/** Inside `.venv`, so that it is seen by this Jupyter alone. */
export const KERNELSPEC = ".venv/share/jupyter/kernels/residual/kernel.json";

/** Fills the kernel's own template with this Node and this checkout. */
export function kernelspecText(root: string, node: string): string {
  const template = readFileSync(join(root, "kernel", "kernelspec.json"), "utf8");
  const insert = (path: string): string => JSON.stringify(path).slice(1, -1);
  return template
    .replaceAll("{node}", () => insert(node))
    .replaceAll("{kernel}", () => insert(join(root, "kernel")));
}

/** Writes the kernelspec; another Node or another place of the checkout makes it anew. */
export function kernelspecStep(root: string, node = process.execPath): Step {
  const path = join(root, KERNELSPEC);
  const text = (): string => kernelspecText(root, node);
  return {
    id: "kernelspec",
    name: "Kernelspec",
    fingerprint: () => fingerprint(text()),
    damage: () =>
      existsSync(path) && readFileSync(path, "utf8") === text()
        ? undefined
        : "kernel.json is not as it should be",
    make: () => writeWhole(path, text()),
  };
}
