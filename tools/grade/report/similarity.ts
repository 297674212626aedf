// Which submissions look alike: the winnowing of Dolos over tokens that TypeScript's own scanner gives.
import { File, FingerprintIndex, Region, TokenizedFile } from "@dodona/dolos-core";
import ts from "typescript";
import { readSubmitted } from "../notebook/submitted";
import type { Comparison, SimilarPair } from "./similar-pairs";

/** Code under this many tokens looks alike by chance. */
const FEWEST_TOKENS = 40;
/** Tokens that are read of a notebook; an answer has some hundred. */
const MOST_TOKENS = 10_000;
/** Tokens of one kind in a row that are read: more of them are a table or a flood. */
const MOST_REPEATED = 32;

/** Pairs of different learners from the most alike down; lines that were given count for nobody. */
export async function similarPairs({
  exercise,
  given,
  notebooks,
  least = 0.5,
}: Comparison): Promise<SimilarPair[]> {
  const pairs: SimilarPair[] = [];
  const index = new FingerprintIndex(12, 8);
  const owners = new Map<number, string>();
  const files: TokenizedFile[] = [];
  const dictated = new Set(given.flatMap(linesOf).filter(isTelling));
  for (const { learner, path } of notebooks) {
    const { cells } = await readSubmitted(path);
    const own = cells.flatMap(({ code }) => linesOf(code)).filter((line) => !dictated.has(line));
    const file = tokenize(path, own.join("\n"));
    if (file.tokens.length < FEWEST_TOKENS) continue;
    files.push(file);
    owners.set(file.id, learner);
  }
  index.addFiles(files);
  for (const pair of index.allPairs()) {
    const [a, b] = [owners.get(pair.leftFile.id)!, owners.get(pair.rightFile.id)!];
    if (a === b || pair.similarity < least) continue;
    pairs.push({ exercise, a, b, similarity: pair.similarity, longest: pair.longest });
  }
  return pairs.sort((x, y) => y.similarity - x.similarity || (x.a + x.b < y.a + y.b ? -1 : 1));
}

function linesOf(code: string): string[] {
  return code.split("\n").map((line) => line.trim());
}

/** Whether a line is more than a bracket or an `else`, which stand anywhere. */
function isTelling(line: string): boolean {
  return line.replaceAll(/\W/g, "").length >= 6;
}

/** Kinds of tokens, without names and values: renaming changes nothing. The scanner alone reads them, for a parser recurses. */
function tokenize(path: string, code: string): TokenizedFile {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, code);
  const kinds: string[] = [];
  const regions: Region[] = [];
  let [row, lineStart, read] = [0, 0, 0];
  /** Where a position lies; positions come in order. */
  const place = (position: number): [row: number, column: number] => {
    for (; read < position; read++) {
      if (code[read] !== "\n") continue;
      row++;
      lineStart = read + 1;
    }
    return [row, position - lineStart];
  };
  let repeated = 0;
  for (
    let kind = scanner.scan();
    kind !== ts.SyntaxKind.EndOfFileToken && kinds.length < MOST_TOKENS;
    kind = scanner.scan()
  ) {
    const name = ts.SyntaxKind[kind];
    repeated = name === kinds.at(-1) ? repeated + 1 : 0;
    if (repeated >= MOST_REPEATED) continue;
    kinds.push(name);
    regions.push(new Region(...place(scanner.getTokenStart()), ...place(scanner.getTokenEnd())));
  }
  return new TokenizedFile(new File(path, code.slice(0, read)), kinds, regions);
}
