// Exports in the columns that other systems read, with nothing in them that a learner could use.
import { expect, test } from "vitest";
import { canvasCsv, fillCanvas } from "./canvas";
import { formatCsv, parseCsv } from "./csv";
import { feedbackPage } from "./feedback";
import { gradescopeResults } from "./gradescope";
import { fillMoodle, moodleCsv } from "./moodle";
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

test("questionStatistics() counts points and learners by mistake", () => {
  const [question] = questionStatistics([
    record("a", 4),
    record("b", 0, "x"),
    record("c", 0, "y"),
    record("d", 0, "y"),
  ]);
  expect(question!.points).toEqual([4, 0, 0, 0]);
  expect(question!.mistakes).toEqual([
    ["y", 2],
    ["x", 1],
  ]);
});
