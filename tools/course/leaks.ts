// Searches what learners would get for what they must not: lines of solutions, of other answers, of hidden checks, of sealed answers.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Shorter lines than this stand in many programs. */
const shortest = 25;

/** So many telling lines of one file in another are no coincidence. */
const enough = 3;

/** The lines by which a file of `solutions/` would be known, by its path. */
export type TellingLines = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The telling lines of everything in `solutions/` that is not handed out: long enough, and not among what learners are
 * given anyway (the prompts, setups, stubs, drives and public checks).
 */
export function tellingLines(root: string): TellingLines {
  const folder = join(root, "solutions");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(?:ts|md)$/.test(path) && !path.includes("node_modules"))
    .sort();
  const isGiven = (path: string) => /^[^/]+\/(?:cases|drive|public)\.ts$/.test(path);
  const text = new Map(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
  const known = new Set(
    [...text].flatMap(([path, source]) => {
      if (isGiven(path)) return linesOf(source);
      return path.endsWith("/notebook.ts") ? linesOf(withoutSolution(source)) : [];
    }),
  );
  const telling = new Map<string, Set<string>>();
  for (const [path, source] of text) {
    if (isGiven(path)) continue;
    const own = linesOf(source).filter(
      (line) => line.length >= shortest && !line.startsWith("import ") && !known.has(line),
    );
    if (own.length > 0) telling.set(`solutions/${path}`, new Set(own));
  }
  return telling;
}

/** A master without what stands between the marks of its solution, where the lines of the stub stay. */
function withoutSolution(source: string): string {
  return source.replace(/^ *\/\/ BEGIN SOLUTION\n([^]*?)^ *\/\/ END SOLUTION$/gm, (_, inner: string) =>
    [...inner.matchAll(/^ *\/\/ STUB (.*)$/gm)].map(([, line]) => line).join("\n"),
  );
}

/** Every leak, as `file: holds lines of solutions/...`, with one of the lines. */
export function leaks(files: ReadonlyMap<string, Buffer>, telling: TellingLines): string[] {
  const owners = new Map<string, string[]>();
  for (const [path, lines] of telling) {
    for (const line of lines) owners.set(line, [...(owners.get(line) ?? []), path]);
  }
  return [...files].flatMap(([path, bytes]) => {
    const found = new Map<string, string[]>();
    for (const line of new Set(linesOf(textOf(path, bytes)))) {
      for (const owner of owners.get(line) ?? []) found.set(owner, [...(found.get(owner) ?? []), line]);
    }
    const worst = [...found]
      .filter(([owner, lines]) => lines.length >= Math.min(enough, telling.get(owner)!.size))
      .sort(([, a], [, b]) => b.length - a.length)[0];
    return worst ? [`${path} holds ${worst[1].length} lines of ${worst[0]}, such as: ${worst[1][0]!}`] : [];
  });
}

/** A file as text; of JSON, notebooks among it, what its strings say, because a program in a string has its lines escaped. */
function textOf(path: string, bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (!/\.(?:ipynb|json)$/.test(path)) return text;
  const strings = (value: unknown): string[] => {
    if (typeof value === "string") return [value];
    if (Array.isArray(value)) {
      return value.every((one) => typeof one === "string") ? [value.join("")] : value.flatMap(strings);
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
  };
  return strings(JSON.parse(text)).join("\n");
}

const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim());
