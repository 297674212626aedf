// Folders of learners who hand in links, pipes, floods and names of all kinds, beside one who hands in a notebook.
import { execFileSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Exercise } from "../exercise";
import { readSubmitted } from "../notebook/submitted";
import { findSubmissions, singleSubmission, type Found } from "./discover";
import { parseTimes } from "./times";

const exercise = { slug: "03-option-a" } as Exercise;
const options = { exercises: [exercise] };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "residual-intake-"));
  put("victim/03-option-a.ipynb");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string, text = "{}"): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
const ofEve = ({ submissions, refused }: Found): { files: string[]; refused: string[] } => ({
  files: submissions.filter(({ learner }) => learner === "eve").map(({ file }) => file),
  refused: refused.filter(({ learner }) => learner === "eve").map(({ why }) => why),
});
const find = (): ReturnType<typeof ofEve> => {
  const found = findSubmissions(folder, options);
  expect(found.submissions.map(({ file }) => file)).toContain("victim/03-option-a.ipynb");
  expect(found.refused.filter(({ learner }) => learner === "victim")).toEqual([]);
  return ofEve(found);
};

test("findSubmissions() follows no link: to a peer's folder, to a peer's notebook, to itself, to a device", () => {
  mkdirSync(join(folder, "eve"));
  symlinkSync("../victim", join(folder, "eve", "peer"));
  symlinkSync("../victim/03-option-a.ipynb", join(folder, "eve", "03-option-a.ipynb"));
  for (const name of ["loop", "loop-too"]) symlinkSync(".", join(folder, "eve", name));
  symlinkSync("/dev/zero", join(folder, "eve", "zero.ipynb"));
  symlinkSync("nowhere", join(folder, "eve", "broken"));
  expect(find()).toEqual({
    files: [],
    refused: ["03-option-a.ipynb", "broken", "loop", "loop-too", "peer", "zero.ipynb"].map(
      (name) => `${name}: a link; links are not followed`,
    ),
  });
});

test("findSubmissions() takes a link in a learner's place for no folder", () => {
  symlinkSync("victim", join(folder, "eve"));
  expect(find()).toEqual({ files: [], refused: ["a link; links are not followed"] });
});

test("findSubmissions() neither opens pipes nor sockets, wherever they lie", async () => {
  mkdirSync(join(folder, "eve"));
  for (const name of ["03-option-a.ipynb", "timestamp.txt"])
    execFileSync("mkfifo", [join(folder, "eve", name)]);
  const server = createServer();
  await new Promise<void>((done) => server.listen(join(folder, "eve", "s"), done));
  const { files, refused } = find();
  server.close();
  expect(files).toEqual([]);
  expect(refused).toEqual([
    "03-option-a.ipynb: a pipe, not a file",
    "s: a socket, not a file",
    "timestamp.txt: a pipe, not a file",
  ]);
});

test("findSubmissions() stops in a folder that is too deep, too full, or holds a file that is too large", () => {
  put("eve/03-option-a.ipynb");
  put(`eve/${"deep/".repeat(40)}03-option-a.ipynb`);
  truncateSync(put("eve/z/03-option-a.ipynb"), 2 ** 31);
  mkdirSync(join(folder, "eve", "many"));
  for (let i = 0; i < 5001; i++) writeFileSync(join(folder, "eve", "many", `${i}.txt`), "");
  const { files, refused } = find();
  expect(files).toEqual(["eve/03-option-a.ipynb"]);
  expect(refused.join("\n")).toMatch(/more than 5000 files/);
  rmSync(join(folder, "eve", "many"), { recursive: true });
  expect(find().refused.join("\n")).toMatch(/has 2147483648 bytes[\s\S]*more than 12 folders/);
});

test("findSubmissions() takes of one learner 4 GiB of notebooks together, however little disk they fill", () => {
  for (let i = 0; i < 6; i++) truncateSync(put(`eve/${i}/03-option-a.ipynb`), 2 ** 30);
  const { files, refused } = find();
  expect(files).toEqual([0, 1, 2, 3].map((i) => `eve/${i}/03-option-a.ipynb`));
  expect(refused).toEqual(
    [4, 5].map((i) => `${i}/03-option-a.ipynb: with those before it has more than 4294967296 bytes, which are not read`), // prettier-ignore
  );
});

