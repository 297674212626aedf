// On what records were made, in a sentence for whoever reads their numbers.
import type { RunRecord } from "./record.js";

/** Where, when and with what records were made, in a sentence. */
export function conditionsOf(records: readonly RunRecord[], planned: number): string {
  if (records.length === 0) return `None of ${planned} runs is recorded yet.`;
  const sessions = records.flatMap((record) => record.sessions);
  const each = (of: (session: (typeof sessions)[number]) => string) => [...new Set(sessions.map(of))].sort();
  const days = each(({ start }) => start.slice(0, 10));
  const when = days.length === 1 ? days[0]! : `${days[0]!} to ${days.at(-1)!}`;
  const machines = each(({ machine: { processor, cores } }) => `${processor} (${cores} cores)`).join(" and ");
  const engines = each(({ engine: { backend, versions } }) => [backend, ...["TensorFlow", "TensorFlow.js", "Node"].flatMap((name) => (versions[name] === undefined ? [] : `${name} ${versions[name]}`))].join(", ")).join("; or "); // prettier-ignore
  const commits = each(({ code: { commit } }) => commit?.slice(0, 9) ?? "unknown").join(", ");
  const hours = sessions.reduce((sum, { cpuSeconds }) => sum + (cpuSeconds ?? 0), 0) / 3600;
  return `${records.length} of ${planned} runs, ${when}, on ${machines} with ${engines}; code at commit ${commits}; ${hours.toPrecision(2)} hours of the processor.`;
}
