// What a benchmark is.

/** A benchmark. It reads its own options, `--help` and `--json` among them; with `--json` standard output is one JSON object. */
export interface Benchmark {
  /** What it measures, in half a line. */
  readonly summary: string;
  /** @param args the command line after the benchmark's name */
  run(args: readonly string[]): Promise<void>;
}
