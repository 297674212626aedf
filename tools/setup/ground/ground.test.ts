// The plain JavaScript under setup: Node's version, known failures, npm's packages, progress lines.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeVersionProblem, platformProblem } from "./node-version.mjs";
import { installNpmPackages, npmCache, npmPackagesMissing } from "./npm-packages.mjs";
import { diagnose, diskProblem } from "./problem.mjs";
import { processRunner, type Run } from "./processes.mjs";
import { progressLines } from "./progress.mjs";

// Without types of its own.
const { satisfies } = createRequire(import.meta.url)("semver") as {
  readonly satisfies: (version: string, range: string) => boolean;
};

describe("nodeVersionProblem()", () => {
  it.each(["20.19.0", "20.20.2", "22.0.0", "23.11.1", "24.99.0"])("accepts %s", (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(["18.20.8", "20.18.3", "25.0.0", "19.19.0", "nonsense"])("refuses %s and names it", (version) => {
    expect(nodeVersionProblem(version)?.message).toContain(version);
  });
});

describe("platformProblem()", () => {
  it.each(["linux", "darwin"])("accepts %s", (platform) => {
    expect(platformProblem(platform)).toBeUndefined();
  });

  it("refuses Windows, and names both ways to go", () => {
    expect(platformProblem("win32")?.remedy).toMatch(/wsl --install.*docs\/containers\.md/);
  });
});

describe("diagnose()", () => {
  it.each([
    ["npm error code ENOTFOUND\nnpm error network request to https://mirror.example/x failed", "network"],
    ["WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError('...')'", "network"],
    ["npm error code EINTEGRITY\nnpm error sha512-aa integrity checksum failed", "hash differs"],
    ["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "hash differs"],
    [
      "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
      "disk filled up",
    ],
  ])("reads %j", (output, reason) => {
    const found = diagnose(output, "the packages");
    expect(found?.message).toContain(reason);
    expect(found?.message).toContain("the packages");
    expect(found?.remedy).not.toBe("");
  });

  it("says nothing about what it does not know", () => {
    expect(diagnose("npm error something else", "the packages")).toBeUndefined();
  });
});

describe("diskProblem()", () => {
  const failed = (code: string) => Object.assign(new Error("write"), { code, path: "/course/file" });

  it("knows a full disk and a used quota, and nothing else", () => {
    expect(diskProblem(failed("ENOSPC"))?.message).toBe("The disk is full (while writing /course/file).");
    expect(diskProblem(failed("EDQUOT"))?.message).toContain("no more of this disk");
    expect(diskProblem(failed("EACCES"))).toBeUndefined();
    expect(diskProblem(new Error("No space left on device"))).toBeUndefined();
  });
});

describe("processRunner()", () => {
  it.runIf(existsSync("/dev/full"))("gives what a program said although its log has no room", async () => {
    const { run } = processRunner({ logFile: "/dev/full" });
    expect(await run("echo", ["No space left on device"])).toEqual({
      status: 0,
      output: "No space left on device\n",
    });
  });
});

describe("npmCache()", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "residual-home-"));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  it("leaves npm its own folder, or the one that it was told", () => {
    expect(npmCache("/course", {}, home)).toEqual({});
    expect(npmCache("/course", { npm_config_cache: join(home, "mine") }, home)).toEqual({});
  });

  it("is the course's where the home lets nothing be made in it", () => {
    const own = { npm_config_cache: "/course/.setup/npm-cache" };
    // A file in a folder's place refuses everybody, root too.
    writeFileSync(join(home, "file"), "");
    expect(npmCache("/course", {}, join(home, "file"))).toEqual(own);
    expect(npmCache("/course", { npm_config_cache: join(home, "file", "a") }, home)).toEqual(own);
  });
});

