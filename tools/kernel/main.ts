// Installs the kernel for Jupyters other than the course's own: `npm run kernel -- install`.
import { homedir } from "node:os";
import { join } from "node:path";
import { explain, runCommand } from "./command";

runCommand(process.argv.slice(2), {
  root: join(__dirname, "..", ".."),
  node: process.execPath,
  // npm runs this in the repository's root, and says here where it was called.
  from: process.env["INIT_CWD"] ?? process.cwd(),
  env: process.env,
  platform: process.platform,
  home: homedir(),
  print: console.log,
}).catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
