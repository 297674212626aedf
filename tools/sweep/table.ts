// A sweep's results in a terminal: a line for each run.
import type { train } from "residual";

const columns = ["network", "seed", "steps", "training loss", "training error %", "test error %"] as const;

/** The finished runs, then the names of those that are left. */
export function table({ runs, unfinished }: train.SweepResult): string {
  const percent = (accuracy: number) => (100 * (1 - accuracy)).toFixed(2);
  const rows = [
    columns,
    ...runs.map(({ name, seed, steps, metrics }) => [
      name,
      String(seed),
      String(steps),
      metrics.train.loss.toPrecision(4),
      percent(metrics.train.accuracy),
      percent(metrics.test.accuracy),
    ]),
  ];
  const widths = columns.map((_, column) =>
    rows.reduce((most, row) => Math.max(most, row[column]!.length), 0),
  );
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
  );
  return [...lines, ...unfinished.map(({ name, seed }) => `${name}, seed ${seed}: not finished`)].join("\n");
}
