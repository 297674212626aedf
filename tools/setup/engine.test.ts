// The engine's choice, wheels, compiler and binding: real pip, real files, a stand-in for the compiler.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findCompiler } from "./compiler";
import { freeBytes, requireFreeSpace } from "./disk";
import { bindingStep } from "./engine";
import { chooseEngine, driverVersion, readWish, type EngineChoice, type Machine } from "./flavour";
import { diagnose } from "./ground/problem.mjs";
import { processRunner, type Run } from "./ground/processes.mjs";
import { Problem, Unavailable } from "./problem";
import { blobName } from "./patch";
import { findPython } from "./python";
import { platformTags, readPins, unpackWheels, wheelDamage } from "./wheels";

const { run } = processRunner();
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "residual-engine-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(path: string, text: string, mode = 0o644): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  chmodSync(full, mode);
  return full;
}

describe("chooseEngine()", () => {
  const linux: Machine = { platform: "linux", arch: "x64", glibc: "2.36", nvidiaDriver: undefined };
  const flavour = (machine: Partial<Machine>, wish?: "cpu" | "cuda"): string =>
    chooseEngine({ ...linux, ...machine }, wish).pins;

  it("takes CUDA where a driver that CUDA 12 accepts is found, and the processor elsewhere", () => {
    expect(flavour({})).toBe("linux-x64-cpu.txt");
    expect(flavour({ nvidiaDriver: "535.104.05" })).toBe("linux-x64-cuda.txt");
    expect(flavour({ nvidiaDriver: "unknown" })).toBe("linux-x64-cuda.txt");
    expect(flavour({ nvidiaDriver: "470.82.01" })).toBe("linux-x64-cpu.txt");
    expect(flavour({ arch: "arm64", nvidiaDriver: "550.1" })).toBe("linux-arm64-cpu.txt");
    expect(flavour({ platform: "darwin", arch: "arm64", glibc: undefined })).toBe("darwin-arm64-cpu.txt");
  });

  it("follows a wish, where it can be had", () => {
    expect(flavour({ nvidiaDriver: "550.1" }, "cpu")).toBe("linux-x64-cpu.txt");
    expect(flavour({}, "cuda")).toBe("linux-x64-cuda.txt");
    expect(() => flavour({ platform: "darwin", arch: "arm64" }, "cuda")).toThrow("Linux x64");
  });

  it("says where no wheel exists: other processors, musl, an old glibc", () => {
    expect(() => flavour({ arch: "ia32" })).toThrow(Unavailable);
    expect(() => flavour({ glibc: undefined })).toThrow("another C library");
    expect(() => flavour({ glibc: "2.17" })).toThrow("2.17");
    expect(() => flavour({ platform: "win32" })).toThrow(Unavailable);
  });

  it("driverVersion() reads both forms of NVIDIA's file", () => {
    const proprietary =
      "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023\n";
    const open = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build\n";
    expect([driverVersion(proprietary), driverVersion(open)]).toEqual(["535.104.05", "570.86.15"]);
  });

  it("readWish() remembers a choice until --auto", async () => {
    expect(await readWish([], root)).toBeUndefined();
    expect(await readWish(["--gpu"], root)).toBe("cuda");
    expect(await readWish([], root)).toBe("cuda");
    expect(await readWish(["--auto"], root)).toBeUndefined();
    expect(await readWish([], root)).toBeUndefined();
    await expect(readWish(["--gpu", "--cpu"], root)).rejects.toThrow("--gpu and --cpu");
  });
});

describe("readPins()", () => {
  it("reads every pins file of the course, TensorFlow first and of one version", () => {
    for (const name of ["linux-x64-cpu", "linux-x64-cuda", "linux-arm64-cpu", "darwin-arm64-cpu"]) {
      const [first] = readPins(readFileSync(join(import.meta.dirname, "wheels", `${name}.txt`), "utf8"));
      expect([first?.name.replace("-cpu", ""), first?.version]).toEqual(["tensorflow", "2.21.0"]);
    }
  });

  it("refuses a pin without a hash", () => {
    expect(() => readPins("tensorflow==2.21.0")).toThrow("tensorflow==2.21.0");
  });
});

