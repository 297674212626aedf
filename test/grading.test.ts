// The grader against learners who attack it, files that are damaged, and a kill in the middle.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LearnerRecord } from "../tools/grade/record";
import { parseNotebook } from "../tools/notebooks/notebook";
import { filled, writeSynthetic } from "../tools/grade/synthetic";
import { attackPrograms, sampleOfKind } from "./attack-programs";
import { answers, attacks, finished, given, root, slug, startGrade, tried } from "./grading-fixture";

const scratch = mkdtempSync(join(tmpdir(), "residual-grading-"));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const recordOf = (out: string, learner: string): LearnerRecord =>
  JSON.parse(readFileSync(join(out, "records", `${learner}.json`), "utf8")) as LearnerRecord;
const scoresIn = (out: string): Map<string, number> =>
  new Map(
    readdirSync(join(out, "records")).map((name) => [
      name.replace(".json", ""),
      recordOf(out, name.replace(".json", "")).score,
    ]),
  );
const bookIn = (out: string): string[] =>
  readdirSync(join(out, "records"))
    .sort()
    .map((name) => readFileSync(join(out, "records", name), "utf8"));
const running = (): string[] =>
  execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
    .split("\n")
    // Another checkout on this machine may be grading too.
    .filter((line) => line.includes(join(root, "node_modules")))
    .filter((line) => /residual\/grade-[\w-]+\/(run|compile)\.js/.test(line));

/** Each attack, and the mistake that the grader names for its first property, or a word of its note. */
const outcomes: Readonly<Record<string, RegExp>> = {
  "answer-nan": /wrong-sum/,
  "answer-proxy": /wrong-length/,
  "answer-too-deep": /throws/,
  "answer-too-large": /answer-line/,
  "answer-with-proto": /wrong-length/,
  "answer-with-tojson": /throws/,
  "attach-debugger": /neither start threads nor be debugged/,
  "await-forever": /did not finish in time/,
  "change-given-cells": /must not change; the original was used/,
  "declare-right-types": /not-defined/,
  "declare-types-away": /not-defined/,
  "exit-in-answer": /answer-exit/,
  "exit-on-timer": /answer-exit/,
  "exit-zero": /ended the program/,
  "fill-disk": /wrong-length/,
  "fill-memory": /more memory|ended the program/,
  "fill-memory-by-children": /more memory/,
  "flood-channel": /wrote to the grader's own channel/,
  "flood-newlines": /prints more/,
  "forge-descriptor": /wrote to the grader's own channel/,
  "forge-dropped-cell": /cell 3 ended the program/,
  "forge-listener": /wrong-length/,
  "forge-metadata": /wrong-length/,
  "forge-protocol": /wrong-length/,
  "forge-protocol-forever": /wrong-length/,
  "fork-bomb": /EAGAIN/,
  "hoard-unseen-memory": /held 0 MiB/,
  "html-in-code": /stopped with an error/,
  "import-solution": /Cannot find module/,
  "kill-everything": /stopped with an error/,
  "kill-parent": /EPERM/,
  "many-processes": /wrong-length/,
  "open-socket": /wrong-length/,
  "overwrite-judge": /wrong-length/,
  "patch-array-prototype": /read only property .every/,
  "patch-drive": /wrong-length/,
  "patch-file-system": /wrong-length/,
  "patch-functions-in-answer": /throws/,
  "patch-globals": /Cannot redefine property/,
  "patch-json": /read only property .stringify/,
  "patch-math-abs": /wrong-length/,
  "patch-number-comparison": /throws/,
  "patch-then": /not extensible/,
  "patch-tojson": /not extensible/,
  "poison-require-cache": /wrong-length/,
  "print-fake-score": /wrong-length/,
  "print-forever": /did not finish|more memory/,
  "read-grader-memory": /wrong-length/,
  "read-hidden-checks": /wrong-length/,
  "read-other-submission": /wrong-length/,
  "replace-drive": /wrong-length/,
  "replace-question": /answer-forged/,
  "require-solution": /wrong-length/,
  "search-heap": /wrong-length/,
  "spin-forever": /did not finish in time/,
  "spin-in-answer": /answer-time/,
  "steal-question": /wrong-length|answer-time/,
  "steal-question-by-thread": /neither start threads/,
  "swap-kernel": /names the kernel bash/,
  "take-key": /nor look into its own process/,
  "tamper-cell-ids": /answers are found by the names/,
  "tell-cases-by-error": /throws/,
  "tell-cases-by-file": /wrong-length/,
  "tell-cases-by-output": /wrong-length/,
  "type-bomb": /does not compile/,
  "worker-threads": /stopped with an error|did not finish|ended the program/,
  "write-forever": /prints more/,
  "write-native-code": /native code ran/,
  "write-outside": /wrong-length/,
};

