// The course's notebooks, run from top to bottom at their smallest setting: their claims hold, and fail where they should.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listSources } from "../tools/notebooks/source";

const root = resolve(__dirname, "..");
// Inside the repository, so that a cell's `import ... from "residual"` finds the library.
const cache = join(root, "node_modules", ".cache", "residual");
let folder: string;

beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "course-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a copy of a notebook's source at the setting `ci`. */
function run(name: string, text: string): { status: number | null; stdout: string; stderr: string } {
  const path = join(folder, name);
  writeFileSync(path, text);
  return spawnSync(process.execPath, ["-r", "ts-node/register", "tools/notebooks/main.ts", path], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, RESIDUAL_SETTING: "ci" },
  });
}

const sources = listSources(join(root, "notebooks"));

test.each(sources.map(({ source }) => [basename(source), source]))(
  "%s runs and bears out its claims",
  (name, path) => {
    const { status, stdout, stderr } = run(name, readFileSync(path, "utf8"));
    expect(status, stdout + stderr).toBe(0);
  },
);

test("01-the-degradation-problem stops where there is no degradation", () => {
  const text = readFileSync(join(root, "notebooks", "01-the-degradation-problem.ts"), "utf8");
  // Both depths become 20, so no gap can be there.
  const flat = text.replace(
    "nn.cifarResNet({\n    depth,",
    "nn.cifarResNet({\n    depth: Math.min(depth, 20),",
  );
  expect(flat).not.toBe(text);
  const { status, stdout, stderr } = run("92-flat.ts", flat);
  expect(status).toBe(1);
  expect(stdout + stderr).toContain("no degradation shown");
});

test("04-backpropagation-derived stops at a line of a derivation that is wrong", () => {
  const text = readFileSync(join(root, "notebooks", "04-backpropagation-derived.ts"), "utf8");
  // Batch norm's way through the mean is forgotten.
  const wrong = text.replace(
    'at(gradient("c"), i, c) + at(gradient("mu"), c) / m',
    'at(gradient("c"), i, c)',
  );
  expect(wrong).not.toBe(text);
  const { status, stdout, stderr } = run("93-wrong-line.ts", wrong);
  expect(status).toBe(1);
  expect(stdout + stderr).toMatch(/Step 6 .* breaks: .*the second term, through the mean, is missing/);
});

test("02-residual-learning stops where nothing is added", () => {
  const text = readFileSync(join(root, "notebooks", "02-residual-learning.ts"), "utf8");
  const plain = text.replace('kind === "plain" ? "none" : "A"', '"none"');
  expect(plain).not.toBe(text);
  const { status, stdout, stderr } = run("94-nothing-added.ts", plain);
  expect(status).toBe(1);
  expect(stdout + stderr).toContain("shortcuts should win at 56 layers");
});

test("05-bottlenecks-and-imagenet stops at a count that is not the published one", () => {
  const text = readFileSync(join(root, "notebooks", "05-bottlenecks-and-imagenet.ts"), "utf8");
  const wrong = text.replace("50: 25_557_032", "50: 25_557_033");
  expect(wrong).not.toBe(text);
  const { status, stdout, stderr } = run("95-wrong-count.ts", wrong);
  expect(status).toBe(1);
  expect(stdout + stderr).toContain("ResNet-50 has 25557032 parameters; published are 25557033");
});
