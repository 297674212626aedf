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
  expect(parsePolicy('{"counts":"last"}')).toEqual({ counts: "last" });
  expect(() => parsePolicy("{")).toThrow(/must be JSON/);
  expect(() => parsePolicy('{"grace":1}')).toThrow(/a policy knows counts, attempts, due, late; got grace/);
  expect(() => parsePolicy('{"due":{"*":"2026-12-01"}}')).toThrow(/with its zone/);
});
