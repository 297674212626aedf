// The library and the kernel as npm packs them, in a project outside of this repository: the library's README's example runs without the native engine and with
// the one that `npx residual setup` makes, under every supported Node, and its types are found by import and require.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installNodes, nodeOf, VERSIONS } from "./nodes";

const root = resolve(import.meta.dirname, "..");
const modules = join(root, "node_modules");
const manifest = JSON.parse(readFileSync(join(root, "lib/package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  sideEffects: string[];
};
let project: string;

/** Puts a package of this repository into the project: what npm would fetch. */
function link(name: string): void {
  const place = join(project, "node_modules", name);
  mkdirSync(resolve(place, ".."), { recursive: true });
  symlinkSync(join(modules, name), place);
}

/** Packs a workspace and puts it into the project, as `npm install` of the tarball does. */
function install(workspace: string, name: string): void {
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", project], {
    cwd: join(root, workspace),
    encoding: "utf8",
  });
  execFileSync("tar", ["xzf", packed.trim().split("\n").at(-1)!], { cwd: project });
  renameSync(join(project, "package"), join(project, "node_modules", name));
}

beforeAll(async () => {
  await installNodes();
  project = realpathSync(mkdtempSync(join(tmpdir(), "residual-package-")));
  mkdirSync(join(project, "node_modules"));
  install("lib", "residual");
  install("kernel", "residual-kernel");
  for (const name of [...Object.keys(manifest.dependencies), "@types/node"]) link(name);
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

/** Runs the project's Node on a file, or a command of the package. */
function run(args: readonly string[], { node = process.execPath, env = {} } = {}) {
  const own = { ...process.env, RESIDUAL_BACKEND: "", RESIDUAL_DATA: "", TF_CPP_MIN_LOG_LEVEL: "2", ...env };
  return spawnSync(node, args, { cwd: project, env: own, encoding: "utf8" });
}

const RESULT = /\{ backend: '(\w+)', steps: 4, accuracy: 0\.\d+, top3: 0\.\d+ \}/;

/** The example's training alone: by WebAssembly its evaluation takes some seconds. */
const training = (code: string): string => code.replace(/const \{ accuracy[^]*?;\n[^]*?;\n/, "console.log(backend, steps);\n").replace("steps: 4,", "steps: 3,"); // prettier-ignore

test.each(VERSIONS)(
  "residual, packed and installed elsewhere without its engine, trains by wasm under Node %i and says so in one line",
  (major) => {
    const [file, code] = major === 22 ? ["training.cjs", required()] : ["training.mjs", example()];
    writeFileSync(join(project, file), training(code));
    const { status, stdout, stderr } = run([file], { node: nodeOf(major) });
    expect(status, stderr).toBe(0);
    expect(stdout).toBe("wasm 3\n");
    const lines = stderr.split("\n").filter((line) => line !== "");
    expect(lines).toEqual([
      expect.stringMatching(
        /^residual runs on wasm, slower than it could: tensorflow: the native engine is not installed \(remedy: npx residual setup\)/,
      ),
    ]);
  },
);

/** The repository's own engine, by links to what is large: as if pip had fetched it, and for a compiler that gives the finished binding. */
function engineFrom(compiler: string): void {
  // Beside the engine lies the link that `npm ci` would take away.
  const entries = readdirSync(join(root, ".engine"), { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const place = join(project, ".engine", name);
    mkdirSync(place, { recursive: true });
    for (const part of readdirSync(join(root, ".engine", name))) {
      if (part.startsWith("tfjs_binding")) continue;
      symlinkSync(join(root, ".engine", name, part), join(place, part));
    }
    const binding = join(root, ".engine", name, "tfjs_binding.node");
    writeFileSync(compiler, `#!/bin/sh\nfor last; do :; done\n[ "$1" = --version ] && echo compiler && exit\ncp ${binding} "$last"\n`); // prettier-ignore
    chmodSync(compiler, 0o755);
  }
}

test("npx residual setup makes the native engine of the project, which the library then finds", () => {
  for (const name of Object.keys(manifest.peerDependencies)) {
    const place = join(project, "node_modules", name);
    if (name.startsWith("@")) {
      // The binding is linked into it.
      cpSync(join(modules, name), place, { recursive: true, filter: (path) => !path.startsWith(join(modules, name, "lib")) }); // prettier-ignore
    } else link(name);
    const { dependencies = {} } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")) as Partial<typeof manifest>; // prettier-ignore
    for (const needed of Object.keys(dependencies)) {
      if (!existsSync(join(project, "node_modules", needed))) link(needed);
    }
  }
  const compiler = join(project, "compiler");
  const command = ["node_modules/residual/dist/setup/main.cjs", "setup", "--cpu"];
  const without = run(command, { env: { CXX: join(project, "none") } });
  expect(without.stdout).toMatch(/No C\+\+ compiler \(tried .*none\)[^]*run this command again/);
  expect(without.status).toBe(1);
  engineFrom(compiler);
  const { status, stdout, stderr } = run(command, { env: { CXX: compiler } });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain("The native engine is in place.");
  writeFileSync(join(project, "example.mjs"), example());
  const trained = run(["example.mjs"]);
  expect(trained.stderr).not.toContain("residual runs on");
  expect(RESULT.exec(trained.stdout)?.[1], trained.stdout).toBe("tensorflow");
});

test.each([
  [["install"], /must be setup, with --cpu, --gpu, --auto or none; got install/],
  [["setup", "--fast"], /got --fast\.\n.*npx residual --help/],
])("npx residual %j is refused with the rule and the remedy", (args, message) => {
  const { status, stderr } = run(["node_modules/residual/dist/setup/main.cjs", ...args]);
  expect(status).toBe(1);
  expect(stderr).toMatch(message);
});

test.each(["node16", "bundler"])(
  "residual, packed and installed elsewhere, has types for %s",
  (resolution) => {
    writeFileSync(join(project, "esm.mts"), `${example()}\nconst wrong: string = accuracy;\n`);
    writeFileSync(
      join(project, "cjs.cts"),
      `import residual = require("residual");\nconst wrong: string = residual.nn.cifarResNet;\n`,
    );
    const isBundler = resolution === "bundler";
    const program = ts.createProgram(
      ["esm.mts", ...(isBundler ? [] : ["cjs.cts"])].map((name) => join(project, name)),
      {
        noEmit: true,
        strict: true,
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
        types: ["node"],
        typeRoots: [join(project, "node_modules/@types")],
        module: isBundler ? ts.ModuleKind.ESNext : ts.ModuleKind.Node16,
        moduleResolution: isBundler ? ts.ModuleResolutionKind.Bundler : ts.ModuleResolutionKind.Node16,
        skipLibCheck: true,
      },
    );
    const errors = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) =>
          `${relative(project, file?.fileName ?? "")} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      );
    const own = [
      expect.stringMatching(
        /^cjs\.cts Type '\(.*\) => Network' is not assignable to type 'string'/,
      ) as string,
      expect.stringMatching(/^esm\.mts Type 'number' is not assignable to type 'string'/) as string,
    ];
    expect(errors.sort()).toEqual(isBundler ? own.slice(1) : own);
  },
);

test.each(["residual", "residual-kernel"])("%s's package.json is as publint wants it", async (name) => {
  const { messages, pkg } = await publint({ pkgDir: join(project, "node_modules", name), pack: false });
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
});

test("residual's sideEffects names the files whose loading does more than declare", () => {
  const sources = readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !/^dist|\.(test|fixture|d)\.ts$/.test(name),
  );
  const acting = sources.filter((name) => {
    const text = readFileSync(join(root, "lib", name), "utf8");
    const { statements } = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
    return statements.some(
      (statement) =>
        ts.isExpressionStatement(statement) ||
        ts.isIfStatement(statement) ||
        ts.isForOfStatement(statement) ||
        (ts.isImportDeclaration(statement) && statement.importClause === undefined),
    );
  });
  const built = acting.flatMap((name) =>
    ["cjs", "esm"].map((kind) => `./dist/${kind}/${name.replace(/ts$/, "js")}`),
  );
  expect([...manifest.sideEffects].sort()).toEqual(built.sort());
  for (const path of manifest.sideEffects) expect(existsSync(join(root, "lib", path)), path).toBe(true);
});

test("residual, packed, brings its licence and the sample's, and no source map", () => {
  const files = execFileSync("find", [join(project, "node_modules/residual"), "-type", "f"], {
    encoding: "utf8",
  });
  expect(files).toMatch(/residual\/LICENSE$/m);
  expect(files).toMatch(/fashion-mnist-sample\/LICENSE$/m);
  expect(files).not.toMatch(/\.map$/m);
});

/** Starts the kernel that Jupyter finds by its name and gives what one cell printed. */
const ONE_CELL = `
import sys
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
specs = KernelSpecManager(kernel_dirs=[sys.argv[1]], ensure_native_kernel=False)
manager = KernelManager(kernel_name="residual", kernel_spec_manager=specs)
manager.start_kernel(cwd=sys.argv[2])
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)
client.execute_interactive(sys.argv[3], timeout=120, output_hook=lambda message: print(message["content"].get("text", ""), end=""))
client.stop_channels()
manager.shutdown_kernel()
`;

test("npx residual-kernel install registers the packed kernel, and a cell runs in it and finds residual", () => {
  const { dependencies } = JSON.parse(
    readFileSync(join(root, "kernel/package.json"), "utf8"),
  ) as typeof manifest;
  for (const name of Object.keys(dependencies)) {
    if (!existsSync(join(project, "node_modules", name))) link(name);
  }
  const prefix = join(project, "prefix");
  mkdirSync(prefix);
  const command = ["node_modules/residual-kernel/dist/command.cjs", "install", "--prefix", prefix];
  const installed = run(command);
  expect(installed.stdout, installed.stderr).toContain(
    `It runs ${join(project, "node_modules/residual-kernel")} with`,
  );
  expect(run(command).stdout).toContain("TypeScript (Residual) is already in");
  const cell = 'import { nn } from "residual";\nconst units: number = nn.cifarArchitecture({ depth: 20 }).units.length;\nconsole.log(units);'; // prettier-ignore
  const { stdout, stderr } = spawnSync(
    join(root, ".venv/bin/python"),
    ["-c", ONE_CELL, join(prefix, "share/jupyter/kernels"), project, cell],
    { cwd: project, encoding: "utf8" },
  );
  expect(stdout, stderr).toBe("9\n");
});
