// Exports in the columns that other systems read, with nothing in them that a learner could use.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { canvasCsv, fillCanvas } from "./canvas";
import { formatCsv, parseCsv } from "./csv";
import { feedbackPage } from "./feedback";
import { gradescopeResults, writeResults } from "./gradescope";
import { fillMoodle, moodleCsv } from "./moodle";
import { findExercises } from "../exercise";
import { parseOverrides, unusedOverrides, withOverride } from "../overrides";
import type { Policy } from "../policy";
import type { LearnerRecord } from "../record";
import { lessonOf } from "./lesson";
import { record } from "./record.fixture";
import { questionStatistics, statisticsPage } from "./statistics";

test("formatCsv() makes formulas harmless and quotes what needs it", () => {
  const csv = formatCsv([["=1+1", "+1", "-1", "@SUM(A1)", "\tx", 'a"b', "a,b", "plain"]]);
  const [row] = parseCsv(csv, "it");
  expect(row).toEqual(["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", 'a"b', "a,b", "plain"]);
});

test("canvasCsv() has Canvas's columns and its row of points", () => {
  const [header, points, ada] = parseCsv(canvasCsv([record("ada", 3)]), "it");
  expect(header).toEqual(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "03-option-a"]);
  expect(points![0]).toContain("Points Possible");
  expect(points![5]).toBe("4");
  expect(ada).toEqual(["ada", "", "", "ada", "", "3"]);
});

test("fillCanvas() fills an exported gradebook and names whom it does not know", () => {
  const roster =
    "Student,ID,SIS User ID,SIS Login ID,Section,03-option-a (4711),Final Score\n" +
    "    Points Possible,,,,,4,(read only)\n" +
    '"Lovelace, Ada",17,s1,ada,A,,1\n"Babbage, Charles",18,s2,charles,A,2,1\n';
  const { csv, unknown } = fillCanvas(roster, [record("ada", 3), record("eve", 1)]);
  const rows = parseCsv(csv, "it");
  expect(rows[2]).toEqual(["Lovelace, Ada", "17", "s1", "ada", "A", "3", "1"]);
  expect(rows[3]![5]).toBe("2");
  expect(unknown).toEqual(["eve"]);
  expect(() => fillCanvas("a,b\n1,2\n", [record("ada", 3)])).toThrow(/exported from Canvas/);
  expect(() => fillCanvas(roster, [record("eve", 3)])).toThrow(/knows none/);
});

test("fillMoodle() fills a grading worksheet, in the worksheet's points", () => {
  const worksheet =
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\n" +
    'Participant 4711,Ada Lovelace,ada@example.org,Submitted,,"100,00",Yes,-,-,\nParticipant 12,Eve,eve@example.org,Submitted,,"100,00",Yes,-,-,\n';
  const { csv, unknown } = fillMoodle(worksheet, [
    record("Ada Lovelace_4711_assignsubmission_file_", 3, "keeps-stride"),
  ]);
  const [, ada, eve] = parseCsv(csv, "it");
  expect(ada![4]).toBe("75.00");
  expect(ada![9]).toContain("pads with zeros");
  expect(eve![4]).toBe("");
  expect(unknown).toEqual([]);
  expect(() => fillMoodle("a,b\n", [])).toThrow(/grading worksheet/);
});

test("fillMoodle() and fillCanvas() give no learner the score of another with the same name, and change nothing of the exporting system", () => {
  const worksheet =
    "Identifier,Full name,Grade,Last modified (grade),Feedback comments\n" +
    "Participant 1,Ada,,-,\nParticipant 2,Ada,,-,\nParticipant 3,Bob,,-,\n";
  const download = (name: string, number: number) => `${name}_${number}_assignsubmission_file_`;
  const ofOne = fillMoodle(worksheet, [record(download("Ada", 2), 4), record("Ada", 1), record("bob", 2)]);
  expect(ofOne.unknown).toEqual(["Ada"]);
  const rows = parseCsv(ofOne.csv, "it").slice(1);
  expect(rows.map((row) => row[2])).toEqual(["", "4.00", "2.00"]);
  expect(rows.map((row) => row[3])).toEqual(["-", "-", "-"]);

  const roster =
    "Student,ID,SIS User ID,SIS Login ID,Section,03-option-a\n" +
    "Ada,17,-1,lovelace,A,\nAda,18,2,17,A,\nBob,19,3,bob,A,\n";
  const canvas = fillCanvas(roster, [record("17", 1), record("Ada", 4), record("bob", 2), record("19", 3)]);
  // 17 is a login before it is an id; two are called Ada; and two hand-ins are Bob's.
  expect(canvas.unknown).toEqual(["Ada", "bob", "19"]);
  expect(parseCsv(canvas.csv, "it").map((row) => row[5])).toEqual(["03-option-a", "", "1", ""]);
  expect(canvas.csv).toContain("Ada,17,-1,lovelace");
});

