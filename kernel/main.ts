// Starts the kernel: `node main.js <connection file>`, as the kernelspec says, in the notebook's folder.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { parseConnectionInfo, report } from "./channels";
import { createCellCompiler } from "./compiler";
import { Kernel } from "./kernel";
import { Session } from "./session";

async function main(): Promise<void> {
  const file = process.argv[2];
  if (file === undefined) throw new Error("usage: node main.js <Jupyter connection file>");
  const connection = parseConnectionInfo(readFileSync(file, "utf8"));
  // Jupyter names its own process; when it is gone, nobody is left to stop this one.
  if (process.env["JPY_PARENT_PID"] !== undefined) new Worker(join(__dirname, "parent-watch.js")).unref();

  const cwd = process.cwd();
  const kernel = new Kernel(new Session({ cwd, compiler: createCellCompiler(cwd) }), connection);
  process.on("SIGINT", () => {
    kernel.interrupt();
  });
  process.on("uncaughtException", (error) => {
    console.error("Uncaught exception outside of a cell's own course:", error);
  });
  process.on("unhandledRejection", (reason) => {
    console.error("A promise was rejected and nobody handled it:", reason);
  });
  await kernel.open();
}

main().catch((error: unknown) => {
  report("cannot start", error);
  process.exit(1);
});
