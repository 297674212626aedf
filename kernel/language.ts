// Answers about the language: versions, completion, inspection, and whether a cell is finished.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript";
import { version } from "typescript/package.json";
import type { CellCompiler } from "./compiler";
import { languageInfo } from "./language-info";
import type { Content } from "./outbox";
import { protocolVersion } from "./wire";

/** The version of this package; its `package.json` lies beside the sources and one above the built files. */
function ownVersion(): string {
  const folder = __dirname.endsWith("dist") ? join(__dirname, "..") : __dirname;
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}

/** The content of `kernel_info_reply`. */
export const kernelInfo: Content = {
  status: "ok",
  protocol_version: protocolVersion,
  implementation: "residual",
  implementation_version: ownVersion(),
  banner: `TypeScript ${version} on Node ${process.version}`,
  debugger: false,
  help_links: [{ text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/" }],
  language_info: languageInfo,
};

/** Jupyter counts a cursor's position in code points, TypeScript in UTF-16 units. */
const toUnits = (code: string, points: number): number => Array.from(code).slice(0, points).join("").length;
const toPoints = (code: string, units: number): number => Array.from(code.slice(0, units)).length;

function codeOf(content: Content): string {
  const { code } = content;
  if (typeof code !== "string") throw new TypeError(`a request's code must be a string; got ${typeof code}`);
  return code;
}

function cursor(content: Content): { code: string; position: number } {
  const code = codeOf(content);
  return { code, position: toUnits(code, Number(content["cursor_pos"] ?? Infinity)) };
}

/** The content of `complete_reply`. */
export function completion(compiler: Pick<CellCompiler, "complete">, request: Content): Content {
  const { code, position } = cursor(request);
  const { start, end, matches } = compiler.complete(code, position);
  const place = { start: toPoints(code, start), end: toPoints(code, end) };
  return {
    status: "ok",
    matches: matches.map(({ name }) => name),
    cursor_start: place.start,
    cursor_end: place.end,
    // JupyterLab shows these as the completions' icons.
    metadata: {
      _jupyter_types_experimental: matches.map(({ name, kind }) => ({ text: name, type: kind, ...place })),
    },
  };
}

const joined = (parts: readonly ts.SymbolDisplayPart[] = []): string =>
  parts.map(({ text }) => text).join("");

/**
 * The content of `inspect_reply`: signature, documentation and tags, as text and as Markdown. With `detail_level: 1` (the second
 * Shift+Tab of some clients) the declaration's own text follows.
 */
export function inspection(compiler: Pick<CellCompiler, "inspect">, request: Content): Content {
  const { code, position } = cursor(request);
  const info = compiler.inspect(code, position);
  if (!info) return { status: "ok", found: false, data: {}, metadata: {} };
  const signature = joined(info.displayParts);
  const source = Number(request["detail_level"] ?? 0) > 0 ? info.source : "";
  const tags = (info.tags ?? []).map(({ name, text }) => ({ name, text: joined(text) }));
  const documentation = joined(info.documentation);
  const fenced = (text: string): string => (text === "" ? "" : `\`\`\`typescript\n${text}\n\`\`\``);
  const list = (line: (tag: (typeof tags)[number]) => string): string => tags.map(line).join("\n");
  const paragraphs = (...parts: string[]): string => parts.filter((part) => part !== "").join("\n\n");
  const text = list((tag) => `@${tag.name} ${tag.text}`.trimEnd());
  const markdown = list((tag) => `- *@${tag.name}* ${tag.text}`.trimEnd());
  const data = {
    "text/plain": paragraphs(signature, documentation, text, source),
    "text/markdown": paragraphs(fenced(signature), documentation, markdown, fenced(source)),
  };
  return { status: "ok", found: true, data, metadata: {} };
}

/** The content of `is_complete_reply`. */
export function completeness(compiler: Pick<CellCompiler, "completeness">, request: Content): Content {
  return compiler.completeness(codeOf(request));
}
