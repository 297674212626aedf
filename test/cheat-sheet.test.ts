// The examples of docs/cells.md, run as they stand: one notebook, one after another, each with the answer below it.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeHelp } from "../kernel/help";
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
  // The notebook lies outside the course here, where no link would lead anywhere.
  expect(data["text/markdown"]).toContain("`docs/cells.md`");
  expect(shown(await notebook.one("help"))).toBe(data["text/plain"]);
});

test("help() links to the cheat sheet and to the page of progress from any folder of the course", () => {
  const course = join(folder, "course");
  mkdirSync(join(course, "docs"), { recursive: true });
  mkdirSync(join(course, "exercises", "one"), { recursive: true });
  writeFileSync(join(course, "docs", "cells.md"), "");
  writeFileSync(join(course, "course.ipynb"), "");
  const shownIn = (at: string): string => {
    let seen = "";
    makeHelp(at, (bundle) => (seen = bundle["text/markdown"]!))();
    return seen;
  };
  expect(shownIn(join(course, "exercises", "one"))).toContain("[docs/cells.md](../../docs/cells.md)");
  expect(shownIn(join(course, "exercises", "one"))).toContain("[course.ipynb](../../course.ipynb)");
  expect(shownIn(course)).toContain("[docs/cells.md](docs/cells.md)");
});

test("install() refuses what is no package's name before npm runs, and says what npm could not do", async () => {
  for (const [call, said] of [
    ["install()", "got none"],
    ['install("--global")', 'got "--global"'],
    ['install("./not-there-at-all")', "npm could not install ./not-there-at-all; what it says stands above"],
  ]) {
    const { reply } = await notebook.one(call!);
    expect(reply["evalue"]).toContain(said);
  }
});

test("install() puts a package beside the notebook, where the next cell imports it", async () => {
  mkdirSync(join(folder, "mine"));
  writeFileSync(
    join(folder, "mine", "package.json"),
    '{ "name": "mine", "version": "1.0.0", "main": "index.js" }',
  );
  writeFileSync(join(folder, "mine", "index.js"), "exports.nine = 9;");
  execFileSync("npm", ["pack", "--pack-destination", ".."], { cwd: join(folder, "mine"), stdio: "ignore" });
  const installed = await notebook.one('install("./mine-1.0.0.tgz")');
  expect(installed.reply["status"], String(installed.reply["evalue"])).toBe("ok");
  const used = await notebook.one('import { nine } from "mine";\nnine');
  expect(shown(used)).toBe("9");
  // One plain sentence, without TypeScript's advice for another kind of project.
  expect(written(used, "stderr")).toMatch(
    /^warning cell:1:22 - TS7016: mine has no types, so what is imported from it is not checked; [^\n]*install\("@types\/mine"\)[^\n]*\n[^\n]*\n[^\n]*\n$/,
  );
});

test("help() gives way to a name of one's own, also to one of another type", async () => {
  expect(shown(await notebook.one("const help = { mine: 1 };\nhelp.mine"))).toBe("1");
  expect(shown(await notebook.one("function help(x: number) { return 2 * x; }\nhelp(4)"))).toBe("8");
});
