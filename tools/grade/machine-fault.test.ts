// A machine that fails the grader is named with its remedy; a mistake of ours keeps its trace.
import { openSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { remedyFor } from "./machine-fault";

const thrownBy = (code: () => void): unknown => {
  try {
    code();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

test("remedyFor() tells what to do about a full disk, and leaves other errors alone", () => {
  // Linux's device that is always full.
  const full = thrownBy(() => {
    writeFileSync("/dev/full", "1");
  });
  expect(remedyFor(full)).toBe(
    "The disk is full (ENOSPC, where the gradebook goes): make room, then run the same command, which goes on from there.",
  );
  const refused = Object.assign(new Error("EACCES"), { code: "EACCES", path: "/grades" });
  expect(remedyFor(refused)).toMatch(/^\/grades cannot be read or written \(EACCES\)/);
  expect(remedyFor(thrownBy(() => openSync("/no/such/file", "r")))).toBeUndefined();
  expect(remedyFor(new TypeError("ours"))).toBeUndefined();
  expect(remedyFor("a text")).toBeUndefined();
});