describe("npm packages", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "residual-npm-"));
    lock("package-lock.json", {
      "": {},
      "node_modules/a": { version: "1.0.0" },
      "node_modules/mac": { version: "1.0.0", optional: true },
    });
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function put(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  function lock(path: string, packages: object): void {
    put(path, JSON.stringify({ packages }));
  }
  function install(version = "1.0.0"): void {
    put("node_modules/a/package.json", "{}");
    lock("node_modules/.package-lock.json", { "node_modules/a": { version } });
  }

  it("npmPackagesMissing() accepts a full installation without another platform's optional package", () => {
    install();
    expect(npmPackagesMissing(root)).toBeUndefined();
  });

  it("npmPackagesMissing() sees an empty folder, another version and a package that lost its files", () => {
    expect(npmPackagesMissing(root)).toContain("absent");
    install("0.9.0");
    expect(npmPackagesMissing(root)).toContain("another version");
    install();
    rmSync(join(root, "node_modules/a/package.json"));
    expect(npmPackagesMissing(root)).toContain("incomplete");
  });

  it("installNpmPackages() that failed counts as unfinished even where the folder looks whole", async () => {
    install();
    const fails = (): Promise<{ status: number; output: string }> =>
      Promise.resolve({ status: 1, output: "npm error code EAI_AGAIN" });
    await expect(installNpmPackages(root, fails, () => undefined)).rejects.toThrow("network");
    expect(npmPackagesMissing(root)).toContain("did not finish");
    const works = (): Promise<{ status: number; output: string }> =>
      Promise.resolve({ status: 0, output: "" });
    await installNpmPackages(root, works, () => undefined);
    expect(npmPackagesMissing(root)).toBeUndefined();
  });

  it("installNpmPackages() tells of a full disk where npm only warns of it and ends well", async () => {
    const output =
      "npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write\nadded 2 packages in 3s\n";
    const full: Run = () => Promise.resolve({ status: 0, output });
    await expect(installNpmPackages(root, full, () => undefined)).rejects.toThrow("disk filled up");
    const odd: Run = () => Promise.resolve({ status: 0, output: "" });
    await expect(installNpmPackages(root, odd, () => undefined)).rejects.toThrow("npm ci ended well, but");
  });

  it("installNpmPackages() tells what npm does, and not what it warns of", async () => {
    const told: string[] = [];
    const lines = [
      "npm warn EBADENGINE Unsupported engine {",
      "npm WARN deprecated a@1.0.0: old",
      "npm notice New major version of npm available!",
      "added 2 packages in 3s",
    ];
    install();
    const works: Run = (_command, _args, options) => {
      for (const line of lines) options?.onLine?.(line);
      return Promise.resolve({ status: 0, output: "" });
    };
    await installNpmPackages(root, works, (detail) => told.push(detail));
    expect(told).toEqual(["added 2 packages in 3s"]);
  });

  it("every locked package accepts the oldest Node of each line that the course's own packages accept", () => {
    const text = readFileSync(join(import.meta.dirname, "../../../package-lock.json"), "utf8");
    const { packages } = JSON.parse(text) as { packages: Record<string, { engines?: { node?: string } }> };
    // Of 22 the linter and the tests want 22.13; what runs the course takes any.
    const refusals = ["20.19.0", "22.13.0", "24.0.0"].flatMap((version) =>
      Object.entries(packages).flatMap(([path, { engines }]) =>
        engines?.node === undefined || satisfies(version, engines.node)
          ? []
          : [`${path} asks for Node ${engines.node}, and ${version} is promised`],
      ),
    );
    expect(refusals).toEqual([]);
    expect(Object.keys(packages).length).toBeGreaterThan(300);
  });

  it("installNpmPackages() does not believe a success that left packages out", async () => {
    const lies = (): Promise<{ status: number; output: string }> =>
      Promise.resolve({ status: 0, output: "" });
    await expect(installNpmPackages(root, lies, () => undefined)).rejects.toThrow("node_modules is absent");
  });
});

describe("progressLines()", () => {
  it("counts the steps and leaves one line for each where nobody watches", async () => {
    let text = "";
    const progress = progressLines({ total: 2, stream: { write: (part) => (text += part) }, now: () => 0 });
    progress.ready("first");
    await progress.step("second", "not there yet", () => Promise.resolve());
    expect(text).toBe("[1/2] first: ready\n[2/2] second (not there yet) ...\n[2/2] second ... done in 0 s\n");
  });

  it("ends its line before an error is printed", async () => {
    let text = "";
    const progress = progressLines({ total: 1, stream: { isTTY: true, write: (part) => (text += part) } });
    await expect(progress.step("only", "", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(text.endsWith("\n")).toBe(true);
  });
});
