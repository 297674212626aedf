// Brings what changes no output from a source into its executed notebook: Markdown, questions that nobody has answered, and names.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { writeBytesAtomically } from "../../lib/files/files.node";
import { formatNotebook, joined, parseNotebook, type Cell, type Notebook } from "./notebook";
import { normalise } from "./normalise";
import { claimTag } from "./predictions";
import { onlyRenamed, type Renamings } from "./renamed";
import type { NotebookPaths } from "./source";
import { convert } from "./stale";
import { UserError } from "./user-error";

/**
 * The executed notebook with the source's Markdown cells in their places; its code cells keep their outputs. So does a question
 * without an answer whose wording or seal changed: `check.answer` looks at nothing else where it gets `undefined`. And so does a cell in
 * which only the library's names in `renamings` are others.
 * @throws UserError naming the first code cell that is not the one that was executed, or has other tags than `claim`.
 */
export function withProse(
  fromSource: Notebook,
  executed: Notebook,
  name: string,
  renamings: Renamings = new Map(),
): Notebook {
  const ran = executed.cells.filter(isCode);
  const wanted = fromSource.cells.filter(isCode);
  const other = Array.from({ length: Math.max(ran.length, wanted.length) }, (_, i) => i).find(
    (i) => !ran[i] || !wanted[i] || !outputHolds(ran[i], wanted[i], renamings),
  );
  if (other !== undefined) {
    throw new UserError(
      `--prose changes Markdown only, and code cell ${other + 1} of ${name} is not the one that was executed; ` +
        `run: npm run notebooks -- ${name.slice(0, 2)}`,
    );
  }
  let next = 0;
  const cells = fromSource.cells.map((cell) =>
    isCode(cell) ? { ...cell, outputs: ran[next++]!.outputs ?? [] } : cell,
  );
  return { ...fromSource, cells };
}

/** Writes the notebooks whose Markdown changed; gives their names. Nothing is written when one of them is refused. */
export async function writeProse(
  notebooks: readonly NotebookPaths[],
  {
    python,
    root,
    renamings,
  }: { readonly python: string; readonly root: string; readonly renamings: Renamings },
): Promise<string[]> {
  const converted = await convert(
    python,
    notebooks.map(({ source }) => source),
  );
  const changed = notebooks.flatMap(({ name, source, output }) => {
    const text = readFileSync(output, "utf8");
    const made = withProse(converted.get(source)!, parseNotebook(text, basename(output)), name, renamings);
    const laidOut = formatNotebook(normalise(made, root));
    return laidOut === text ? [] : [{ name, output, laidOut }];
  });
  for (const { output, laidOut } of changed) {
    await writeBytesAtomically(output, new TextEncoder().encode(laidOut));
  }
  return changed.map(({ name }) => name);
}

/** Whether a cell that ran would give the same output as the source's cell. */
function outputHolds(ran: Cell, wanted: Cell, renamings: Renamings): boolean {
  if (identity(ran) === identity(wanted)) return true;
  if (tagsOf(ran) === tagsOf(wanted) && onlyRenamed(ran, wanted, renamings)) return true;
  return isOpenQuestion(ran) && isOpenQuestion(wanted);
}

/**
 * Whether a code cell is nothing but a question without an answer: comments, a number that is `undefined`, and one call of `check.answer`
 * with it. Cells are laid out by prettier, so each statement begins a line and what belongs to it is indented.
 */
function isOpenQuestion({ source, metadata }: Cell): boolean {
  if (metadata["tags"] !== undefined) return false;
  const statements = joined(source)
    .split("\n")
    .filter((line) => /^[^\s/})]/.test(line));
  const [, name] = /^const (\w+): number \| undefined = undefined;$/.exec(statements[0] ?? "") ?? [];
  return (
    name !== undefined &&
    statements.length === 2 &&
    statements[1]!.replace(/\s/g, "").startsWith("check.answer(") &&
    joined(source).includes(`${name},`)
  );
}

const isCode = ({ cell_type }: Cell): boolean => cell_type === "code";

/** What makes a code cell the one that ran; whether its code is folded does not. */
function identity(cell: Cell): string {
  return JSON.stringify([joined(cell.source), tagsOf(cell)]);
}

const tagsOf = ({ metadata }: Cell): string =>
  JSON.stringify(((metadata["tags"] ?? []) as readonly string[]).filter((tag) => tag !== claimTag));
