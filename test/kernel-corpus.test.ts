// What cells mean: programs print the same, and fail the same, in plain Node, as one cell, and with a cell for each statement.
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notebook, root } from "./kernel-notebook";
import {
  endingInCells,
  endingsInNode,
  readPrograms,
  statements,
  type Ending,
  type Program,
} from "./programs";
import { randomProgram } from "./random-programs";

const programs = readPrograms(join(root, "test", "corpus"));
const endings = endingsInNode(programs);

/** What a program did, beside what it does in plain Node. */
interface Difference {
  readonly program: string;
  readonly node: Ending;
  readonly cells: Ending;
}

/** The programs that end in another way when `toCells` makes cells of them; one after another in one session. */
async function differences(
  notebook: Notebook,
  some: readonly Program[],
  inNode: readonly Ending[],
  toCells: (code: string) => string[],
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const [i, { name, code }] of some.entries()) {
    const ending = await endingInCells(notebook, toCells(code));
    const node = inNode[i]!;
    if (ending.printed !== node.printed || ending.error !== node.error)
      found.push({ program: `${name}\n${code}`, node, cells: ending });
  }
  return found;
}

const asOne = (code: string): string[] => [code];

// Two kernels side by side: each keeps one session for all programs, as a notebook does when its cells are edited again and again.
const [whole, split] = [new Notebook(tmpdir()), new Notebook(tmpdir())];

beforeAll(async () => {
  await Promise.all([whole.command("start"), split.command("start")]);
});

afterAll(async () => {
  await Promise.all([whole.command("stop"), split.command("stop")]);
});

describe.concurrent("a program of the corpus", () => {
  it("as one cell does what it does in plain Node", async () => {
    expect(await differences(whole, programs, endings, asOne)).toEqual([]);
  });

  it("with a cell for each statement does what it does in plain Node, where cells do not change its meaning", async () => {
    // A program of one statement has run above as it would here.
    const isSplit = programs.map(({ whole, code }) => whole === undefined && statements(code).length > 1);
    const [some, inNode] = [programs.filter((_, i) => isSplit[i]), endings.filter((_, i) => isSplit[i])];
    expect(await differences(split, some, inNode, statements)).toEqual([]);
  });
});

describe("a random program", () => {
  // Names of the corpus, such as a console of its own, would be the random programs' too.
  beforeAll(async () => {
    await Promise.all([whole.command("restart"), split.command("restart")]);
  });

  const seed = Number(process.env["PROGRAMS_SEED"] ?? Date.now() % 1e9);
  /** How many programs; `PROGRAMS=1000` runs more than CI does. */
  const count = Number(process.env["PROGRAMS"] ?? 60);
  /** So many at a time: each lot is one plain Node. */
  const lot = 20;

  it(`does in cells what it does in plain Node (${String(count)} programs; PROGRAMS_SEED=${String(seed)})`, async () => {
    const lots = fc.array(randomProgram, { minLength: 1, maxLength: lot, size: "max" });
    await fc.assert(
      fc.asyncProperty(lots, async (codes) => {
        const some = codes.map((code, i) => ({ name: `program ${String(i)}`, code }));
        const inNode = endingsInNode(some);
        expect(await differences(whole, some, inNode, asOne)).toEqual([]);
        expect(await differences(split, some, inNode, statements)).toEqual([]);
      }),
      { seed, numRuns: Math.ceil(count / lot), interruptAfterTimeLimit: 20 * 60_000 },
    );
  });
});
