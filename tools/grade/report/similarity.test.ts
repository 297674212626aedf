// Copies are found through new names and numbers; answers written apart, and what everybody was given, are not.
import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Exercise } from "../exercise";
import type { Submission } from "../intake/discover";
import { writeText } from "../gradebook";
import { defaultLimits } from "../sandbox/sandbox";
import { parseCsv } from "./csv";
import { compareSubmissions } from "./compare";
import { similarityCsv } from "./similar-pairs";
import { similarPairs } from "./similarity";

const given = `import { runtime } from "residual";
const { tf } = runtime;
function mean(values: readonly number[]): number { let sum = 0; for (const value of values) sum += value; return sum / values.length; }
function variance(values: readonly number[]): number { return mean(values.map((value) => (value - mean(values)) ** 2)); }`;
const loop = `function pathLengths(n: number): number[] {
  const counts = [1];
  for (let unit = 0; unit < n; unit++) {
    const next = Array<number>(counts.length + 1).fill(0);
    counts.forEach((count, length) => {
      next[length]! += count;
      next[length + 1]! += count;
    });
    counts.splice(0, counts.length, ...next);
  }
  return counts;
}`;
const recursion = `const binomial = (n: number, k: number): number => (k === 0 || k === n ? 1 : binomial(n - 1, k - 1) + binomial(n - 1, k));
const pathLengths = (n: number): number[] => [...Array(n + 1).keys()].map((k) => binomial(n, k));
if (pathLengths(3).join() !== "1,3,3,1") throw new Error("three units have eight paths");`;
const renamed = loop
  .replaceAll("counts", "paths")
  .replaceAll("next", "following")
  .replaceAll("length", "size")
  .replace("= 0; unit", "= 0; u")
  .replaceAll("unit", "u");

const exercise = { slug: "09-path-lengths", locked: [{ code: given }], stubs: [] } as unknown as Exercise;
const folder = mkdtempSync(join(tmpdir(), "residual-similarity-"));
const submissions: Submission[] = [];

