// The examples of docs/cells.md, run as they stand: one notebook, one after another, each with the answer below it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Notebook, shown, written } from "./kernel-notebook";

const page = readFileSync(resolve(__dirname, "..", "docs", "cells.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "residual-cheat-sheet-"));
const notebook = new Notebook(folder);

beforeAll(async () => {
  await notebook.command("start");
});

afterAll(async () => {
  await notebook.command("stop");
  rmSync(folder, { recursive: true });
});

/** Code, and what stands below it, where something does. */
const examples = [...page.matchAll(/```ts\n([^]*?)\n```(?:\n\n```\n([^]*?)\n```)?/g)].map(
  ([, code, answer]) => [code!, answer] as const,
);

test("docs/cells.md has examples with answers", () => {
  expect(examples.filter(([, answer]) => answer !== undefined).length).toBeGreaterThan(4);
});

test.each(examples)("%s", async (code, answer) => {
  const result = await notebook.one(code);
  expect(result.reply["status"], String(result.reply["evalue"])).toBe("ok");
  if (answer === undefined) return;
  const text = shown(result) as string | undefined;
  expect((text ?? written(result, "stdout")).trimEnd()).toBe(answer);
});

test("help() shows commands that exist, each in docs/cells.md, and so does its name alone", async () => {
  const { scripts } = JSON.parse(
    readFileSync(resolve(import.meta.dirname, "..", "package.json"), "utf8"),
  ) as { scripts: Record<string, string> };
  const called = await notebook.one("help();");
  const data = called.outputs.find(({ type }) => type === "display_data")!.content["data"] as Record<
    string,
    string
  >;
  const commands = [...data["text/plain"]!.matchAll(/npm run (\S+)/g)];
  expect(commands.length).toBeGreaterThan(0);
  for (const [command, script] of commands) {
    expect(scripts).toHaveProperty([script!]);
    expect(page).toContain(`\`${command}\``);
  }
  expect(data["text/markdown"]).toContain("docs/cells.md");
  expect(shown(await notebook.one("help"))).toBe(data["text/plain"]);
});

test("help() gives way to a name of one's own, also to one of another type", async () => {
  expect(shown(await notebook.one("const help = { mine: 1 };\nhelp.mine"))).toBe("1");
  expect(shown(await notebook.one("function help(x: number) { return 2 * x; }\nhelp(4)"))).toBe("8");
});
