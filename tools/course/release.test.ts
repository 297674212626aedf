// What learners get: no answer, nothing that leads nowhere, and updates that leave alone what others changed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { dirname, join, normalize, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listAnswers } from "../exercises/answers";
import { isWorkedIn } from "../exercises/learner";
import { slugs } from "../exercises/master";
import { formatNotebook, parseNotebook } from "../notebooks/notebook";
import { brokenLinks, texts } from "../site/links";
import { asReleased } from "./contents";
import { leaks, tellingLines, type TellingLines } from "./leaks";
import { manifestName, mustBeCommitted, releasedFiles, writeRelease, type ReleasedFile } from "./release";

const root = resolve(__dirname, "..", "..");
const scratch = mkdtempSync(join(tmpdir(), "residual-release-"));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

describe("the course's own release", () => {
  let files: Map<string, ReleasedFile>;
  let telling: TellingLines;
  const folder = join(scratch, "course");

  beforeAll(() => {
    files = releasedFiles(root);
    telling = tellingLines(root);
    writeRelease(root, folder, files);
  });

  const leaksWith = (path: string, text: string) => leaks(new Map([[path, Buffer.from(text)]]), telling);

  test("releasedFiles() holds the course and none of its answers", () => {
    const bytes = new Map([...files].map(([path, file]) => [path, file.bytes]));
    expect(leaks(bytes, telling)).toEqual([]);
    expect(
      [...files.keys()].filter((path) => /\bsolution|hidden|wrong|also-right|grad(e|ing)\b|proof|teaching|exam\b|check-yourself/.test(path)), // prettier-ignore
    ).toEqual([]);
    for (const path of [
      "README.md",
      "notebooks/00-start-here.ipynb",
      "exercises/03-growing-unit/exercise.json",
      "lib/index.ts",
      "kernel/kernel.ts",
      "tools/setup/bootstrap.mjs",
      "test/course.test.ts",
    ])
      expect(files.has(path), path).toBe(true);
    // Whoever has only this must learn from it how to hand in.
    expect(files.get("exercises/README.md")!.bytes.toString("utf8")).toContain("## Handing in");
    for (const slug of slugs(root)) {
      const path = `exercises/${slug}/${slug}.ipynb`;
      expect(isWorkedIn(parseNotebook(files.get(path)!.bytes.toString("utf8"), path)), path).toBe(false);
    }
  });

  test("leaks() finds every answer that would lie in a notebook, a hidden check under any name, and the sealed answers", () => {
    const planted = new Map<string, string>();
    for (const slug of slugs(root)) {
      const path = `exercises/${slug}/${slug}.ipynb`;
      const notebook = parseNotebook(readFileSync(join(root, path), "utf8"), path);
      for (const { name, source } of listAnswers(root, slug)) {
        // An answer that is a line or two which anyone would write is known by nothing.
        if (name === "stub" || (name !== "reference" && !telling.has(`solutions/${slug}/${name}.ts`)))
          continue;
        notebook.cells[2] = { ...notebook.cells[2]!, source };
        planted.set(`${slug} ${name}.ipynb`, formatNotebook(notebook));
      }
      planted.set(`${slug} x.ts`, readFileSync(join(root, "solutions", slug, "hidden.ts"), "utf8"));
    }
    const found = leaks(new Map([...planted].map(([path, text]) => [path, Buffer.from(text)])), telling);
    const named = new Set(found.map((line) => line.split(" holds ")[0]));
    expect([...planted.keys()].filter((path) => !named.has(path))).toEqual([]);
    expect(planted.size).toBeGreaterThan(400);
    const sealed = readFileSync(join(root, "solutions", "check-yourself.ts"), "utf8");
    expect(leaksWith("docs/x.md", sealed)[0]).toContain("solutions/check-yourself.ts");
    const exam = readFileSync(join(root, "solutions", "exam", "exam.md"), "utf8");
    expect(leaksWith("docs/x.md", exam)[0]).toContain("solutions/exam/exam.md");
    const questions = readFileSync(join(root, "solutions", "exam", "degradation.ts"), "utf8");
    expect(leaksWith("docs/x.md", questions)[0]).toContain("solutions/exam/degradation.ts");
  });

  test("a release's links lead somewhere, its scripts and imports name files that are there", () => {
    expect(brokenLinks(folder, texts(folder))).toEqual([]);
    const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const entries = Object.values(scripts).flatMap((script) => script.match(/tools\/\S+\.(?:ts|mjs)/g) ?? []);
    expect(entries.filter((path) => !files.has(path))).toEqual([]);
    expect(Object.keys(scripts)).toContain("progress");
    const missing = [...files].flatMap(([path, { bytes }]) => {
      if (!/\.(?:ts|mts|mjs)$/.test(path) || path.startsWith("test/corpus/")) return [];
      return [...bytes.toString("utf8").matchAll(/^(?:import|export) [^;]*?from "(\.[^"]+)";$/gm)]
        .map(([, target]) => normalize(join(dirname(path), target!)))
        .filter(
          (target) =>
          [target, `${target}.ts`, `${target}/index.ts`, target.replace(/\.js$/, ".ts")].every((one) => !files.has(one)), // prettier-ignore
        )
        .map((target) => `${path} imports ${target}`);
    });
    expect(missing).toEqual([]);
    const mentioned = [...files].flatMap(
      ([path, { bytes }]) =>
      path.endsWith(".md") ? (bytes.toString("utf8").match(/npm run ([\w:]+)/g) ?? []).map((one) => one.slice(8)) : [], // prettier-ignore
    );
    expect([...new Set(mentioned)].filter((name) => !(name in scripts))).toEqual([]);
    expect(statSync(join(folder, ".ci", "run")).mode & 0o111).not.toBe(0);
  });

  test("npm run progress works in a release", () => {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const { stdout, stderr } = spawnSync(process.execPath, ["-r", "./tools/typescript.cjs", "tools/exercises/progress-main.ts"], { cwd: folder, encoding: "utf8" }); // prettier-ignore
    expect(stdout, stderr).toContain(`0 of ${slugs(root).length} solved. Next: 00-error-rate`);
    expect(stderr, "nothing is tried yet, so nothing has to be loaded that greets").toBe("");
  });
});