test("readSubmitted() reads no peer's notebook where a folder has become a link since findSubmissions() saw it", async () => {
  put("eve/a/03-option-a.ipynb", '{"cells":[]}');
  const [path] = findSubmissions(folder, options).submissions.filter(({ learner }) => learner === "eve").map((each) => each.path); // prettier-ignore
  expect((await readSubmitted(path!)).bytes).toBe(12);
  renameSync(join(folder, "eve", "a"), join(folder, "eve", "b"));
  symlinkSync("../victim", join(folder, "eve", "a"));
  expect(await readSubmitted(path!)).toMatchObject({
    bytes: 0,
    notes: ["it was replaced, or a folder above it by a link, while the class was graded"],
  });
  // The instructor's own way to the hand-ins may well be a link.
  const link = `${folder}-link`;
  symlinkSync(folder, link);
  try {
    const seen = findSubmissions(link, options).submissions.find(({ learner }) => learner === "victim")!;
    expect((await readSubmitted(seen.path)).bytes).toBe(2);
    expect((await readSubmitted(singleSubmission(join(link, "victim", "03-option-a.ipynb"), "ada", options).path)).bytes).toBe(2); // prettier-ignore
  } finally {
    rmSync(link);
  }
});

test("findSubmissions() passes over what was handed in for an exercise that is not graded now, also where its name begins alike", () => {
  const other = { slug: "03-option-a-again" } as Exercise;
  put("eve/03-option-a-again.ipynb");
  put("eve/notes.ipynb");
  const found = findSubmissions(folder, { ...options, all: [exercise, other] });
  expect(ofEve(found)).toEqual({
    files: [],
    refused: ["notes.ipynb: no exercise is named like this file or its folder"],
  });
});

test("findSubmissions() names each of many reasons once, and counts the rest", () => {
  for (let i = 0; i < 50; i++) put(`eve/other-${i}.ipynb`);
  const { refused } = find();
  expect(refused).toHaveLength(21);
  expect(refused.at(-1)).toBe("and 30 more like these");
});

test("findSubmissions() passes over what tools make, and tells the instructor of one file in two folders", () => {
  put("eve/.ipynb_checkpoints/03-option-a-checkpoint.ipynb");
  put("eve/node_modules/03-option-a.ipynb");
  put("eve/__MACOSX/._03-option-a.ipynb");
  put("eve/._03-option-a.ipynb");
  expect(find()).toEqual({ files: [], refused: ["the folder holds no file"] });
  linkSync(join(folder, "victim", "03-option-a.ipynb"), join(folder, "eve", "03-option-a.ipynb"));
  expect(findSubmissions(folder, options).warnings).toEqual([
    "eve and victim hold one and the same file, by hard links: look whose it is",
  ]);
});

test("findSubmissions() takes no folder for a learner that tools make beside the learners' own", () => {
  for (const path of ["__MACOSX/victim/._03-option-a.ipynb", ".git/HEAD", ".ipynb_checkpoints/03-option-a-checkpoint.ipynb", "node_modules/03-option-a.ipynb"]) put(path); // prettier-ignore
  const { submissions, refused, warnings } = findSubmissions(folder, options);
  expect(submissions.map(({ learner }) => learner)).toEqual(["victim"]);
  expect([refused, warnings]).toEqual([[], []]);
});

test("findSubmissions() names what lies in the folder of a learner without a notebook, unless nobody has one", () => {
  for (const name of ["03-option-a.IPYNB", "03-option-a.ipynb.txt", "a/b.zip", "c.pdf"]) put(`eve/${name}`);
  expect(find()).toEqual({
    files: [],
    refused: ["the folder holds no notebook, whose name ends in .ipynb, but 03-option-a.IPYNB, 03-option-a.ipynb.txt, c.pdf"], // prettier-ignore
  });
  rmSync(join(folder, "victim"), { recursive: true });
  expect(ofEve(findSubmissions(folder, options))).toEqual({ files: [], refused: [] });
});

