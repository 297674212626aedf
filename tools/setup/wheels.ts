// The wheels that carry TensorFlow's C library (and NVIDIA's): pinned by hash, fetched, unpacked one at a time.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { requireFreeSpace } from "./disk";
import { Problem } from "./problem";
import { pythonEnv } from "./python";
import type { StepContext } from "./step";
import { fingerprint, writeWhole } from "./stamp";
import { fetchWheel } from "./wheel-file";

/** One pinned wheel. */
export interface Pin {
  readonly name: string;
  readonly version: string;
  /** The whole line of the pins file. */
  readonly line: string;
}

/** Reads a pins file: `name==version --hash=sha256:…` a line, and comments. @throws Error on a line without a hash. */
export function readPins(text: string): Pin[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const match = /^([a-z0-9-]+)==([0-9.]+) --hash=sha256:[0-9a-f]{64}$/.exec(line);
    if (match === null)
      throw new Error(`A pin must read name==version --hash=sha256:<64 digits>; got ${line}`);
    return { name: match[1]!, version: match[2]!, line };
  });
}

/** What pip calls this platform, newest tag first. */
export function platformTags(platform: NodeJS.Platform, arch: NodeJS.Architecture): string[] {
  if (platform === "darwin") return [`macosx_12_0_${arch}`];
  const machine = arch === "arm64" ? "aarch64" : "x86_64";
  return ["manylinux_2_28", "manylinux_2_27", "manylinux_2_25", "manylinux2014"].map(
    (tag) => `${tag}_${machine}`,
  );
}

/** Room for one wheel and what comes out of it, with some to spare. */
const BYTES_PER_WHEEL = 2.5e9;

/** Brings each pinned wheel's content into `folder`; one that is there, whole, is kept. */
export async function unpackWheels(
  pins: readonly Pin[],
  folder: string,
  context: StepContext,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [index, pin] of pins.entries()) {
    if (wheelDamage(pin, folder) === undefined) continue;
    rmSync(manifestPath(pin, folder), { force: true });
    requireFreeSpace(folder, BYTES_PER_WHEEL, `${pin.name} ${pin.version}`);
    await unpackWheel(pin, folder, context, pins.length === 1 ? "" : `${index + 1} of ${pins.length}: `);
  }
}

async function unpackWheel(pin: Pin, folder: string, context: StepContext, prefix: string): Promise<void> {
  const { root, python, run, detail, diagnose } = context;
  const downloads = join(root, ".setup", "downloads");
  const says = (text: string): void => {
    detail(`${prefix}${pin.name}, ${text}`);
  };
  let wheel: string;
  try {
    wheel = await fetchWheel({
      name: pin.name,
      sha256: /[0-9a-f]{64}$/.exec(pin.line)![0],
      folder: downloads,
      python,
      run,
      onBytes: (bytes) => {
        says(`${(bytes / 1e6).toFixed(0)} MB so far`);
      },
    });
  } catch (error) {
    // pip knows more ways to a file: folders, several indexes, certificates, keyrings. What it cannot do is go on where it stopped.
    says(`by pip, because ${(error as Error).message}`);
    wheel = await downloadByPip(pin, context, says);
  }
  says("unpacking");
  const script = join(__dirname, "unpack_wheel.py");
  const unpack = await run(python, [script, wheel, folder, manifestPath(pin, folder)], {
    cwd: root,
    env: pythonEnv(),
  });
  if (unpack.status !== 0) {
    throw (
      diagnose(unpack.output, `${pin.name} ${pin.version}`) ??
      new Problem(
        `${basename(wheel)} could not be unpacked.`,
        "Read the end of .setup/setup.log, then run the command again.",
      )
    );
  }
  for (const done of [downloads, dirname(wheel)]) rmSync(done, { recursive: true, force: true });
}

/** Has pip fetch the wheel; gives its path. */
async function downloadByPip(
  pin: Pin,
  { root, python, run, diagnose }: StepContext,
  says: (text: string) => void,
): Promise<string> {
  const unfinished = join(root, ".setup", "unfinished");
  const wheels = join(unfinished, "wheels");
  const scratch = join(unfinished, "pip");
  mkdirSync(wheels, { recursive: true });
  mkdirSync(scratch, { recursive: true });
  const pinned = join(unfinished, "wheel.txt");
  await writeWhole(pinned, `${pin.line}\n`);
  const tags = platformTags(process.platform, process.arch);
  const watch = setInterval(() => {
    says(`${(bytesIn(unfinished) / 1e6).toFixed(0)} MB so far`);
  }, 500);
  try {
    const download = await run(
      python,
      [
        ...[
          "-m",
          "pip",
          "download",
          "--no-deps",
          "--only-binary=:all:",
          "--require-hashes",
          "--no-cache-dir",
        ],
        ...["--implementation", "cp", "--python-version", "311", "--abi", "cp311", "--abi", "none"],
        ...tags.flatMap((tag) => ["--platform", tag]),
        ...[
          "--disable-pip-version-check",
          "--progress-bar",
          "off",
          "--dest",
          wheels,
          "--requirement",
          pinned,
        ],
      ],
      { cwd: root, env: { ...pythonEnv(), TMPDIR: scratch } },
    );
    if (download.status !== 0) {
      throw (
        diagnose(download.output, `${pin.name} ${pin.version}`) ??
        new Problem(
          `pip could not fetch ${pin.name} ${pin.version}.`,
          "Read the end of .setup/setup.log, then run the command again.",
        )
      );
    }
  } finally {
    clearInterval(watch);
  }
  const wheel = readdirSync(wheels).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) throw new Error(`pip download reported success and left no wheel in ${wheels}`);
  return join(wheels, wheel);
}

/** What is wrong with a wheel's content in `folder`: the list of its files is absent, or one of them is, or has another size. */
export function wheelDamage(pin: Pin, folder: string): string | undefined {
  const manifest = manifestPath(pin, folder);
  if (!existsSync(manifest)) return `${pin.name} is not unpacked`;
  const files = JSON.parse(readFileSync(manifest, "utf8")) as Record<string, number>;
  for (const [name, bytes] of Object.entries(files)) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stat?.size !== bytes) return `${name} is ${stat === undefined ? "gone" : "not whole"}`;
  }
  return undefined;
}

function manifestPath(pin: Pin, folder: string): string {
  // What is taken out of a wheel depends on the script, too.
  const recipe = readFileSync(join(__dirname, "unpack_wheel.py"));
  return join(folder, `${pin.name}-${fingerprint(pin.line, recipe).slice(0, 12)}.json`);
}

function bytesIn(folder: string): number {
  let total = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stat?.isFile() === true) total += stat.size;
  }
  return total;
}