const submissions = join(scratch, "submissions");
const exercises = tried(join(scratch, "exercises"));
const grades = join(scratch, "grades");
const memoryMiB = 768;
let connections = 0;
/** What the command printed. */
let printed = "";

/** The right answer, with 500 MB of output that looks like the end of it and like more JSON. */
function writeLarge(path: string): void {
  const notebook = filled(given, answers[0]!.sources);
  const [before, after] = JSON.stringify({
    ...notebook,
    cells: notebook.cells.map((cell, i) => (i === 2 ? { ...cell, outputs: ["HERE"] } : cell)),
  }).split('"HERE"');
  writeFileSync(path, `${before!}{"output_type":"stream","name":"stdout","text":"`);
  const block = '\\u0041]}\\"x'.repeat(1 << 17);
  for (let written = 0; written < 500e6; written += block.length) writeFileSync(path, block, { flag: "a" });
  writeFileSync(path, `"}${after!}`, { flag: "a" });
}

beforeAll(async () => {
  for (const learner of ["victim", "large"]) mkdirSync(join(submissions, learner), { recursive: true });
  writeFileSync(
    join(submissions, "victim", `${slug}.ipynb`),
    JSON.stringify(filled(given, answers[0]!.sources)),
  );
  writeLarge(join(submissions, "large", `${slug}.ipynb`));
  for (const name of readdirSync(attacks))
    cpSync(join(attacks, name), join(submissions, name.replace(".ipynb", ""), `${slug}.ipynb`));
  for (const [kind, programs] of attackPrograms())
    for (const [name, source] of programs.slice(0, sampleOfKind)) {
      mkdirSync(join(submissions, `pattern-${kind}-${name}`));
      writeFileSync(
        join(submissions, `pattern-${kind}-${name}`, `${slug}.ipynb`),
        JSON.stringify(filled(given, [source, ""])),
      );
    }
  // What `open-socket` tries to reach.
  const server = createServer(() => connections++).listen(45917, "127.0.0.1");
  // Many of them do nothing until their time is over: four at once.
  const options = ["--memory", `${memoryMiB}`, "--jobs", "4", "--exercises", exercises];
  const { status, text } = await finished(startGrade(submissions, grades, options));
  server.close();
  expect(status, text).toBe(0);
  printed = text;
}, 900_000);

test("the attack suite names an outcome for every file", () => {
  expect(
    readdirSync(attacks)
      .map((name) => name.replace(".ipynb", ""))
      .sort(),
  ).toEqual(Object.keys(outcomes).sort());
  expect(Object.keys(outcomes).length).toBeGreaterThanOrEqual(30);
});

test.each(Object.entries(outcomes))("grade() %s gains nothing and is told why", (name, outcome) => {
  const [exercise] = recordOf(grades, name).exercises;
  expect(exercise!.points).toBe(0);
  const told = [
    ...exercise!.notes,
    ...exercise!.questions.flatMap(({ properties }) => properties.map(({ mistake }) => mistake ?? "")),
  ];
  expect(told.join("\n")).toMatch(outcome);
});

test("grade() an attack of each pattern gains nothing; npm run grade:attack takes all of them", () => {
  const names = [...scoresIn(grades)].filter(([name]) => name.startsWith("pattern-"));
  expect(names.length).toBe(attackPrograms().size * sampleOfKind);
  expect(names.filter(([, score]) => score !== 0)).toEqual([]);
});

test("grade() attacks leave an honest learner's score, the network, the disk and the machine alone", () => {
  expect(recordOf(grades, "victim").score).toBe(6);
  expect(connections).toBe(0);
  for (const folder of [submissions, exercises, join(exercises, slug), "/", "/usr", "/etc", "/dev", "/tmp"])
    expect(existsSync(join(folder, "attack-was-here"))).toBe(false);
  expect(readdirSync(join(exercises, slug)).sort()).toEqual([".ipynb_checkpoints", `${slug}.ipynb`]);
  expect(running()).toEqual([]);
});

test("grade() says nothing of a hidden snippet that does not compile but the property's own words", () => {
  const { properties } = recordOf(grades, "answer-nan").exercises[0]!.questions[0]!;
  expect(properties.find(({ id }) => id === "typed")).toMatchObject({
    mistake: "takes-anything",
    message: "the branch must be typed as a function of vectors",
  });
});

