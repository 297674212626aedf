// What a class needs is computed from the record, and what the page and the chart's values say is what was computed and set.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { chapters } from "../notebooks/pages";
import { classNeeds, oneLearner, planText, withPlan, type LearnerRecord } from "./plan";

const root = resolve(__dirname, "..", "..");
const read = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");
const GIB = 2 ** 30;

/** Round numbers, so that what follows from them is seen at once. */
const record: LearnerRecord = {
  measured: "2026-01-01",
  setting: "everyday",
  machine: { processor: "a processor", cores: 2, platform: "linux x64" },
  node: "20.19.0",
  serverBytes: 0.25 * GIB,
  hubBytes: 0.25 * GIB,
  chapters: [
    { chapter: "00-a", readingMinutes: 10, processorSeconds: 300, freshBytes: 0, mostBytes: GIB, restBytes: 0.75 * GIB, restSecondsAnHour: 1 }, // prettier-ignore
    { chapter: "01-b", readingMinutes: 50, processorSeconds: 300, freshBytes: 0, mostBytes: 2 * GIB, restBytes: 0.5 * GIB, restSecondsAnHour: 1 }, // prettier-ignore
  ],
};

test("oneLearner() holds a server, the largest kernel at work and one at rest, and takes the hungriest chapter's share", () => {
  expect(oneLearner(record)).toEqual({ bytes: 3 * GIB, cores: 0.5 });
});

test("a kernel that holds more at rest than was seen while cells ran held that at least", () => {
  const [first, second] = record.chapters;
  const late = { ...record, chapters: [first!, { ...second!, restBytes: 2.5 * GIB }] };
  expect(planText(late)).toMatch(/\| 01-b .*\| 2\.5 GiB \| 2\.5 GiB \|/);
});

test("classNeeds() counts machines by what runs out first, and leaves the system its part", () => {
  // 54.4 GiB and 13.6 processors of a machine are for learners: 18 of them by memory, 27 by processors.
  expect([18, 19, 36, 37].map((learners) => classNeeds(record, learners).machines)).toEqual([1, 2, 2, 3]);
  const hungry = { ...record, serverBytes: 0, chapters: record.chapters.map((use) => ({ ...use, mostBytes: 1, restBytes: 1 })) }; // prettier-ignore
  expect([27, 28].map((learners) => classNeeds(hungry, learners).machines)).toEqual([1, 2]);
});

test("docs/jupyterhub.md says what the record says", async () => {
  const file = join(root, "docs", "jupyterhub.md");
  const of = join(root, "results", "records", "classroom", "one-learner.json");
  const measured = existsSync(of) ? (JSON.parse(readFileSync(of, "utf8")) as LearnerRecord) : undefined;
  const page = readFileSync(file, "utf8");
  const formatted = await format(withPlan(page, measured), {
    ...(await resolveConfig(file)),
    filepath: file,
  });
  expect(page).toBe(formatted);
});

test("the chart's values and the Hub's fragment give a learner the same", () => {
  const fragment = read("tools", "hub", "residual_hub.py");
  const values = read("tools", "hub", "z2jh.yaml");
  const [, processors] = /^processors = (\d+)$/m.exec(fragment)!;
  const [, guarantee] = /^c\.Spawner\.cpu_guarantee = ([\d.]+)$/m.exec(fragment)!;
  const [, memory] = /^c\.Spawner\.mem_limit = "(\w+)"$/m.exec(fragment)!;
  const [, atLeast] = /^c\.Spawner\.mem_guarantee = "(\w+)"$/m.exec(fragment)!;
  expect(values).toContain(`  cpu:\n    limit: ${processors!}\n    guarantee: ${guarantee!}\n`);
  expect(values).toContain(`  memory:\n    limit: ${memory!}\n    guarantee: ${atLeast!}\n`);
  const [, seconds] = /"RESIDUAL_HUB_CULL_SECONDS", "(\d+)"/.exec(read("tools", "hub", "cull_idle.py"))!;
  expect(values).toContain(`  timeout: ${seconds!}\n`);
});

test("learners' limit is above what any chapter was seen to take", () => {
  const [, gigabytes] = /^c\.Spawner\.mem_limit = "(\d+)G"$/m.exec(read("tools", "hub", "residual_hub.py"))!;
  const memory = [...read("README.md").matchAll(/ ([\d.]+) (MiB|GiB) +\|$/gm)].map(([, value, unit]) => Number(value) * (unit === "GiB" ? GIB : 2 ** 20)); // prettier-ignore
  expect(memory).toHaveLength(chapters(root).length);
  // JupyterHub's G is 2^30.
  for (const bytes of memory) expect(bytes).toBeLessThan(Number(gigabytes) * GIB);
});
