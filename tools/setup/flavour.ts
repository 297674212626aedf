// Which TensorFlow this machine gets: for the processor, or with CUDA.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Problem, Unavailable } from "./problem";
import { writeWhole } from "./stamp";

/** A build of TensorFlow: `cuda` has the processor's kernels too. */
export type Flavour = "cpu" | "cuda";

/** What the choice depends on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: NodeJS.Architecture;
  /** The C library's version on Linux; undefined where it is not glibc (Alpine's musl). */
  readonly glibc: string | undefined;
  /** The NVIDIA driver's version, "unknown" where a GPU shows but not its driver's version, undefined without one. */
  readonly nvidiaDriver: string | undefined;
}

/** The choice, and its reason in a few words. */
export interface EngineChoice {
  readonly flavour: Flavour;
  readonly why: string;
  /** File in tools/setup/wheels that pins the wheels. */
  readonly pins: string;
}

/** CUDA 12 libraries need this driver on Linux, by NVIDIA's rule of minor version compatibility. */
const OLDEST_DRIVER = 525;
/** The wheels are manylinux_2_27. */
const OLDEST_GLIBC = [2, 27] as const;

/**
 * Picks the engine.
 *
 * @param wish what the user asked for now or earlier; undefined leaves it to the machine
 * @throws Unavailable where no wheel exists for this platform
 * @throws Problem where CUDA is asked for and cannot be had
 */
export function chooseEngine(machine: Machine, wish: Flavour | undefined): EngineChoice {
  const { platform, arch, glibc, nvidiaDriver } = machine;
  const place = `${platform}-${arch}`;
  if (!["linux-x64", "linux-arm64", "darwin-arm64"].includes(place)) {
    throw new Unavailable(
      `There is no TensorFlow wheel for ${place}, so the native backend is missing.`,
      "The slower wasm, webgpu and cpu backends serve; use Linux x64, Linux arm64 or a Mac with Apple silicon for the native one.",
    );
  }
  if (platform === "linux" && !isGlibcRecent(glibc)) {
    throw new Unavailable(
      `TensorFlow's wheels need glibc ${OLDEST_GLIBC.join(".")} or newer; this system has ${glibc ?? "another C library"}.`,
      "The slower wasm and cpu backends serve; use a current Debian, Ubuntu or Fedora for the native one.",
    );
  }
  if (wish === "cuda" && place !== "linux-x64") {
    throw new Problem(
      `TensorFlow with CUDA exists for Linux x64; this is ${place}.`,
      "Ask for --cpu instead.",
    );
  }
  const cpu = { flavour: "cpu", pins: `${place}-cpu.txt` } as const;
  const cuda = { flavour: "cuda", pins: "linux-x64-cuda.txt" } as const;
  if (wish !== undefined) return { ...(wish === "cpu" ? cpu : cuda), why: "as chosen" };
  if (nvidiaDriver === undefined) return { ...cpu, why: "no NVIDIA GPU found" };
  if (place !== "linux-x64") return { ...cpu, why: `no CUDA wheel exists for ${place}` };
  const major = Number.parseInt(nvidiaDriver, 10);
  if (major < OLDEST_DRIVER) {
    return {
      ...cpu,
      why: `NVIDIA driver ${nvidiaDriver} is older than ${OLDEST_DRIVER}, which CUDA 12 needs`,
    };
  }
  return { ...cuda, why: `NVIDIA driver ${nvidiaDriver}` };
}

function isGlibcRecent(version: string | undefined): boolean {
  if (version === undefined) return false;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST_GLIBC[0] || (major === OLDEST_GLIBC[0] && minor >= OLDEST_GLIBC[1]);
}

/** This machine. */
export function thisMachine(): Machine {
  const { platform, arch } = process;
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return {
    platform,
    arch: arch,
    glibc: header?.glibcVersionRuntime,
    nvidiaDriver: platform === "linux" ? nvidiaDriver() : undefined,
  };
}

function nvidiaDriver(): string | undefined {
  const proc = "/proc/driver/nvidia/version";
  if (existsSync(proc)) return driverVersion(readFileSync(proc, "utf8")) ?? "unknown";
  // Under Windows' subsystem for Linux only the program tells.
  const { status, stdout } = spawnSync(
    "nvidia-smi",
    ["--query-gpu=driver_version", "--format=csv,noheader"],
    {
      encoding: "utf8",
      timeout: 5_000,
    },
  );
  return status === 0 && stdout.trim() !== "" ? stdout.trim().split("\n")[0] : undefined;
}

/** The version in the text of /proc/driver/nvidia/version, as in "Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023". */
export function driverVersion(text: string): string | undefined {
  return /Kernel Module.*?\s(\d+\.\d+(?:\.\d+)?)\s/.exec(text)?.[1];
}

/** What the user asked for on the command line, or else earlier; remembered in `folder`. @throws Problem on contradictory options. */
export async function readWish(args: readonly string[], folder: string): Promise<Flavour | undefined> {
  const path = join(folder, "flavour");
  const asked = ["--gpu", "--cpu", "--auto"].filter((option) => args.includes(option));
  if (asked.length > 1) {
    throw new Problem(
      `Only one of --gpu, --cpu and --auto can hold; got ${asked.join(" and ")}.`,
      "Name one of them.",
    );
  }
  if (asked[0] === "--auto") rmSync(path, { force: true });
  if (asked[0] === "--gpu") await writeWhole(path, "cuda\n");
  if (asked[0] === "--cpu") await writeWhole(path, "cpu\n");
  if (!existsSync(path)) return undefined;
  const kept = readFileSync(path, "utf8").trim();
  return kept === "cpu" || kept === "cuda" ? kept : undefined;
}