test("grade() tells nothing that a learner's code says while it knows a hidden case", () => {
  for (const name of Object.keys(outcomes).filter((each) => each.startsWith("tell-cases")))
    // The record holds the learner's own code, which says it in its own words.
    expect(
      JSON.stringify(recordOf(grades, name), (key, value: unknown) =>
        key === "code" ? "" : value,
      ).replaceAll(name, ""),
    ).not.toMatch(/leak/);
});

test("grade() feedback holds no markup of a learner's", () => {
  const html = readFileSync(join(grades, "feedback", "html-in-code.html"), "utf8");
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain("&lt;script&gt;");
});

test("grade() after a SIGKILL in the middle gives the gradebook of a run in one go", async () => {
  const folder = join(scratch, "class");
  const expected = writeSynthetic(folder, { slug, notebook: given, answers, count: 18, corrupted: 10 });
  const [whole, killed] = [join(scratch, "whole"), join(scratch, "killed")];
  const once = await finished(startGrade(folder, whole));
  expect(once.status, once.text).toBe(0);
  expect(scoresIn(whole)).toEqual(expected);

  const child = startGrade(folder, killed);
  const end = finished(child);
  await new Promise<void>((resolve) => {
    child.stdout!.on("data", () => {
      if (existsSync(join(killed, "attempts")) && readdirSync(join(killed, "attempts")).length >= 5)
        resolve();
    });
  });
  child.kill("SIGKILL");
  await end;
  const kept = readdirSync(join(killed, "attempts")).length;
  expect(kept).toBeLessThan(18);
  const again = await finished(startGrade(folder, killed));
  expect(again.status, again.text).toBe(0);
  expect(again.text).toMatch(/\b([5-9]|1[0-7]) kept from earlier/);
  expect(bookIn(killed)).toEqual(bookIn(whole));
  expect(running()).toEqual([]);
  // The one that went on has cleared up behind the killed one.
  const cache = join(root, "node_modules", ".cache", "residual");
  expect(readdirSync(cache).filter((name) => name.startsWith(`grade-${child.pid!}-`))).toEqual([]);
});

test("grade() 500 MB of outputs cost neither memory nor points", () => {
  expect(recordOf(grades, "large").score).toBe(6);
  expect(Number(/grader (\d+) MiB/.exec(printed)![1])).toBeLessThan(500);
});

test("grade() ends what a learner's program has started when its memory together is too much", () => {
  const [, amount, unit] = /largest learner's program ([\d.]+) (MiB|GiB)/.exec(printed)!;
  // It is looked at every 50 ms, in which eight children can fill some hundred MiB more.
  expect(Number(amount) * (unit === "GiB" ? 1024 : 1)).toBeLessThan(2 * memoryMiB);
});

test("grade() shows a wrong answer a public input, and an answer that remembers hidden ones has forgotten them there", async () => {
  const [real, folder, out] = ["09-path-lengths", join(scratch, "real"), join(scratch, "shown")];
  const path = join(root, "exercises", real, `${real}.ipynb`);
  // Gives back every depth that it was ever asked for.
  const source = `const asked: number[] = [];\nfunction pathLengths(n: number): number[] { asked.push(n); return [-1, ...asked]; }`;
  mkdirSync(join(folder, "eve"), { recursive: true });
  writeFileSync(join(folder, "eve", `${real}.ipynb`), JSON.stringify(filled(parseNotebook(readFileSync(path, "utf8"), path), [source]))); // prettier-ignore
  const at = (name: string) => join(root, name);
  const { status, text } = await finished(
    startGrade(folder, out, [
      "--exercises",
      at("exercises"),
      "--solutions",
      at("solutions"),
      "--exercise",
      real,
    ]),
  );
  expect(status, text).toBe(0);
  const { properties } = recordOf(out, "eve").exercises[0]!.questions[0]!;
  // One public input more for each property, and no other ever.
  const told = properties.map(({ example }) =>
    /got: \[-1((?:, \d+)*)\]/.exec(example!)![1]!.split(", ").slice(1),
  );
  expect(told.map((inputs) => inputs.length)).toEqual([1, 2, 3]);
  expect(told[2]!.slice(0, 2)).toEqual(told[1]);
  expect(readFileSync(join(out, "feedback", "eve.html"), "utf8")).toContain("const asked: number[] = [];");
});

test("grade() refuses to run learners' code without a sandbox unless told to", async () => {
  const path = join(scratch, "bin");
  mkdirSync(path, { recursive: true });
  const child = startGrade(join(scratch, "class"), join(scratch, "refused"), [
    "--sandbox",
    "podman",
    "--image",
    "no-such-image",
  ]);
  const { status, text } = await finished(child);
  expect(status).toBe(2);
  expect(text).toMatch(/only run in a sandbox[\s\S]*--no-sandbox/);
});
