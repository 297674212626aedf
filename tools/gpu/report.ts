// The text of `npm run gpu`: what was found and measured, and what to do; made to be sent to somebody who was not there.
import { cpus, totalmem } from "node:os";
import { formatBytes, formatSeconds } from "../notebooks/duration";
import type { About, Speed } from "./task";
import { remedyFor, type Agreement } from "./verdict";

/** A network whose speed was measured, by its depth. */
export interface Timed extends Speed {
  readonly depth: number;
}

/** What one engine came to. */
export interface EngineReport {
  readonly title: string;
  readonly about?: About;
  /** Why it computes on no GPU, or where it failed. */
  readonly problem?: string;
  readonly agreement?: Agreement;
  readonly speeds: readonly Timed[];
}

/** All that was found. */
export interface Findings {
  readonly gpus: readonly EngineReport[];
  readonly cpu: EngineReport;
  /** The test of WebGPU on a driver in software, where there is no GPU; `null` where there is no such driver either. */
  readonly software?: EngineReport | null;
}

/** The column of the titles. */
const width = 18;

/** The updates of the papers' schedule on CIFAR-10, at 128 images each, which is chapter 06's full setting too. */
const paperSteps = 64_000;

/** True if a GPU was found and all GPUs that were found train as the CPU does; where there is none, if the driver in software does. */
export function isWell({ gpus, software }: Findings): boolean {
  const tested = [...gpus.filter(({ about }) => about?.isGpu), ...(software ? [software] : [])];
  return tested.every(({ agreement, problem }) => agreement?.agrees === true && problem === undefined);
}

/** The whole report. */
export function reportText(findings: Findings): string {
  const { gpus, cpu, software } = findings;
  const found = gpus.filter(({ about }) => about?.isGpu);
  const lines = [
    found.length > 0
      ? `GPU by ${found.map(({ title, about }) => `${title}: ${about!.device}`).join("; ")}`
      : "No GPU: nothing was measured on one",
    "",
  ];
  for (const report of [...gpus, cpu]) lines.push(textOf(report));
  if (software === null)
    lines.push(`${"Self-test".padEnd(width)} not run: it needs a Vulkan driver in software (apt-get install chromium or mesa-vulkan-drivers)`); // prettier-ignore
  else if (software) lines.push(textOf(software));
  lines.push("", `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${formatBytes(totalmem())} memory`); // prettier-ignore
  const versions = [...found, cpu].find(({ about }) => about)?.about?.versions ?? {};
  lines.push(Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")); // prettier-ignore
  return lines.join("\n");
}

function textOf({ title, about, problem, agreement, speeds }: EngineReport): string {
  const lines: string[] = [];
  const add = (text: string) =>
    lines.push(`${lines.length === 0 ? title.padEnd(width) : " ".repeat(width)} ${text}`);
  if (about) add(`${about.backend} on ${about.device}`);
  if (agreement) add(`${agreement.agrees ? "trains as the CPU does" : "DOES NOT TRAIN AS THE CPU DOES"}: ${agreement.because}`); // prettier-ignore
  for (const { depth, imagesPerSecond, gpuMiB } of speeds) {
    const memory = gpuMiB === null ? "" : `, ${gpuMiB} MiB on the GPU`;
    const paper = formatSeconds((paperSteps * 128) / imagesPerSecond);
    add(`ResNet-${depth}, batch 128: ${imagesPerSecond.toFixed(0)} images/s${memory}; the papers' ${paperSteps.toLocaleString("en")} updates in ${paper}`); // prettier-ignore
  }
  if (problem !== undefined) {
    add(`not used: ${problem}`);
    add(`what to do: ${remedyFor(problem)}`);
  }
  return lines.join("\n");
}
