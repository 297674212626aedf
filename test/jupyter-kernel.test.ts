// Jupyter's own test suite for kernels, jupyter_kernel_test, on the kernel as it is installed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { jupyterEnv } from "../tools/start/start";

const root = join(import.meta.dirname, "..");

it("jupyter_kernel_test passes, and leaves out the pager only", () => {
  const python = join(root, ".venv", "bin", "python");
  const suite = join(root, "test", "jupyter_kernel_suite.py");
  const { status, stderr } = spawnSync(python, [suite, "-v"], {
    cwd: root,
    env: jupyterEnv(root, { teacher: false }),
    encoding: "utf8",
    // The suite waits for some replies without end; it takes about ten seconds.
    timeout: 180_000,
    killSignal: "SIGINT",
  });
  expect(status, stderr).toBe(0);
  const skipped = stderr.split("\n").filter((line) => line.includes("... skipped"));
  expect(skipped.map((line) => line.replace(/ \(.*/, ""))).toEqual(["test_pager"]);
});