describe("writeRelease()", () => {
  const files = (texts: Record<string, string>): Map<string, ReleasedFile> =>
    new Map(Object.entries(texts).map(([path, text]) => [path, { bytes: Buffer.from(text), mode: 0o644 }]));
  const folder = join(scratch, "class");
  const read = (path: string) => readFileSync(join(folder, path), "utf8");

  test("writes through no link, and names what a file, a folder or a link has taken the place of", () => {
    const [taken, elsewhere] = [join(scratch, "taken"), join(scratch, "elsewhere")];
    mkdirSync(elsewhere);
    const release = (text: string) =>
      writeRelease(root, taken, files({ "a/x.ts": text, "b/y.ts": text, "c.ts": text, "d.ts": text, "e/gone.ts": text, "z.ts": text })); // prettier-ignore
    release("1");
    for (const path of ["a", "b", "c.ts", "d.ts", "e"]) rmSync(join(taken, path), { recursive: true });
    writeFileSync(join(taken, "a"), "mine");
    symlinkSync(elsewhere, join(taken, "b"));
    mkdirSync(join(taken, "c.ts"));
    symlinkSync(join(elsewhere, "nowhere"), join(taken, "d.ts"));
    writeFileSync(join(taken, "e"), "mine");
    writeFileSync(join(elsewhere, "y.ts"), "1");
    expect(release("2")).toEqual({
      added: [],
      updated: ["z.ts"],
      removed: [],
      kept: ["a/x.ts", "b/y.ts", "c.ts", "d.ts", "e/gone.ts"],
    });
    expect(writeRelease(root, taken, files({ "z.ts": "3" })).updated).toEqual(["z.ts"]);
    expect(readdirSync(elsewhere)).toEqual(["y.ts"]);
    expect(readFileSync(join(elsewhere, "y.ts"), "utf8")).toBe("1");
  });

  test("brings an earlier release up to date, and leaves what others changed or made, and git, as they are", () => {
    mkdirSync(join(folder, ".git"), { recursive: true });
    writeFileSync(join(folder, ".git", "HEAD"), "history");
    writeRelease(
      root,
      folder,
      files({ "a.ts": "1", "b/c.ts": "1", "d.ts": "1", "gone/e.ts": "1", "gone2.ts": "1" }),
    );
    writeFileSync(join(folder, "d.ts"), "mine");
    writeFileSync(join(folder, "gone2.ts"), "mine");
    writeFileSync(join(folder, "own.ts"), "mine");
    const newer = files({ "a.ts": "2", "b/c.ts": "1", "d.ts": "2", "f.ts": "2", "own.ts": "2" });
    const written = writeRelease(root, folder, newer);
    expect(written).toEqual({
      added: ["f.ts"],
      updated: ["a.ts"],
      removed: ["gone/e.ts"],
      kept: ["d.ts", "own.ts", "gone2.ts"],
    });
    expect([read("a.ts"), read("d.ts"), read("own.ts"), read("gone2.ts")]).toEqual([
      "2",
      "mine",
      "mine",
      "mine",
    ]);
    expect(read(".git/HEAD")).toBe("history");
    expect(existsSync(join(folder, "gone"))).toBe(false);
    // What was kept stays so the next time too.
    expect(writeRelease(root, folder, newer).kept).toEqual(["d.ts", "own.ts"]);
    expect(read("d.ts")).toBe("mine");
  });

  test("writes through no link that lies in the folder", () => {
    const outside = join(scratch, "outside.ts");
    writeFileSync(outside, "outside");
    rmSync(join(folder, "a.ts"));
    symlinkSync(outside, join(folder, "a.ts"));
    expect(writeRelease(root, folder, files({ "a.ts": "3" })).kept).toContain("a.ts");
    expect(readFileSync(outside, "utf8")).toBe("outside");
  });

  test("refuses a folder with something else in it, and one within the instructor's repository", () => {
    const other = join(scratch, "other");
    mkdirSync(other);
    writeFileSync(join(other, "thesis.tex"), "");
    expect(() => writeRelease(root, other, files({ "a.ts": "1" }))).toThrow(`${other} holds thesis.tex`);
    expect(() => writeRelease(root, join(root, "runs", "x"), files({}))).toThrow("a folder of its own");
    expect(() => writeRelease(root, dirname(root), files({}))).toThrow("a folder of its own");
    expect(existsSync(join(other, manifestName))).toBe(false);
  });
});

