// Makes a class of submissions of known worth, right, wrong and damaged, to measure and test the grader with.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { joined, type Cell, type Notebook } from "../notebooks/notebook";

/** Damages that happen to files on their way, each to a right notebook, with whether the answers survive it. */
const damages: readonly {
  readonly name: string;
  readonly survives: boolean;
  readonly makes: (notebook: Notebook) => Uint8Array | string;
}[] = [
  { name: "cut", survives: false, makes: (notebook) => JSON.stringify(notebook).slice(0, -40) },
  { name: "empty", survives: false, makes: () => "" },
  {
    name: "junk",
    survives: false,
    makes: () => Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256),
  },
  { name: "page", survives: false, makes: () => "<!doctype html><title>Sign in</title>" },
  {
    name: "no-metadata",
    survives: true,
    makes: (notebook) =>
      JSON.stringify({ cells: notebook.cells.map(({ cell_type, source }) => ({ cell_type, source })) }),
  },
  {
    name: "doubled",
    survives: true,
    makes: (notebook) => JSON.stringify({ ...notebook, cells: [...notebook.cells, ...notebook.cells] }),
  },
  {
    name: "reversed",
    survives: true,
    makes: (notebook) => JSON.stringify({ ...notebook, cells: [...notebook.cells].reverse() }),
  },
  {
    name: "odd-cells",
    survives: true,
    makes: (notebook) =>
      JSON.stringify({ ...notebook, cells: [null, 7, { cell_type: "code" }, ...notebook.cells] }),
  },
  {
    name: "ids-of-others",
    survives: true,
    makes: (notebook) => {
      const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
      const next = (cell: Cell): Cell | undefined => code[(code.indexOf(cell) + 1) % code.length];
      const cells = notebook.cells.map((cell) =>
        code.includes(cell) ? { ...cell, metadata: next(cell)!.metadata } : cell,
      );
      return JSON.stringify({ ...notebook, cells });
    },
  },
  {
    name: "answers-in-given-cells",
    survives: true,
    makes: (notebook) => {
      const answers = notebook.cells.filter(isAnswer);
      const given = notebook.cells.findLast((cell) => cell.cell_type === "code" && !isAnswer(cell))!;
      const all = [...answers, given].map(({ source }) => joined(source)).join("\n");
      const cells = notebook.cells.flatMap((cell) =>
        isAnswer(cell) ? [] : [cell === given ? { ...cell, source: all } : cell],
      );
      return JSON.stringify({ ...notebook, cells });
    },
  },
];

function isAnswer({ metadata }: Cell): boolean {
  return (metadata["nbgrader"] as { solution?: boolean } | undefined)?.solution === true;
}

/** A way to answer the exercise: the sources of its solution cells, and the points they earn. */
export interface SyntheticAnswer {
  readonly sources: readonly string[];
  readonly points: number;
}

/** What is made. */
export interface SyntheticOptions {
  readonly slug: string;
  /** The notebook that learners were given. */
  readonly notebook: Notebook;
  /** Answers that take turns; the first is right. */
  readonly answers: readonly SyntheticAnswer[];
  readonly count: number;
  /** How many of them are damaged. */
  readonly corrupted: number;
}

/** Writes `count` learners' folders and returns the points that each must get. */
export function writeSynthetic(folder: string, options: SyntheticOptions): Map<string, number> {
  const { slug, notebook, answers, count, corrupted } = options;
  const expected = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    const learner = `learner-${String(index + 1).padStart(3, "0")}`;
    const damage = index < corrupted ? damages[index % damages.length]! : undefined;
    const answer = damage ? answers[0]! : answers[index % answers.length]!;
    const written = filled(notebook, answer.sources);
    mkdirSync(join(folder, learner), { recursive: true });
    writeFileSync(
      join(folder, learner, `${slug}.ipynb`),
      damage ? damage.makes(written) : JSON.stringify(written),
    );
    expected.set(learner, damage && !damage.survives ? 0 : answer.points);
  }
  return expected;
}

/** The notebook with the sources in its solution cells. */
export function filled(notebook: Notebook, sources: readonly string[]): Notebook {
  const left = [...sources];
  const cells = notebook.cells.map((cell) => (isAnswer(cell) ? { ...cell, source: left.shift()! } : cell));
  return { ...notebook, cells };
}
