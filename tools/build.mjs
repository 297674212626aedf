// Builds the library (CommonJS for Node and the kernel, ES modules for bundlers, types) and the kernel.
import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
// Not node_modules/.bin/tsc: tslab's fork of TypeScript 5.0.4 claims that name too.
const compiler = "node_modules/typescript/lib/tsc.js";

/**
 * Compiles a project and gives the compiler's status.
 * @param {string} project
 * @returns {Promise<number>}
 */
const compile = (project) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [compiler, "-p", project], { cwd: root, stdio: "inherit" });
    child.once("error", reject).once("close", (status) => {
      resolve(status ?? 1);
    });
  });

// The library's two builds need nothing of each other; the kernel needs the library's types.
for (const side of [["lib/tsconfig.build.json", "lib/tsconfig.esm.json"], ["kernel/tsconfig.build.json"]]) {
  const statuses = await Promise.all(side.filter((project) => existsSync(root + project)).map(compile));
  const failed = statuses.find((status) => status !== 0);
  if (failed !== undefined) process.exit(failed);
}
mkdirSync(`${root}lib/dist/esm`, { recursive: true });
writeFileSync(`${root}lib/dist/esm/package.json`, '{ "type": "module" }\n');
// Outside of the repository the package has no `datasets` beside it: what needs no download travels with it.
for (const part of ["fashion-mnist-sample", "photographs", "resnet-20"].map((name) => `datasets/${name}`))
  if (existsSync(root + part)) cpSync(root + part, `${root}lib/dist/${part}`, { recursive: true });

/**
 * A command of a package: one file that needs nothing of this repository.
 * @param {string} source
 * @param {string} outfile
 */
const command = (source, outfile) => {
  buildSync({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    banner: { js: "#!/usr/bin/env node" },
  });
  chmodSync(root + outfile, 0o755);
};
command("tools/kernel/package-main.ts", "kernel/dist/command.cjs");
// `npx residual setup`, and what the engine is made from.
command("tools/setup/package-main.ts", "lib/dist/setup/main.cjs");
for (const recipe of ["wheels", "binding", "unpack_wheel.py"]) {
  cpSync(`${root}tools/setup/${recipe}`, `${root}lib/dist/setup/${recipe}`, { recursive: true });
}
