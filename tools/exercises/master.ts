// Reads an exercise's master: a notebook source with a header, roles of cells, and the solution between two marks.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cellLines } from "../notebooks/source";
import { UserError } from "../notebooks/user-error";
import { asTaken } from "./exercise-file";

/** What a cell is for. `text` and `hint` are Markdown; `setup` comes before the answer; `check` holds the public check. */
export type Role = "text" | "hint" | "setup" | "answer" | "check" | "try";

/** One cell of a master. */
export interface MasterCell {
  readonly role: Role;
  readonly source: string;
}

/** What is said of an exercise before it begins. */
export interface About {
  readonly title: string;
  /** 1 (a few lines) to 5 (an evening). */
  readonly difficulty: number;
  /** 1 (an aside) to 5 (the course stands on it). */
  readonly importance: number;
  /** What it takes a learner who has read the chapter. */
  readonly minutes: number;
  /** Where in the papers it comes from. */
  readonly source: string;
  /** The heading in its chapter under which stands what it takes: a verdict sends its reader there. */
  readonly passage: string;
}

/** A whole master. */
export interface Master {
  /** `02-residual-block` */
  readonly slug: string;
  readonly about: About;
  readonly cells: readonly MasterCell[];
}

const slugPattern = /^\d{2}-[a-z0-9]+(-[a-z0-9]+)*$/;
const roles: readonly Role[] = ["text", "hint", "setup", "answer", "check", "try"];
const begin = /^( *)\/\/ BEGIN SOLUTION$/;
const end = /^ *\/\/ END SOLUTION$/;
const stubLine = /^( *)\/\/ STUB (.*)$/;

/** The slugs of every exercise, sorted. */
export function slugs(root: string): string[] {
  return readdirSync(join(root, "solutions"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && slugPattern.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** Every exercise as a learner takes them: by chapter, and within a chapter what is easy and what matters first. */
export function inOrder(root: string): Master[] {
  return slugs(root)
    .map((slug) => readMaster(root, slug))
    .sort((a, b) => asTaken({ slug: a.slug, ...a.about }, { slug: b.slug, ...b.about }));
}

/** The solution of the exercise whose master lies in a folder, if one does. */
export function solutionAt(folder: string, slug: string): string | undefined {
  const path = join(folder, "notebook.ts");
  return existsSync(path) ? solutionOf(parseMaster(slug, readFileSync(path, "utf8"))) : undefined;
}

/** Reads `solutions/SLUG/notebook.ts`. @throws UserError naming what is missing or malformed */
export function readMaster(root: string, slug: string): Master {
  return parseMaster(slug, readFileSync(join(root, "solutions", slug, "notebook.ts"), "utf8"));
}

/** Parses a master's text. @throws UserError naming what is missing or malformed */
export function parseMaster(slug: string, text: string): Master {
  const path = `solutions/${slug}/notebook.ts`;
  const rows = text.split("\n");
  const markers = cellLines(text, path);
  const cells = markers.map((line, index): MasterCell => {
    const body = rows.slice(line, (markers[index + 1] ?? rows.length + 1) - 1);
    const role = roleOf(rows[line - 1]!, `${path}:${line}`);
    const markdown = role === "text" || role === "hint";
    return {
      role,
      source: (markdown ? body.map((row) => row.replace(/^\/\/ ?/, "")) : body).join("\n").trim(),
    };
  });
  const answers = cells.filter(({ role }) => role === "answer");
  if (answers.length !== 1) throw new UserError(`${path} needs one answer cell; got ${answers.length}`);
  if (stubOf(answers[0]!.source) === answers[0]!.source) {
    throw new UserError(
      `${path}: the answer needs its solution between // BEGIN SOLUTION and // END SOLUTION`,
    );
  }
  if (!cells.some(({ role }) => role === "hint")) throw new UserError(`${path} needs at least one hint`);
  if (!cells.some(({ role }) => role === "check")) throw new UserError(`${path} needs a check cell`);
  return { slug, about: parseAbout(rows, path), cells };
}

function roleOf(marker: string, place: string): Role {
  const markdown = marker.includes("[markdown]");
  const tag = /tags=\["([a-z]+)"\]/.exec(marker)?.[1];
  const role = tag ?? (markdown ? "text" : "");
  const fits = markdown === (role === "text" || role === "hint");
  if (!(roles as readonly string[]).includes(role) || !fits) {
    throw new UserError(
      `a cell is [markdown], [markdown] tags=["hint"], or code tagged setup, answer, check or try; got ${JSON.stringify(marker)} at ${place}`,
    );
  }
  return role as Role;
}

function parseAbout(rows: readonly string[], path: string): About {
  const header = rows.slice(1, rows.indexOf("// ---", 1));
  const fields = new Map(
    header.map((row) => [/^\/\/ (\w+):/.exec(row)?.[1] ?? row, row.replace(/^\/\/ \w+: */, "")]),
  );
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined || value === "")
      throw new UserError(`${path} needs "// ${name}: ..." in its header`);
    return value;
  };
  const whole = (name: string, from: number, to: number): number => {
    const value = Number(field(name));
    if (!Number.isInteger(value) || value < from || value > to) {
      throw new UserError(
        `${path}: ${name} must be a whole number from ${from} to ${to}; got ${field(name)}`,
      );
    }
    return value;
  };
  return {
    title: field("title"),
    difficulty: whole("difficulty", 1, 5),
    importance: whole("importance", 1, 5),
    minutes: whole("minutes", 1, 600),
    source: field("source"),
    passage: field("passage"),
  };
}

/**
 * An answer cell as the learner gets it. A solution gives way to its lines `// STUB ...`, or where it has none to an error that says
 * that nothing is written yet.
 */
export function stubOf(source: string): string {
  const stub: string[] = [];
  let solution: { readonly indent: string; readonly stub: string[] } | undefined;
  for (const row of source.split("\n")) {
    const indent = begin.exec(row)?.[1];
    const own = stubLine.exec(row);
    if (indent !== undefined) solution = { indent, stub: [] };
    else if (!solution) stub.push(row);
    else if (own) solution.stub.push(`${own[1]!}${own[2]!}`);
    else if (end.test(row)) {
      const nothing = ["// YOUR CODE HERE", `throw new Error("not written yet");`];
      const { indent: room, stub: written } = solution;
      for (const line of written.length > 0 ? written : nothing.map((one) => room + one)) stub.push(line);
      solution = undefined;
    }
  }
  return stub.join("\n");
}

/** The answer without the marks of the solution. */
export function solutionOf(master: Master): string {
  const { source } = master.cells.find(({ role }) => role === "answer")!;
  return source
    .split("\n")
    .filter((row) => ![begin, end, stubLine].some((mark) => mark.test(row)))
    .join("\n");
}
