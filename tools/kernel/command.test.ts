// The install command in folders of its own: what it writes, what it takes away, and what it refuses.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { explain, runCommand, type Surroundings } from "./command";
import { KERNELSPEC_FILES } from "./kernelspec";

const here = join(import.meta.dirname, "..", "..");
const all = [...KERNELSPEC_FILES].sort();
let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "residual-install-"));
});

afterEach(() => {
  rmSync(scratch, { recursive: true });
});

/** A folder with as much of the course as a kernelspec needs. */
function checkout(name: string): string {
  const root = join(scratch, name);
  for (const file of ["kernelspec.json", "logo/logo-svg.svg", "logo/logo-32x32.png", "logo/logo-64x64.png"]) {
    put(join(root, "kernel", file), readFileSync(join(here, "kernel", file)));
  }
  put(join(root, "kernel", "dist", "main.js"), "");
  return root;
}

function put(path: string, contents: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

function emptyFolder(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  return folder;
}

/** Runs the command and gives what it printed; a failure is given as people see it. */
async function kernel(args: string[], given: Partial<Surroundings> = {}): Promise<string> {
  const printed: string[] = [];
  const surroundings: Surroundings = {
    root: join(scratch, "course"),
    node: "/usr/bin/node",
    from: scratch,
    env: {},
    platform: "linux",
    home: join(scratch, "home"),
    print: (line) => printed.push(line),
    ...given,
  };
  await runCommand(args, surroundings).catch((error: unknown) => printed.push(explain(error)));
  return printed.join("\n");
}

const inPrefix = (prefix: string): string => join(prefix, "share", "jupyter", "kernels", "residual");

describe("npm run kernel -- install", () => {
  it("install --prefix writes a kernelspec that starts this checkout's kernel with this Node", async () => {
    const root = checkout("course");
    const prefix = emptyFolder("environment");
    const text = await kernel(["install", "--prefix", prefix]);
    expect(text).toContain(`TypeScript (Residual) is in ${inPrefix(prefix)}`);
    expect(readdirSync(inPrefix(prefix)).sort()).toEqual(all);
    const spec = JSON.parse(readFileSync(join(inPrefix(prefix), "kernel.json"), "utf8")) as {
      argv: string[];
      display_name: string;
    };
    expect(spec.display_name).toBe("TypeScript (Residual)");
    expect(spec.argv[0]).toBe("/usr/bin/node");
    expect(spec.argv.slice(-2)).toEqual([join(root, "kernel", "dist", "main.js"), "{connection_file}"]);
  });

  it("install again changes nothing and says so, and mends what is damaged", async () => {
    checkout("course");
    const prefix = emptyFolder("environment");
    await kernel(["install", "--prefix", prefix]);
    expect(await kernel(["install", "--prefix", prefix])).toBe(
      `TypeScript (Residual) is already in ${inPrefix(prefix)}`,
    );
    const path = join(inPrefix(prefix), "logo-svg.svg");
    writeFileSync(path, "");
    expect(await kernel(["install", "--prefix", prefix])).not.toContain("already");
    expect(readFileSync(path)).toEqual(readFileSync(join(here, "kernel", "logo", "logo-svg.svg")));
  });

  it.each([
    ["Linux", "linux", {}, "home/.local/share/jupyter"],
    ["Linux with XDG_DATA_HOME", "linux", { XDG_DATA_HOME: "xdg" }, "xdg/jupyter"],
    ["macOS", "darwin", { XDG_DATA_HOME: "xdg" }, "home/Library/Jupyter"],
    ["JUPYTER_DATA_DIR", "darwin", { JUPYTER_DATA_DIR: "own" }, "own"],
  ] as const)("install takes the account's folder where no prefix is named: %s", async (...row) => {
    const [, platform, named, place] = row;
    checkout("course");
    const env = Object.fromEntries(Object.entries(named).map(([name, path]) => [name, join(scratch, path)]));
    const folder = join(scratch, place, "kernels", "residual");
    for (const options of [[], ["--user"]]) {
      expect(await kernel(["install", ...options], { platform, env })).toContain(` in ${folder}`);
    }
    expect(readdirSync(folder).sort()).toEqual(all);
    expect(await kernel(["uninstall"], { platform, env })).toContain(`gone from ${folder}`);
  });

  it("install says which checkout's kernel it replaces", async () => {
    checkout("course");
    const prefix = emptyFolder("environment");
    await kernel(["install", "--prefix", prefix], { root: checkout("older") });
    expect(await kernel(["install", "--prefix", prefix])).toContain(
      `It replaces the kernel of ${join(scratch, "older")}.`,
    );
  });

  it("install refuses a folder that another kernel has, and leaves it as it is", async () => {
    checkout("course");
    const prefix = emptyFolder("environment");
    const path = join(inPrefix(prefix), "kernel.json");
    put(path, '{ "argv": ["python", "-m", "residual"], "display_name": "Residual analysis" }');
    expect(await kernel(["install", "--prefix", prefix])).toMatch(
      /must be free or hold a kernel of this course; got .*kernel\.json.*\n.*Move that folder away/,
    );
    expect(await kernel(["uninstall", "--prefix", prefix])).toMatch(/did not write/);
    expect(readFileSync(path, "utf8")).toContain("Residual analysis");
    expect(readdirSync(inPrefix(prefix))).toEqual(["kernel.json"]);
  });

  it("install goes on where it was stopped", async () => {
    checkout("course");
    const prefix = emptyFolder("environment");
    put(join(inPrefix(prefix), "logo-svg.svg"), "");
    put(join(inPrefix(prefix), "logo-32x32.png.77.partial"), "");
    expect(await kernel(["install", "--prefix", prefix])).toContain("is in");
    expect(await kernel(["uninstall", "--prefix", prefix])).toContain("is gone");
    expect(existsSync(inPrefix(prefix))).toBe(false);
  });

  it("install refuses where the kernel is not built, before it writes anything", async () => {
    const root = checkout("course");
    rmSync(join(root, "kernel", "dist"), { recursive: true });
    const prefix = emptyFolder("environment");
    expect(await kernel(["install", "--prefix", prefix])).toMatch(
      /must be built before it is installed; there is no .*main\.js\.\n.*npm run setup/,
    );
    expect(readdirSync(prefix)).toEqual([]);
  });

  it("install names a prefix that it cannot write, and why", async () => {
    checkout("course");
    const prefix = emptyFolder("environment");
    writeFileSync(join(prefix, "share"), "a file where a folder should be");
    expect(await kernel(["install", "--prefix", prefix])).toMatch(
      /must be a folder that you may write; got (ENOTDIR|EEXIST) from the system\.\n.*--prefix/,
    );
  });

  it.each([
    [["install", "--prefix", "nowhere"], /--prefix must be the folder of a Python .*; got .*nowhere, which/],
    [["install", "--user", "--prefix", "."], /--user and --prefix exclude each other/],
    [["install", "--sys-prefix"], /Unknown option '--sys-prefix'[^]*--help/],
    [["install", "uninstall"], /must be install, uninstall or spec; got install uninstall/],
    [["instal"], /must be install, uninstall or spec; got instal\./],
    [[], /must be install, uninstall or spec; got nothing/],
  ])("%j is refused with the rule and the remedy", async (args, message) => {
    checkout("course");
    const before = readdirSync(scratch);
    const text = await kernel(args);
    expect(text).toMatch(message);
    expect(text.split("\n").length).toBeGreaterThan(1);
    expect(readdirSync(scratch)).toEqual(before);
  });
});

describe("npm run kernel -- uninstall", () => {
  it("uninstall takes away what install wrote, and nothing else", async () => {
    checkout("course");
    const prefix = emptyFolder("environment");
    const neighbour = join(prefix, "share", "jupyter", "kernels", "tslab", "kernel.json");
    put(neighbour, "{}");
    await kernel(["install", "--prefix", prefix]);
    expect(await kernel(["uninstall", "--prefix", prefix])).toBe(
      `TypeScript (Residual) is gone from ${inPrefix(prefix)}`,
    );
    expect(existsSync(inPrefix(prefix))).toBe(false);
    expect(existsSync(neighbour)).toBe(true);
    expect(await kernel(["uninstall", "--prefix", prefix])).toContain("nothing to do");
  });

  it("uninstall leaves a file that somebody put beside its own, and names it", async () => {
    checkout("course");
    const prefix = emptyFolder("environment");
    await kernel(["install", "--prefix", prefix]);
    const notes = join(inPrefix(prefix), "kernel.js");
    writeFileSync(notes, "mine");
    expect(await kernel(["uninstall", "--prefix", prefix])).toContain(`Left ${notes}`);
    expect(readdirSync(inPrefix(prefix))).toEqual(["kernel.js"]);
  });

  it("uninstall leaves the kernel of another checkout, unless that checkout is gone", async () => {
    checkout("course");
    const other = checkout("other");
    const prefix = emptyFolder("environment");
    await kernel(["install", "--prefix", prefix], { root: other });
    expect(await kernel(["uninstall", "--prefix", prefix])).toContain(
      `Only this checkout's kernel is taken away; got that of ${other}.`,
    );
    expect(readdirSync(inPrefix(prefix)).sort()).toEqual(all);
    rmSync(other, { recursive: true });
    expect(await kernel(["uninstall", "--prefix", prefix])).toContain("is gone");
  });
});

describe("npm run kernel -- spec", () => {
  it("spec prints what install writes", async () => {
    checkout("course");
    const prefix = emptyFolder("environment");
    const spec = await kernel(["spec"]);
    await kernel(["install", "--prefix", prefix]);
    expect(spec).toBe(readFileSync(join(inPrefix(prefix), "kernel.json"), "utf8").trimEnd());
  });
});

describe("npm run kernel -- --help", () => {
  it("--help names every command and option", async () => {
    const text = await kernel(["--help"]);
    for (const name of ["install", "uninstall", "spec", "--user", "--prefix DIR", "--help"])
      expect(text).toContain(name);
  });
});