test("mustBeCommitted() names what an instructor tried out", () => {
  const folder = join(scratch, "git");
  mkdirSync(folder);
  const git = (...args: string[]) =>
    spawnSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org", ...args]);
  git("init", "--quiet");
  writeFileSync(join(folder, "a.ipynb"), "1");
  git("add", "a.ipynb");
  git("commit", "--quiet", "--message", "a");
  mustBeCommitted(folder);
  writeFileSync(join(folder, "a.ipynb"), "an answer");
  expect(() => {
    mustBeCommitted(folder);
  }).toThrow("changed since: a.ipynb. Commit it");
  expect(() => {
    mustBeCommitted(scratch);
  }).toThrow("is no git checkout");
});

test("asReleased() leaves out teachers' parts, and refuses a page where a mark is alone", () => {
  const page = "# A\n\n<!-- teachers -->\n\nsecret\n\n<!-- /teachers -->\n\nB\n";
  expect(asReleased("a.md", Buffer.from(page)).toString()).toBe("# A\n\nB\n");
  expect(asReleased("a.md", Buffer.from(page.replace("\nB\n", ""))).toString()).toBe("# A\n");
  expect(() => asReleased("a.md", Buffer.from("<!-- teachers -->\nsecret\n"))).toThrow(
    "one of them is alone",
  );
});
