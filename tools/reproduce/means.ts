// What the recorded runs of a sweep came to: means of its networks over their seeds, with their spread, in a terminal.
import { analysis, type train } from "residual";
import { highest, lowest } from "../../lib/numeric";

/** A line for each network: how many seeds, errors in percent after the last update, time of the processor. */
export function meansText(
  runs: readonly (train.PlacedRun & { readonly record?: train.RunRecord })[],
): string {
  const rows = [...new Set(runs.map(({ name }) => name))].map((name) => {
    const records = runs.flatMap((run) => (run.name === name && run.record ? run.record : []));
    const errors = (split: "train" | "test") =>
      spread(records.map(({ metrics }) => 100 * (1 - metrics[split].accuracy)));
    return [name, `${records.length} of ${runs.filter((run) => run.name === name).length}`, errors("train"), errors("test"), cpuMinutes(records)]; // prettier-ignore
  });
  const head = ["network", "seeds", "training error %", "test error %", "CPU minutes"];
  const table = [head, ...rows];
  const widths = head.map((_, column) => highest(table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
    )
    .join("\n");
}

/** `10.6 (10.2 to 11.1)`: the mean, and the least and the most, which say what few seeds say. */
function spread(values: readonly number[]): string {
  if (values.length === 0) return "";
  if (values.length === 1) return values[0]!.toFixed(2);
  const { mean } = analysis.meanInterval(values);
  return `${mean.toFixed(2)} (${lowest(values).toFixed(2)} to ${highest(values).toFixed(2)})`;
}

function cpuMinutes(records: readonly train.RunRecord[]): string {
  const sessions = records.flatMap(({ sessions }) => sessions);
  return (sessions.reduce((sum, { cpuSeconds }) => sum + (cpuSeconds ?? 0), 0) / 60).toFixed(1);
}