test("moodleCsv() has a column and a feedback column for each exercise", () => {
  const [header, ada] = parseCsv(moodleCsv([record("ada", 3)]), "it");
  expect(header).toEqual(["ID number", "03-option-a", "03-option-a (feedback)"]);
  expect(ada!.slice(0, 2)).toEqual(["ada", "3"]);
});

test("gradescopeResults() has a test for each property", () => {
  const results = gradescopeResults(record("ada", 0, "keeps-stride")) as {
    score: number;
    tests: Record<string, unknown>[];
  };
  expect(results.score).toBe(0);
  expect(results.tests).toHaveLength(1);
  expect(results.tests[0]).toMatchObject({
    score: 0,
    max_score: 4,
    status: "failed",
    name: "Option A: pads with zeros",
    visibility: "visible",
  });
});

test("feedbackPage() and statisticsPage() hold no markup from names and messages", () => {
  const evil = record("<script>alert(1)</script>", 0, "</script><img src=x onerror=alert(1)>");
  expect(feedbackPage(evil)).not.toMatch(/<script|<img/);
  const html = statisticsPage([evil]);
  expect(html.match(/<script/g)).toHaveLength(2);
  expect(html).not.toContain("<img");
});

/** The record with what only an instructor's mistake leaves behind. */
const withFault = (one: LearnerRecord): LearnerRecord => ({
  ...one,
  exercises: one.exercises.map((exercise) => ({
    ...exercise,
    questions: exercise.questions.map((question) => ({
      ...question,
      properties: question.properties.map((each) => ({ ...each, fault: "Error: no engine at /opt/engine" })),
    })),
  })),
});

test("writeResults() leaves no results where an exercise failed by an instructor's fault", async () => {
  const folder = mkdtempSync(join(tmpdir(), "residual-results-"));
  const path = join(folder, "ada.json");
  await writeResults(path, record("ada", 0));
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ score: 0 });
  await writeResults(path, withFault(record("ada", 0)));
  expect(existsSync(path)).toBe(false);
  rmSync(folder, { recursive: true });
});

test("an instructor's fault reaches no learner: no list holds a score of it, and no page its words", () => {
  const faulty = withFault(record("ada", 0));
  expect(canvasCsv([faulty])).toContain("ada,,,ada,,\r\n");
  expect(parseCsv(moodleCsv([faulty]), "it")[1]).toEqual([
    "ada",
    "",
    "03-option-a: not graded yet; your instructor will look at it",
  ]);
  const html = feedbackPage(faulty);
  expect(html).toContain("Not graded yet, because something of ours failed");
  expect(html).not.toContain("engine");
  // Once somebody has decided by hand, it counts.
  const rows = parseOverrides("learner,exercise,score,reason\nada,03-option-a,3,judged by eye\n");
  const [exercise] = faulty.exercises;
  const decided = { ...faulty, exercises: [withOverride(exercise!, rows)] };
  expect(canvasCsv([decided])).toContain("ada,,,ada,,3\r\n");
});

test("withOverride() sets a score with its reason, for the learner to read, and keeps what was found", () => {
  const rows = parseOverrides(
    "learner;exercise;score;reason\nada;03-option-a;2.5;half of the idea is there\neve;03-option-a;1;x\n",
  );
  const [found] = record("ada", 1, "keeps-stride").exercises;
  const set = withOverride(found!, rows);
  expect(set).toMatchObject({ score: 2.5, points: 1, override: { instead: 1 } });
  const html = feedbackPage({ ...record("ada", 1), exercises: [set] });
  expect(html).toContain("2.5 of 4 points, set by your instructor (the grader had found 1): half of the idea is there"); // prettier-ignore
  expect(unusedOverrides(rows, [found!]).map(({ learner }) => learner)).toEqual(["eve"]);
});