test("findSubmissions() says which name is no UTF-8, of a learner and of a file", () => {
  mkdirSync(join(folder, "eve"));
  mkdirSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from("Jos\xe9", "latin1")]));
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/eve/`), Buffer.from("\xe9.ipynb", "latin1")]), "{}");
  expect(findSubmissions(folder, options).refused).toEqual([
    { learner: "Jos\ufffd", why: "has a name that is not written in UTF-8; rename it" },
    { learner: "eve", why: "\ufffd.ipynb: has a name that is not written in UTF-8; rename it" },
  ]);
});

test("findSubmissions() gives every learner a name that is safe, and no two the same", () => {
  const odd = [
    "x".repeat(251),
    "__proto__",
    "constructor",
    "-rf",
    "--out",
    "ada",
    "Ada",
    "e\u0301",
    "é",
    "\u001b[31mred",
    "a\nb",
    "...",
  ];
  for (const name of odd) put(`${name}/03-option-a.ipynb`);
  const learners = findSubmissions(folder, options).submissions.map(({ learner }) => learner);
  expect(new Set(learners.map((name) => name.toLowerCase())).size).toBe(odd.length + 1);
  for (const name of learners) expect(name).toMatch(/^[^\p{C}]{1,120}$/u);
});

test("findSubmissions() takes times from the instructor's list, else from the file, never from timestamp.txt", () => {
  const path = put("eve/a/03-option-a.ipynb");
  put("eve/a/timestamp.txt", "2001-01-01 00:00:00 UTC");
  utimesSync(path, 0, Date.parse("2026-12-01T10:00:00Z") / 1000);
  const time = (table?: string): string[] => {
    const timeOf = table === undefined ? {} : { timeOf: parseTimes(table, ["03-option-a"]) };
    const { submissions } = findSubmissions(folder, { ...options, ...timeOf });
    const own = submissions.find(({ learner }) => learner === "eve")!;
    return [own.submitted, ...own.notes];
  };
  expect(time()).toEqual(["2026-12-01T10:00:00.000Z"]);
  const head = "learner,exercise,submitted,file\n";
  expect(time(`${head}eve,03-option-a,2026-11-01T10:00:00+01:00,\n`)).toEqual(["2026-11-01T09:00:00.000Z"]);
  expect(time(`${head}eve,03-option-a,2026-11-02T10:00:00Z,a/03-option-a.ipynb\n`)).toEqual([
    "2026-11-02T10:00:00.000Z",
  ]);
  expect(time(`${head}victim,03-option-a,2026-11-02T10:00:00Z,\n`)).toEqual([
    "2026-12-01T10:00:00.000Z",
    "its time of hand-in is the file's own: the list of times has none",
  ]);
  expect(() => time(`${head}eve,03-option-a,2026-11-02,\n`)).toThrow(/with their zone/);
  expect(() => time("a,b\n1,2\n")).toThrow(/needs the columns/);
  expect(() => time(`${head}eve,03-option,2026-11-02T10:00:00Z,\n`)).toThrow("there is no exercise 03-option (for eve)"); // prettier-ignore
});

test("singleSubmission() refuses a link and a pipe", () => {
  const link = join(folder, "03-option-a.ipynb");
  symlinkSync("victim/03-option-a.ipynb", link);
  expect(() => singleSubmission(link, "eve", options)).toThrow(/links are not followed/);
  expect(singleSubmission(join(folder, "victim", "03-option-a.ipynb"), "eve", options).learner).toBe("eve");
});

test("findSubmissions() survives any tree of folders, files, links and pipes, and finds the regular notebooks", () => {
  const part = fc.constantFrom("a", "b", "03-option-a", "\u001b[2J", "x".repeat(255), "é");
  const thing = fc.record({
    place: fc.array(part, { maxLength: 4 }),
    kind: fc.constantFrom("file", "link", "up", "pipe"),
  });
  fc.assert(
    fc.property(fc.array(thing, { maxLength: 8 }), (things) => {
      rmSync(join(folder, "eve"), { recursive: true, force: true });
      mkdirSync(join(folder, "eve"));
      const made = new Set<string>();
      things.forEach(({ place, kind }, index) => {
        const at = join(folder, "eve", ...place);
        mkdirSync(at, { recursive: true });
        const path = join(at, `03-option-a-${index}.ipynb`);
        if (kind === "file") writeFileSync(path, "{}");
        if (kind === "link") symlinkSync("/dev/zero", path);
        if (kind === "up") symlinkSync("..", path);
        if (kind === "pipe") execFileSync("mkfifo", [path]);
        if (kind === "file") made.add(`${index}`);
      });
      const { files, refused } = find();
      expect(files).toHaveLength(made.size);
      // A folder in which nothing lies is named as such.
      expect(refused).toHaveLength(Math.max(things.length, 1) - made.size);
    }),
    { numRuns: 30 },
  );
});
