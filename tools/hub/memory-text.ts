// The memory and processor time of a class as lines to print.
import { total, type Held } from "./memory";

type ByAccount = ReadonlyMap<number, Held>;

/** A line for each learner and one for all: memory in MiB, the processor's time in seconds. */
export function memoryText(
  names: readonly string[],
  uids: readonly number[],
  { idle, most, after, seconds }: { readonly idle: ByAccount; readonly most: ByAccount; readonly after: ByAccount; readonly seconds: readonly number[] }, // prettier-ignore
): string[] {
  const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  const lines = names.map((name, i) => {
    const [before, peak, rest] = [idle, most, after].map((one) => one.get(uids[i]!)!);
    return `${name}: server ${mebibytes(total(before!))}, at most ${mebibytes(total(peak!))}, afterwards server ${mebibytes(rest!.server)} and kernel ${mebibytes(rest!.kernels)}; ${seconds[i]!.toFixed(0)} s of a processor`;
  });
  const sum = uids.map((uid) => total(most.get(uid)!)).reduce((a, b) => a + b, 0);
  const processor = seconds.reduce((a, b) => a + b, 0);
  return [
    ...lines,
    `all at most ${mebibytes(sum)}, ${mebibytes(sum / names.length)} a learner (PSS); ${processor.toFixed(0)} s of a processor, ${(processor / names.length).toFixed(0)} a learner`,
  ];
}
