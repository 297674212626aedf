// One pinned wheel as a file: fetched so that an interrupted download goes on, from the index that pip would ask.
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { parse, type DefaultTreeAdapterTypes } from "parse5";
import { download } from "../data/download";
import { get } from "../data/http";
import type { Run } from "./ground/processes.mjs";
import { pythonEnv } from "./python";

/** Prints the index that pip asks where nothing is set: it alone knows it. */
const DEFAULT_INDEX = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";
const STALL_MS = 30_000;

/** Where an index has a file, and how large it is. */
export interface Listed {
  readonly url: string;
  readonly bytes: number;
}

/** What is asked for, and where it goes. */
export interface WheelRequest {
  readonly name: string;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** Where the file and what is there of it lie; nothing of it is deleted before it is whole. */
  readonly folder: string;
  readonly python: string;
  readonly run: Run;
  /** Told how many bytes are there. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Fetches a wheel; gives the file's path.
 *
 * @throws Error where the index does not list the file, or it cannot be had from there: pip may know another way
 */
export async function fetchWheel({
  name,
  sha256,
  folder,
  python,
  run,
  onBytes,
}: WheelRequest): Promise<string> {
  // prettier-ignore
  const { url, bytes } = await findOnIndex(await indexOf(python, run), name, sha256);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, decodeURIComponent(basename(new URL(url).pathname)));
  await download(url, path, { bytes, sha256 }, { onBytes, stallMs: STALL_MS });
  return path;
}

/** The index that pip asks, by its environment and its files of settings. @throws Error where wheels are looked for elsewhere first */
export async function indexOf(python: string, run: Run): Promise<string> {
  const { status, output } = await run(python, ["-m", "pip", "config", "list"], { env: pythonEnv() });
  if (status !== 0) throw new Error("pip does not tell its settings");
  // `global.index-url='https://…'`, later lines over earlier ones; those of `download` and `install` over those of all commands.
  const settings = new Map<string, string>();
  for (const [, section, key, value] of output.matchAll(
    /^(global|install|download|:env:)\.([\w-]+)='(.*)'$/gm,
  ))
    if (section !== "install") settings.set(key!, value!);
  for (const key of ["find-links", "no-index", "extra-index-url"])
    if (settings.has(key)) throw new Error(`pip is set to ${key}`);
  const set = settings.get("index-url");
  if (set !== undefined) return set;
  const asked = await run(python, ["-c", DEFAULT_INDEX], { env: pythonEnv() });
  const index = asked.output.trim();
  if (asked.status !== 0 || !URL.canParse(index)) throw new Error("pip does not tell its index");
  return index;
}

/** Finds the file of a hash in a project's page of an index, in either of the forms that indexes give. @throws Error where it is not there */
export async function findOnIndex(index: string, name: string, sha256: string): Promise<Listed> {
  const page = new URL(`${index.replace(/\/*$/, "")}/${name}/`);
  const accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.5";
  const response = await get(page.href, { headers: { accept }, stallMs: STALL_MS });
  if (response.statusCode !== 200) throw new Error(`${page.host} answers ${response.statusCode ?? 0}`);
  const text = (await buffer(response)).toString("utf8");
  const isJson = (response.headers["content-type"] ?? "").includes("json");
  const href = isJson ? inJson(text, sha256) : inHtml(text, sha256);
  if (href === undefined) throw new Error(`${page.host} lists no file of ${name} with that hash`);
  const url = new URL(href, page);
  url.hash = "";
  // An index that asks who one is asks it for its files, too.
  if (url.origin === page.origin && url.username === "") {
    url.username = page.username;
    url.password = page.password;
  }
  return { url: url.href, bytes: await sizeOf(url.href) };
}

function inJson(text: string, sha256: string): string | undefined {
  const { files } = JSON.parse(text) as { files: { url: string; hashes: { sha256?: string } }[] };
  return files.find(({ hashes }) => hashes.sha256 === sha256)?.url;
}

function inHtml(text: string, sha256: string): string | undefined {
  const links: string[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("attrs" in node) for (const { name, value } of node.attrs) if (name === "href") links.push(value);
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(text));
  return links.find((link) => link.endsWith(`#sha256=${sha256}`));
}

/** How large a file is, by the head of its server's answer; the body is not read. @throws Error where it does not say */
async function sizeOf(url: string): Promise<number> {
  const response = await get(url, { stallMs: STALL_MS });
  response.destroy();
  const bytes = Number(response.headers["content-length"]);
  if (response.statusCode !== 200 || !(bytes > 0))
    throw new Error(
      `${new URL(url).host} answers ${response.statusCode ?? 0} and does not say how large the file is`,
    );
  return bytes;
}
