// Attempts and lateness.
import { expect, test } from "vitest";
import { applyPolicy, parsePolicy } from "./policy";
import type { AttemptRecord } from "./record";

const attempt = (submitted: string, points: number): AttemptRecord => ({
  learner: "ada",
  exercise: "03-option-a",
  file: submitted,
  sha256: "",
  submitted: new Date(submitted).toISOString(),
  points,
  outOf: 10,
  notes: [],
  questions: [],
});
const first = attempt("2026-12-01T10:00:00Z", 8);
const second = attempt("2026-12-03T10:00:00Z", 6);

test("applyPolicy() takes the best attempt, or the last", () => {
  expect(applyPolicy([second, first], {}).score).toBe(8);
  expect(applyPolicy([second, first], { counts: "last" }).score).toBe(6);
  expect(applyPolicy([second, first], { counts: "last", attempts: 1 }).score).toBe(8);
  expect(applyPolicy([second, first], {}).attempts).toBe(2);
});

test("applyPolicy() takes points for each day begun, after the grace, and all after the last day", () => {
  const late = { graceMinutes: 30, percentPerDay: 10, days: 2 };
  const due = { "*": "2026-12-02T10:00:00Z" };
  const score = (submitted: string): number => applyPolicy([attempt(submitted, 10)], { due, late }).score;
  expect(score("2026-12-02T10:00:00Z")).toBe(10);
  expect(score("2026-12-02T10:30:00Z")).toBe(10);
  expect(score("2026-12-02T10:31:00Z")).toBe(9);
  expect(score("2026-12-04T10:00:00Z")).toBe(8);
  expect(score("2026-12-05T10:00:00Z")).toBe(0);
  expect(applyPolicy([attempt("2026-12-02T10:01:00Z", 10)], { due }).score).toBe(0);
});

test("parsePolicy() names the rule that is broken", () => {
  const parsed = (text: string) => parsePolicy(text, ["03-option-a"]);
  const due = "2026-12-01T23:59:00+01:00";
  const whole = { counts: "last", attempts: 3, due: { "03-option-a": due, "*": due }, late: { percentPerDay: 10, days: 5 } }; // prettier-ignore
  expect(parsed(JSON.stringify(whole))).toEqual(whole);
  expect(() => parsed("{")).toThrow(/must be JSON/);
  for (const text of ["null", "[]", "3", '"due"']) expect(() => parsed(text)).toThrow(/must be an object/);
  expect(() => parsed('{"grace":1}')).toThrow("a policy knows counts, attempts, due, late; got grace");
  expect(() => parsed('{"counts":"first"}')).toThrow("counts must be best or last; got first");
  expect(() => parsed('{"attempts":"3"}')).toThrow("attempts must be a whole number, at least 1");
  expect(() => parsed('{"due":{"*":"2026-12-01"}}')).toThrow(/with its zone/);
  expect(() => parsed('{"due":{"*":1}}')).toThrow(/with its zone/);
  for (const text of ['{"due":null}', `{"due":"${due}"}`]) expect(() => parsed(text)).toThrow("due must be an object"); // prettier-ignore
  // A name mistyped would leave the exercise without a date.
  expect(() => parsed(`{"due":{"03-option-b":"${due}"}}`)).toThrow(
    "due knows 03-option-a, *; got 03-option-b",
  );
  for (const late of [
    {},
    { percentPerDay: 10 },
    { percentPerDay: "10", days: 5 },
    { percentPerDay: 10, days: 5, graceMinutes: "30" },
    { percentPerDay: 101, days: 5 },
  ])
    // prettier-ignore
    expect(() => parsed(JSON.stringify({ late }))).toThrow("late needs the numbers");
  expect(() => parsed('{"late":{"percentPerDay":10,"days":5,"grace":30}}')).toThrow(
    "late knows graceMinutes",
  );
});
