// The front of the benchmarks: `npm run bench -- NAME` runs one of them, `train` where none is named.
import type { Benchmark } from "./benchmark";

const defaultName = "train";

/** Each is loaded when it is named, or when all are listed. */
const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  train: async () => (await import("./train/train")).train,
  course: async () => (await import("./course/course")).course,
  threads: async () => (await import("./threads/threads")).threads,
  kernel: async () => (await import("./kernel/kernel")).kernel,
};

async function help(): Promise<string> {
  const lines = Object.entries(benchmarks).map(
    async ([name, load]) => `  ${name.padEnd(10)} ${(await load()).summary}`,
  );
  return `npm run bench -- [benchmark] [options]

${(await Promise.all(lines)).join("\n")}

Without a name: ${defaultName}. npm run bench -- NAME --help lists its options.`;
}

async function main(args: readonly string[]): Promise<void> {
  const [first = "", ...rest] = args;
  if (first === "--help") {
    console.log(await help());
    return;
  }
  const named = first !== "" && !first.startsWith("-");
  const load = benchmarks[named ? first : defaultName];
  if (load === undefined) {
    throw new Error(`a benchmark must be one of ${Object.keys(benchmarks).join(", ")}; got ${first}`);
  }
  await (await load()).run(named ? rest : args);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
