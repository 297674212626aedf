// A study is written before its runs: it is read as it was meant, it cannot change, and what its schema refuses is not written.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sgd, stepSchedule } from "../train/index.js";
import { validator } from "../../tools/records/store";
import { recordedStudy } from "./recorded-study.js";
import { writeStudy, type Study } from "./write-study.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-study-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = { depth: 8, widths: [1, 1, 2], inputShape: [14, 14, 1], classes: 10 };
const study: Study = {
  title: "A toy",
  question: "Does a shortcut lower the error?",
  differs: "Nothing is as in the paper.",
  sweep: {
    networks: [
      { name: "plain", model: "cifarResNet", options: { ...options, shortcut: "none" } },
      { name: "residual", model: "cifarResNet", options },
    ],
    data: { name: "fashion-mnist-sample", downsample: 2 },
    recipe: { steps: 4, optimizer: sgd({ momentum: 0.9 }), schedule: stepSchedule({ learningRate: 0.1, at: [2] }) }, // prettier-ignore
    seeds: [1, 2],
  },
  findings: [
    { id: "plain-is-worse", statement: "It does.", measure: "test error", network: "plain", minus: "residual", above: 0 }, // prettier-ignore
  ],
};

describe("writeStudy()", () => {
  it("writes what the schema asks for, and recordedStudy finds its runs missing", async () => {
    const path = await writeStudy("toy", study, folder);
    const written: unknown = JSON.parse(await readFile(path, "utf8"));
    const isValid = validator(join(import.meta.dirname, "..", ".."), "study");
    expect(isValid(written), JSON.stringify(isValid.errors)).toBe(true);
    expect(written).toMatchObject({ sweep: { recipe: { schedule: { schedule: "steps", at: [2] } } } });
    const { missing, networks } = await recordedStudy("toy", { folder });
    expect([missing, ...networks.map(({ name }) => name)]).toEqual([4, "plain", "residual"]);
  });

  it("leaves the same study alone, and refuses another one under its name", async () => {
    const path = await writeStudy("fixed", study, folder);
    const before = await readFile(path, "utf8");
    expect(await writeStudy("fixed", study, folder)).toBe(path);
    const [finding] = study.findings;
    const weaker = { ...study, findings: [{ ...finding!, above: -5 }] };
    await expect(writeStudy("fixed", weaker, folder)).rejects.toThrow("fixed.json: a study is fixed once it is written"); // prettier-ignore
    expect(await readFile(path, "utf8")).toBe(before);
  });

  const finding = study.findings[0]!;
  it.each<[string, string, unknown]>([
    ['name must be letters, digits, dots and hyphens; got "../up"', "../up", study],
    ["question must be a text", "a", { ...study, question: " " }],
    ["findings must be a list of at least one", "a", { ...study, findings: [] }],
    ["margin", "a", { ...study, margin: 1 }],
    ["at least 2 seeds", "a", { ...study, sweep: { ...study.sweep, seeds: [1] } }],
    ["needs either epochs or steps", "a", { ...study, sweep: { ...study.sweep, recipe: {} } }],
    ['findings[0].minus must be one of plain, residual; got "residul"', "a", { ...study, findings: [{ ...finding, minus: "residul" }] }],
    ["findings[0].measure must be one of training error, test error", "a", { ...study, findings: [{ ...finding, measure: "loss" }] }],
    ["findings[0].above must be a finite number; got NaN", "a", { ...study, findings: [{ ...finding, above: NaN }] }],
    ["findings[0].id must be letters", "a", { ...study, findings: [{ ...finding, id: "a b" }] }],
  ])("refuses: %s", async (message, name, bad) => {
    await expect(writeStudy(name, bad as Study, folder)).rejects.toThrow(message);
  }); // prettier-ignore
});
