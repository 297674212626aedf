// What the measurements say: whether a GPU trains as the CPU does, and what to do where it does not run.
import { highest } from "../../lib/numeric";

/** Whether two engines' first losses are of the same training. */
export interface Agreement {
  readonly agrees: boolean;
  readonly because: string;
}

/** The first updates, in which rounding has not grown yet. */
const early = 5;
/**
 * How far apart losses of those may be, as a share. Matrix products in TF32, as NVIDIA's newer GPUs make them, are off by a thousandth; noise of a
 * thousandth on the images moves these losses by a hundredth of this, at the small rate at which they are measured.
 */
const earlyShare = 0.01;
/** Later, rounding has grown and each engine goes its own way to the same level: how far apart the means of the last ten may be. That noise moves them by 0.4 %. */
const lateShare = 0.05;

/**
 * Compares the losses of a GPU with a CPU's, update by update: the first ones must be nearly equal, and the last ten equally low. A wrong kernel shows in
 * the first ones, and a wrong gradient in the second at the latest, because its loss is of the updated weights.
 *
 * @throws RangeError if there are fewer than two, or not as many of both
 */
export function compareLosses(ours: readonly number[], cpu: readonly number[]): Agreement {
  if (ours.length !== cpu.length || cpu.length < 2)
    throw new RangeError(`two engines must have made as many updates, two at least; got ${ours.length} and ${cpu.length}`); // prettier-ignore
  const stray = ours.findIndex((loss) => !Number.isFinite(loss));
  if (stray >= 0) return { agrees: false, because: `the loss of update ${stray + 1} is ${ours[stray]!}` };
  const apart = ours.slice(0, early).map((loss, i) => Math.abs(loss - cpu[i]!) / Math.abs(cpu[i]!));
  const most = highest(apart);
  const first = `the first ${apart.length} losses are at most ${percent(most)} apart`;
  if (most > earlyShare)
    return { agrees: false, because: `${first}, the loss of update ${apart.indexOf(most) + 1}; ${percent(earlyShare)} is what rounding explains` }; // prettier-ignore
  if (ours.length < early + 10) return { agrees: true, because: first };
  const [level, cpuLevel] = [mean(ours.slice(-10)), mean(cpu.slice(-10))];
  const gap = Math.abs(level - cpuLevel) / cpuLevel;
  const last = `the last ten are ${level.toPrecision(3)} on average, on the CPU ${cpuLevel.toPrecision(3)}`;
  return { agrees: gap <= lateShare, because: `${first}, and ${last}` };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

/** What to do about a process that failed, by what it said last. */
const remedies: readonly [RegExp, string][] = [
  [/no NVIDIA GPU was found/, "nothing on a machine without one; else NVIDIA's driver, 525.60 or newer (nvidia-smi must show the GPU)"],
  [/does not use the NVIDIA GPU/, "npm run setup -- --gpu, then npm run doctor"],
  [/computes in software/, "nothing on a machine without a GPU; else its maker's Vulkan driver"],
  [/native engine is not installed|native engine does not load/, "npm run setup, or npm run setup -- --gpu for an NVIDIA GPU; then npm run doctor"],
  [/out of memory|OOM|RESOURCE_EXHAUSTED|ResourceExhausted/i, "close what else uses the GPU (nvidia-smi lists it), or train with a smaller batchSize"],
  [/cudnn|cublas|libcuda|CUDA_ERROR|no kernel image/i, "a driver for CUDA 12 (nvidia-smi must show 525.60 or newer), then npm run setup -- --gpu and npm run doctor"],
  [/package webgpu is not installed/, "npm install webgpu"],
  [/no GPU was found|libvulkan/, "a driver with Vulkan (apt-get install libvulkan1 mesa-vulkan-drivers, or NVIDIA's), or Metal on macOS"],
  [/driver does not answer|device (was |is )?lost|VK_ERROR/i, "a newer graphics driver; until then RESIDUAL_BACKEND=tensorflow"],
  [/ended by SIG/, "a newer graphics driver: it took the process with it; until then RESIDUAL_BACKEND=tensorflow"],
  [/no answer within/, "nothing else on the GPU, or a newer graphics driver; until then RESIDUAL_BACKEND=tensorflow"],
]; // prettier-ignore

/** @param problem what a process printed last, or how it ended */
export const remedyFor = (problem: string): string =>
  remedies.find(([pattern]) => pattern.test(problem))?.[1] ??
  "npm run doctor; if that is well, send the text below with the problem";
