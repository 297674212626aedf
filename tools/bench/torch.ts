// PyTorch for the benchmarks that compare with it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** The release that the project compares with. */
export const torchVersion = "2.13.0";

/** Its environment. */
export const torchFolder = join(__dirname, "..", "..", ".setup", "torch");

/** PyTorch in a virtual environment that nothing else uses. */
export function installTorch(): string {
  const python = join(torchFolder, "bin", "python");
  const works = () => existsSync(python) && spawnSync(python, ["-c", "import torch"]).status === 0;
  if (works()) return python;
  console.error(`installing PyTorch ${torchVersion} into .setup/torch: some minutes, once`);
  mkdirSync(torchFolder, { recursive: true });
  const run = (command: string, args: readonly string[]) => {
    if (spawnSync(command, args, { stdio: ["ignore", 2, 2] }).status !== 0) {
      throw new Error(
        `${command} ${args.join(" ")} failed: see above, or name a Python with PyTorch by --torch-python`,
      );
    }
  };
  run("python3", ["-m", "venv", torchFolder]);
  run(python, ["-m", "pip", "install", "--quiet", `torch==${torchVersion}`, "numpy"]);
  return python;
}