beforeAll(async () => {
  for (const [learner, code] of Object.entries({
    ada: loop,
    bob: renamed,
    eve: recursion,
    short: "const x = 1;",
  })) {
    const path = join(folder, `${learner}.ipynb`);
    const cells = [given, code].map((source) => ({ cell_type: "code", metadata: {}, source }));
    await writeText(path, JSON.stringify({ cells, metadata: {} }));
    submissions.push({ learner, exercise, path, file: path, submitted: "", notes: [] });
  }
  // Two attempts of one learner are alike, and that is nobody's business.
  submissions.push({ ...submissions[0]!, file: "again" });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("similarPairs() finds a renamed copy and nothing else", async () => {
  const { pairs } = await compareSubmissions(submissions);
  expect(new Set(pairs.map(({ a, b }) => [a, b].sort().join()))).toEqual(new Set(["ada,bob"]));
  expect(pairs[0]!.similarity).toBeGreaterThan(0.9);
  expect(pairs[0]!.longest).toBeGreaterThan(10);
  const [, row] = parseCsv(similarityCsv(pairs), "it");
  expect(row!.slice(0, 3)).toEqual(["09-path-lengths", pairs[0]!.a, pairs[0]!.b]);
});

test("similarPairs() does not count what everybody was given", async () => {
  const notebooks = submissions.map(({ learner, path }) => ({ learner, path }));
  const pairs = await similarPairs({ exercise: "09-path-lengths", given: [], notebooks, least: 0.3 });
  const alike = pairs.map(({ a, b }) => [a, b].sort().join());
  expect(alike).toContain("ada,eve");
});

test("compareSubmissions() does not count the lines of a stub that answers keep", async () => {
  const stub = `interface Counts { readonly lengths: readonly number[]; readonly paths: readonly number[]; readonly units: number }
type Options = { readonly units: number; readonly shares: boolean; readonly most: number };
function choose(n: number, k: number): number { return k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k; }
function shares(paths: readonly number[]): number[] { const all = paths.reduce((a, b) => a + b, 0); return paths.map((one) => one / all); }
function pathLengths({ units, shares, most }: Options): Counts {
  // Count the paths of each length.
  throw new Error("not written yet");
}`;
  const answered = (line: string) => stub.replace(/ {2}\/\/.*\n.*\n/, `${line}\n`);
  const answers = [
    answered("  const lengths = [...Array(units + 1).keys()]; return { lengths, paths: lengths.map((k) => choose(units, k)), units };"),
    answered("  let paths = [1]; while (paths.length <= units) paths = [1, ...paths.slice(1).map((p, i) => p + paths[i]!), 1]; return { lengths: [], paths, units };"),
  ]; // prettier-ignore
  const all = (await withSources(answers)).slice(submissions.length);
  const counted = async (stubs: readonly string[]) => {
    const known: Exercise = { ...exercise, stubs };
    return (await compareSubmissions(all.map((one) => ({ ...one, exercise: known })))).pairs;
  };
  expect(await counted([])).toHaveLength(1);
  expect(await counted([stub])).toEqual([]);
});

/** Notebooks of these sources, one a learner, besides ada's and her copy. */
async function withSources(sources: readonly string[]): Promise<Submission[]> {
  const others = sources.map(async (source, index) => {
    const path = join(folder, `other-${index}.ipynb`);
    await writeText(
      path,
      JSON.stringify({ cells: [{ cell_type: "code", metadata: {}, source }], metadata: {} }),
    );
    return { ...submissions[0]!, learner: `other-${index}`, path };
  });
  return [...submissions, ...(await Promise.all(others))];
}

test("compareSubmissions() reads notebooks that no parser would, within bounds", async () => {
  const odd = [
    `const x = ${"(".repeat(20_000)}`,
    ";".repeat(2 << 20),
    "1,".repeat(1 << 20),
    "`${".repeat(20_000),
    "<".repeat(50_000),
    `${"[".repeat(50_000)}/*`,
    "\\u{".repeat(10_000),
    `"${"x".repeat(4 << 20)}`,
  ];
  const limits = { ...defaultLimits, memoryBytes: 512 << 20 };
  // Each twice, so that the floods are compared with one another.
  const { pairs, problems } = await compareSubmissions(await withSources([...odd, ...odd]), { limits });
  expect(problems).toEqual([]);
  expect(pairs.map(({ a, b }) => [a, b].sort().join())).toContain("ada,bob");
});

test("similarPairs() reads any text", async () => {
  const path = join(folder, "any.ipynb");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("`", "${", "}", "/", "<", "\\", "'", "(", "\n", "é", "#!", "1n", "x")),
      async (parts) => {
        await writeText(path, JSON.stringify({ cells: [{ cell_type: "code", source: parts.join("") }] }));
        const notebooks = [...submissions.slice(0, 2), { learner: "any", path }].map((each) => ({
          learner: each.learner,
          path: each.path,
        }));
        const pairs = await similarPairs({ exercise: "", given: [given], notebooks });
        expect(pairs).toHaveLength(1);
      },
    ),
    { numRuns: 50 },
  );
});

test("compareSubmissions() says what it could not compare, and goes on", async () => {
  const { pairs, problems } = await compareSubmissions(submissions, { patienceMs: 1 });
  expect(pairs).toEqual([]);
  expect(problems.join()).toMatch(/09-path-lengths: notebooks could not be compared \(time\)/);
});

test("compareSubmissions() leaves out one notebook that would take everybody's time to read, by its name", async () => {
  const all = await withSources(["const own = 1;"]);
  truncateSync(all.at(-1)!.path, 2 ** 30);
  const { pairs, problems } = await compareSubmissions(all);
  expect(problems).toEqual(["09-path-lengths: other-0's notebook of 1.0 GiB is too large to be compared"]);
  expect(pairs).toHaveLength(1);
});
