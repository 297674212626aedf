// The page of evidence: every number on it comes from the records, and what is not run has its cost.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runtime, type train } from "residual";
import { beforeAll, describe, expect, it } from "vitest";
import { evidenceFixture } from "./evidence.fixture";
import { evidencePage, linkedFiles, readEvidence } from "./evidence";
import { externalReferences } from "./offline";
import { escapeHtml } from "./prepare";

const root = resolve(import.meta.dirname, "..", "..");
const linked = (path: string) => `linked/${path}`;
/** Text without tags and the line breaks of the page's source. */
const textOf = (html: string): string => html.replaceAll(/<script[^]*?<\/script>|<[^>]*>/g, " ").replaceAll(/\s+/g, " "); // prettier-ignore

beforeAll(async () => {
  await runtime.ready();
});

describe("evidencePage()", () => {
  it("has each claim and study of results/ once, with its verdict, and loads nothing from elsewhere", async () => {
    const evidence = await readEvidence(root);
    const html = evidencePage(evidence, linked);
    const ids = [
      ...evidence.claimStatuses.map(({ claim }) => claim.id),
      ...evidence.studies.map(({ name }) => name),
    ];
    for (const id of ids) expect(html.split(`id="${id}"`), id).toHaveLength(2);
    for (const { study, findings } of evidence.studies)
      for (const { statement } of [...findings, { statement: study.question }]) expect(html).toContain(escapeHtml(statement)); // prettier-ignore
    expect(externalReferences(html)).toEqual([]);
    expect(linkedFiles(evidence)).toContain("results/studies/converged.json");
  });

  it("shows a study's runs as dots and curves, with verdict, interval, conditions and links to the records", () => {
    const evidence = evidenceFixture();
    const html = evidencePage(evidence, linked);
    const figures = [...html.matchAll(/<script type="application\/json">(.*?)<\/script>/g)].map(([, json]) => JSON.parse(json!) as { data: { name: string; y: number[] }[] }); // prettier-ignore
    expect(figures).toHaveLength(2);
    const errors = evidence.records.map(({ metrics }) => 100 * (1 - metrics.test.accuracy));
    expect(figures[0]!.data.find(({ name }) => name === "test error")!.y).toEqual(errors);
    const text = textOf(html);
    expect(text).toMatch(
      /reproduced Narrow is worse\. the difference by pairs: 2 seeds have 2\.01 \(95 % interval/,
    );
    expect(text).toMatch(/4 of 6 runs, 2026-11-30, on .*Not run: 2, about .* on 2 cores\./);
    expect(html).toContain(`<a href="linked/results/records/runs/${evidence.records[0]!.name}-seed1-`);
    expect(text).toContain("test error 29.35 %");
  });

  it("estimates what is not run by the recorded time for a multiplication", () => {
    const evidence = evidenceFixture();
    const cost = (records: readonly train.RunRecord[]) => /Not run: 2, (.*?)\. 4 records/.exec(textOf(evidencePage({ ...evidence, records }, linked)))![1]; // prettier-ignore
    const slower = evidence.records.map((record) => ({ ...record, sessions: record.sessions.map((one) => ({ ...one, cpuSeconds: 3600 * one.cpuSeconds! })) })); // prettier-ignore
    const seconds = evidence.records[0]!.sessions.reduce((sum, { cpuSeconds }) => sum + cpuSeconds!, 0);
    // Two runs on two cores take as long as one; the network that is not run is as large as the first.
    expect(cost(slower)).toBe(`about ${Math.floor(seconds)} h ${String(Math.round((seconds % 1) * 60)).padStart(2, "0")} min on 2 cores`); // prettier-ignore
    expect(cost([])).toContain("no run is recorded from which the time could be estimated");
  });

  it("escapes what files say", () => {
    const evidence = evidenceFixture();
    const [status] = evidence.studies;
    const study = { ...status!.study, question: "<script>alert(1)</script>" };
    const html = evidencePage({ ...evidence, studies: [{ ...status!, study }] }, linked);
    expect(html).not.toContain("<script>alert");
    expect(readFileSync(join(import.meta.dirname, "site.css"), "utf8")).toContain(
      "prefers-color-scheme: dark",
    );
  });
});
