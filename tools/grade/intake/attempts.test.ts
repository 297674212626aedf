// Which attempts are graded is known before any of them is.
import { expect, test } from "vitest";
import type { Exercise } from "../exercise";
import { chooseAttempts } from "./attempts";
import type { Submission } from "./discover";

const attempts = (count: number): Submission[] =>
  Array.from({ length: count }, (_, index) => ({
    learner: "ada",
    exercise: { slug: "03-option-a" } as Exercise,
    path: "",
    file: `${index}`,
    submitted: new Date(Date.UTC(2026, 10, 1 + index)).toISOString(),
    notes: [],
  })).reverse();
const files = (count: number, policy: Parameters<typeof chooseAttempts>[1]): string[] =>
  chooseAttempts(attempts(count), policy).submissions.map(({ file }) => file);

test("chooseAttempts() grades the first that the policy allows, 20 where it says nothing, and tells of the rest", () => {
  expect(files(5, { attempts: 2 })).toEqual(["0", "1"]);
  expect(files(100, {})).toHaveLength(20);
  const { passedOver, handedIn } = chooseAttempts(attempts(1000), { attempts: 3 });
  expect(passedOver).toEqual([
    { learner: "ada", why: "03-option-a: 1000 attempts, of which the first 3 are looked at" },
  ]);
  expect([...handedIn.values()]).toEqual([1000]);
});

test("chooseAttempts() grades only the last where only it counts, and what is too late only where nothing else is", () => {
  expect(files(5, { attempts: 3, counts: "last" })).toEqual(["2"]);
  expect(files(5, { due: { "*": "2026-11-02T12:00:00Z" } })).toEqual(["0", "1"]);
  expect(files(5, { due: { "*": "2026-10-02T12:00:00Z" } })).toEqual(["4"]);
});