test("parseOverrides() refuses a score that is none, a missing reason, two rows for one, and more than there is", () => {
  const table = (row: string) => `learner,exercise,score,reason\n${row}\n`;
  expect(() => parseOverrides("learner,score,reason\n")).toThrow("exercise is not there");
  expect(() => parseOverrides(table("ada,x,-1,why"))).toThrow("got -1 for ada, x");
  expect(() => parseOverrides(table("ada,x,,why"))).toThrow("got nothing for ada, x");
  expect(() => parseOverrides(table("ada,x,1, "))).toThrow("there is none for ada, x");
  expect(() => parseOverrides(table("ada,x,1,a\nada,x,2,b"))).toThrow("two rows for ada, x");
  expect(() => parseOverrides(table("ada,x,1,a"), table("ada,x,1,b"))).toThrow("two rows for ada, x");
  expect(parseOverrides(table("ada,x,1,a"), table("bob,x,2,b\nada,x,1,a"))).toHaveLength(2);
  const [found] = record("ada", 1).exercises;
  const rows = parseOverrides(table("ada,03-option-a,5,a"));
  expect(() => withOverride(found!, rows)).toThrow("03-option-a has 4 points; got 5 for ada");
});

test("feedbackPage() has the code beside the verdict, a public input, the passage and hints, and a solution only where one is given", () => {
  const one = record("ada", 0, "keeps-stride");
  const [exercise] = one.exercises;
  const [question] = exercise!.questions;
  const properties = question!.properties.map((each) => ({ ...each, example: "input: 3\ngot: <b>4</b>" }));
  const full = { ...one, exercises: [{ ...exercise!, code: "const a = 1 < 2;", questions: [{ ...question!, properties }] }] }; // prettier-ignore
  const lesson = { passage: "notebooks/03-x.ipynb, option a", hints: ["Look at *x*."] };
  const html = feedbackPage(full, new Map([["03-option-a", lesson]]));
  for (const part of [
    "const a = 1 &lt; 2;",
    "got: &lt;b&gt;4&lt;/b&gt;",
    "(keeps-stride)",
    "Read again: notebooks/03-x.ipynb, option a",
    "<summary>Hint 1</summary>",
  ])
    expect(html).toContain(part);
  expect(html).not.toContain("A solution");
  const solved = feedbackPage(full, new Map([["03-option-a", { ...lesson, solution: "const a = 2;" }]]));
  expect(solved).toContain("<summary>A solution</summary>\n<pre>const a = 2;</pre>");
  // Whoever has all points needs no help.
  expect(feedbackPage(record("bob", 4), new Map([["03-option-a", lesson]]))).not.toContain("Hint");
});

test("lessonOf() gives hints and passage of the exercise, and its solution only once nothing can be won by it", () => {
  const root = resolve(__dirname, "..", "..", "..");
  const all = findExercises({ exercises: join(root, "exercises"), solutions: join(root, "solutions") });
  const exercise = all.find(({ slug }) => slug === "03-growing-unit")!;
  const due = { "*": "2026-12-01T00:00:00Z" };
  const late = { percentPerDay: 10, days: 5 };
  const at = (time: string, policy: Policy) => lessonOf(exercise, policy, Date.parse(time));
  expect(at("2026-12-05T00:00:00Z", { due, late })).not.toHaveProperty("solution");
  expect(at("2027-12-05T00:00:00Z", {})).not.toHaveProperty("solution");
  const { hints, passage, solution } = at("2026-12-06T00:00:01Z", { due, late });
  expect(hints.length).toBeGreaterThan(0);
  expect(passage).toMatch(/^notebooks\/03-identity-shortcuts\.ipynb, /);
  expect(solution).toContain("function growingUnit");
});

test("questionStatistics() counts points and learners by mistake", () => {
  const [question] = questionStatistics([
    record("a", 4),
    record("b", 0, "x"),
    record("c", 0, "y"),
    record("d", 0, "y"),
  ]);
  expect(question!.points).toEqual([4, 0, 0, 0]);
  expect(question!.properties).toEqual([
    {
      title: "pads with zeros",
      right: 1,
      learners: 4,
      mistakes: [
        { name: "y", words: '=HYPERLINK("y")', learners: 2 },
        { name: "x", words: '=HYPERLINK("x")', learners: 1 },
      ],
    },
  ]);
  expect(question!.days).toEqual([{ day: "2026-11-01", learners: 4, mean: 1 }]);
  expect(question!.mistakes).toEqual([
    ["y", 2],
    ["x", 1],
  ]);
});