describe("unpackWheels()", () => {
  const files = {
    "tensorflow/libtensorflow_cc.so.2": "library",
    "tensorflow/include/tensorflow/c/c_api.h": "header",
    "tensorflow/x.py": "no",
  };

  /** A wheel that pip accepts, in a folder that pip is told to search instead of its index; the result is its SHA-256. */
  function wheel(): string {
    const info = "engine_part-1.0.0.dist-info";
    put(
      "wheel.json",
      JSON.stringify({
        ...files,
        [`${info}/METADATA`]: "Metadata-Version: 2.1\nName: engine-part\nVersion: 1.0.0\n",
        [`${info}/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        [`${info}/RECORD`]: "",
      }),
    );
    const path = join(root, "index", "engine_part-1.0.0-py3-none-any.whl");
    mkdirSync(dirname(path));
    const script =
      "import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[2], 'w') as z:\n for k, v in json.load(open(sys.argv[1])).items(): z.writestr(k, v)";
    spawnSync("python3", ["-c", script, join(root, "wheel.json"), path]);
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  }

  function context(own: Run = run): Parameters<typeof unpackWheels>[2] {
    const offline: Run = (command, args, options = {}) =>
      own(command, args, {
        ...options,
        env: {
          ...options.env,
          PIP_CONFIG_FILE: "/dev/null",
          PIP_NO_INDEX: "1",
          PIP_FIND_LINKS: join(root, "index"),
        },
      });
    return { root, python: join(root, ".venv/bin/python"), run: offline, detail: () => undefined, diagnose };
  }

  beforeEach(() => {
    // Not a link: Python finds its packages from the path it was started by.
    put(
      ".venv/bin/python",
      `#!/bin/sh\nexec ${join(import.meta.dirname, "../../.venv/bin/python")} "$@"\n`,
      0o755,
    );
  });

  it("unpacks what the engine needs, keeps it, and brings it back when a file is cut short", async () => {
    const pins = readPins(`engine-part==1.0.0 --hash=sha256:${wheel()}`);
    const folder = join(root, "engine");
    await unpackWheels(pins, folder, context());
    expect(readFileSync(join(folder, "tensorflow/libtensorflow_cc.so.2"), "utf8")).toBe("library");
    expect(existsSync(join(folder, "tensorflow/x.py"))).toBe(false);
    expect(wheelDamage(pins[0]!, folder)).toBeUndefined();
    const forbidden: Run = () => Promise.reject(new Error("nothing was to be run"));
    await unpackWheels(pins, folder, context(forbidden));
    truncateSync(join(folder, "tensorflow/libtensorflow_cc.so.2"), 3);
    expect(wheelDamage(pins[0]!, folder)).toContain("not whole");
    await unpackWheels(pins, folder, context());
    expect(wheelDamage(pins[0]!, folder)).toBeUndefined();
  });

  it("refuses a wheel whose hash is not the pinned one, and leaves nothing", async () => {
    wheel();
    const pins = readPins(`engine-part==1.0.0 --hash=sha256:${"0".repeat(64)}`);
    const folder = join(root, "engine");
    await expect(unpackWheels(pins, folder, context())).rejects.toThrow("hash differs");
    expect(wheelDamage(pins[0]!, folder)).toContain("not unpacked");
    expect(existsSync(join(folder, "tensorflow"))).toBe(false);
  });

  it("platformTags() names the platform as pip does", () => {
    expect(platformTags("linux", "arm64")).toContain("manylinux_2_27_aarch64");
    expect(platformTags("darwin", "arm64")).toEqual(["macosx_12_0_arm64"]);
  });
});

describe("bindingStep()", () => {
  const choice: EngineChoice = { flavour: "cpu", why: "", pins: "pins.txt" };
  let compilations: number;
  let compiled: string;
  /** Stands for g++ (writes its output file) and for the node that loads the result. */
  const compiler: Run = (_command, args) => {
    const output = args.indexOf("-o");
    if (output >= 0) {
      compilations += 1;
      compiled = readFileSync(args[0]!, "utf8");
      writeFileSync(args[output + 1]!, "binding");
    }
    return Promise.resolve({ status: 0, output: "TensorFlow 9.9.9" });
  };
  /** A patch that turns a binding of one line into another. */
  const putPatch = (before: string, after: string): string =>
    put(
      "tools/setup/binding/functions.patch",
      [
        "diff --git a/tfjs_binding.cc b/tfjs_binding.cc",
        `index ${blobName(`${before}\n`)}..${blobName(`${after}\n`)} 100644`,
        "--- a/tfjs_binding.cc\n+++ b/tfjs_binding.cc\n@@ -1 +1 @@",
        `-${before}\n+${after}\n`,
      ].join("\n"),
    );
  const make = (): Promise<void> =>
    bindingStep(root, choice).make({ root, python: "", run: compiler, detail: () => undefined, diagnose });

  beforeEach(() => {
    compilations = 0;
    put("tools/setup/wheels/pins.txt", `tensorflow-cpu==9.9.9 --hash=sha256:${"0".repeat(64)}\n`);
    put("node_modules/@tensorflow/tfjs-node-gpu/binding/tfjs_binding.cc", "// source\n");
    putPatch("// source", "// patched");
    put("node_modules/node-api-headers/include/node_api.h", "// header");
    mkdirSync(join(root, ".engine/cpu-9.9.9"), { recursive: true });
  });

  it("compiles, links, and after npm has wiped the link only links", async () => {
    const link = join(root, "node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node");
    await make();
    expect(readlinkSync(link)).toBe(join(root, ".engine/cpu-9.9.9/tfjs_binding.node"));
    expect(readlinkSync(join(root, ".engine/tfjs_binding.node"))).toBe(readlinkSync(link));
    rmSync(link);
    expect(bindingStep(root, choice).damage()).toContain("not linked");
    await make();
    expect(bindingStep(root, choice).damage()).toBeUndefined();
    expect(compilations).toBe(1);
  });

  it("compiles the patched source, outside node_modules", async () => {
    await make();
    expect(compiled).toBe("// patched\n");
    const source = join(root, "node_modules/@tensorflow/tfjs-node-gpu/binding/tfjs_binding.cc");
    expect(readFileSync(source, "utf8")).toBe("// source\n");
  });

  it("fails and compiles nothing when the patch does not fit the source", async () => {
    put("node_modules/@tensorflow/tfjs-node-gpu/binding/tfjs_binding.cc", "// another version\n");
    await expect(make()).rejects.toThrow(Problem);
    await expect(make()).rejects.toThrow(
      /functions.patch does not fit the sources .*: tfjs_binding.cc is not the file that the patch was made from/,
    );
    expect(compilations).toBe(0);
  });

  it("compiles again when the source or the patch changed or the binding is cut short", async () => {
    await make();
    putPatch("// source", "// patched otherwise");
    expect(bindingStep(root, choice).damage()).toContain("other sources");
    await make();
    put("node_modules/@tensorflow/tfjs-node-gpu/binding/tfjs_binding.cc", "// changed\n");
    putPatch("// changed", "// patched");
    expect(bindingStep(root, choice).damage()).toContain("other sources");
    await make();
    truncateSync(join(root, ".engine/cpu-9.9.9/tfjs_binding.node"), 1);
    expect(bindingStep(root, choice).damage()).toContain("not whole");
    await make();
    expect(compilations).toBe(4);
  });

  it("does not link a binding that loads another TensorFlow", async () => {
    const other: Run = async (command, args) => ({
      ...(await compiler(command, args)),
      output: "TensorFlow 1.0.0",
    });
    const step = bindingStep(root, choice);
    await expect(
      step.make({ root, python: "", run: other, detail: () => undefined, diagnose }),
    ).rejects.toThrow("9.9.9");
    expect(step.damage()).toBeDefined();
  });

  it("removes earlier versions of the same flavour and leaves the other one", async () => {
    put(".engine/cpu-8.0.0/old", "");
    put(".engine/cuda-8.0.0/other", "");
    await make();
    expect(existsSync(join(root, ".engine/cpu-8.0.0"))).toBe(false);
    expect(existsSync(join(root, ".engine/cuda-8.0.0"))).toBe(true);
  });
});

describe("what a machine may lack", () => {
  it("findCompiler() names the remedy where the PATH holds no compiler", async () => {
    const found = findCompiler({ run, env: { PATH: root } });
    await expect(found).rejects.toThrow(Unavailable);
    await expect(found).rejects.toThrow("No C++ compiler");
  });

  it("findPython() says that there is none", async () => {
    await expect(findPython({ run, env: { PATH: root } })).rejects.toThrow("found none");
  });

  it("findPython() names one that is too old, and one without venv", async () => {
    put("python3", "#!/bin/sh\necho 3.9.2\necho venv\n", 0o755);
    await expect(findPython({ run, env: { PATH: root } })).rejects.toThrow("python3 is 3.9.2");
    put("python3.12", "#!/bin/sh\necho 3.12.1\necho No module named ensurepip >&2\nexit 1\n", 0o755);
    const found = findPython({ run, env: { PATH: root } });
    await expect(found).rejects.toThrow("venv module is missing");
    await expect(found).rejects.toMatchObject({ remedy: expect.stringContaining("python3-venv") as string });
  });

  it("findPython() passes an old one for a newer one under another name", async () => {
    put("python3", "#!/bin/sh\necho 3.9.2\necho venv\n", 0o755);
    const newer = put("python3.11", "#!/bin/sh\necho 3.11.4\necho venv\n", 0o755);
    expect(await findPython({ run, env: { PATH: root } })).toEqual({ path: newer, version: "3.11.4" });
  });

  it("requireFreeSpace() names what needs how much and what there is", () => {
    expect(() => {
      requireFreeSpace(root, 2e9, "the engine", 5e8);
    }).toThrow(/the engine needs 2.0 GB .* has 0.5 GB/);
    expect(() => {
      requireFreeSpace(root, 1, "the engine");
    }).not.toThrow(Problem);
    expect(freeBytes(root)).toBeGreaterThan(0);
  });
});
