// `npx residual-kernel install`: tells a Jupyter of the kernel that npm has installed. Bundled into the package by tools/build.mjs.
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { explain, runCommand } from "./command";

const command = "npx residual-kernel";

runCommand(process.argv.slice(2), {
  // This file is node_modules/residual-kernel/dist/command.cjs.
  root: dirname(join(__dirname, "..")),
  folder: "residual-kernel",
  command,
  node: process.execPath,
  from: process.cwd(),
  env: process.env,
  platform: process.platform,
  home: homedir(),
  print: console.log,
}).catch((error: unknown) => {
  console.error(explain(error, command));
  process.exitCode = 1;
});
