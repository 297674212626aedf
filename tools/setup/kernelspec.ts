// The step that tells this checkout's Jupyter of the course's kernel.
import { join } from "node:path";
import {
  kernelspecChanges,
  kernelspecContents,
  KERNELSPEC_IN_PREFIX,
  writeKernelspec,
} from "../kernel/kernelspec";
import { fingerprint } from "./stamp";
import type { Step } from "./step";

/** Inside `.venv`, so that this Jupyter alone sees it; another Node or another place of the checkout makes it anew. */
export function kernelspecStep(root: string, node = process.execPath): Step {
  const folder = join(root, ".venv", KERNELSPEC_IN_PREFIX);
  return {
    id: "kernelspec",
    name: "Kernelspec",
    fingerprint: () => fingerprint(...kernelspecContents({ root, node }).flat()),
    damage() {
      const [wrong] = kernelspecChanges(folder, { root, node });
      return wrong && `${wrong[0]} is not as it should be`;
    },
    async make() {
      await writeKernelspec(folder, { root, node });
    },
  };
}
