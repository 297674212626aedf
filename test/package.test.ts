// The library as npm packs it, in a project outside of this repository: its README's example runs, and its types are found by import and require.
import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
let project: string;

beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "residual-package-")));
  mkdirSync(join(project, "node_modules"));
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", project], {
    cwd: join(root, "lib"),
    encoding: "utf8",
  });
  execFileSync("tar", ["xzf", packed.trim().split("\n").at(-1)!], { cwd: project });
  renameSync(join(project, "package"), join(project, "node_modules/residual"));
  // What npm would fetch for it, and the compiler: as this repository has them.
  const { dependencies } = JSON.parse(readFileSync(join(root, "lib/package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const names = new Set([...Object.keys(dependencies), "@types"].map((name) => name.split("/")[0]!));
  for (const name of names)
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
});

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

const example = (): string =>
  /```ts\n([^]*?)```/.exec(readFileSync(join(project, "node_modules/residual/README.md"), "utf8"))![1]!;

/** The same with `require`. */
const required = (): string => {
  const [first, ...rest] = example().split("\n");
  const names = /\{.*\}/.exec(first!)![0];
  return `const ${names} = require("residual");\n(async () => {\n${rest.join("\n")}\n})();`;
};

test.each([
  ["import", "example.mjs", example],
  ["require", "example.cjs", required],
])("residual, packed and installed elsewhere, runs its README's example by %s", (_, file, code) => {
  writeFileSync(join(project, file), code());
  const env = { ...process.env, RESIDUAL_DATA: "", TF_CPP_MIN_LOG_LEVEL: "2" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd: project,
    env,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/\{ backend: '\w+', steps: 4, accuracy: 0\.\d+, top3: 0\.\d+ \}/);
});

test("residual, packed and installed elsewhere, has types for import and require", () => {
  writeFileSync(join(project, "esm.mts"), `${example()}\nconst wrong: string = accuracy;\n`);
  writeFileSync(
    join(project, "cjs.cts"),
    `import residual = require("residual");\nconst wrong: string = residual.nn.cifarResNet;\n`,
  );
  const compiler = join(root, "node_modules/typescript/lib/tsc.js");
  const options = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--lib",
    "es2023,esnext.disposable",
    "--types",
    "node",
    "--module",
    "node16",
    "--skipLibCheck",
  ];
  const { stdout } = spawnSync(process.execPath, [compiler, ...options, "esm.mts", "cjs.cts"], {
    cwd: project,
    encoding: "utf8",
  });
  const errors = stdout.split("\n").filter((line) => line.includes("error"));
  expect(errors).toEqual([
    expect.stringMatching(/^cjs\.cts.*Type '\(.*\) => Network' is not assignable to type 'string'/),
    expect.stringMatching(/^esm\.mts.*Type 'number' is not assignable to type 'string'/),
  ]);
});

test("residual, packed, brings its licence and the sample's, and no source map", () => {
  const files = execFileSync("find", [join(project, "node_modules/residual"), "-type", "f"], {
    encoding: "utf8",
  });
  expect(files).toMatch(/residual\/LICENSE$/m);
  expect(files).toMatch(/fashion-mnist-sample\/LICENSE$/m);
  expect(files).not.toMatch(/\.map$/m);
});
