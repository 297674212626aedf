// The course's secret, and the cases that it decides.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSecret } from "./secret";
import { seedOf } from "./seed";

const folder = mkdtempSync(join(tmpdir(), "residual-secret-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("readSecret() makes one that only its owner reads, gives the same again, and refuses one that could be guessed", () => {
  const path = join(folder, "config", "secret");
  const secret = readSecret(path);
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readSecret(path)).toBe(secret);
  expect(readSecret(join(folder, "other"))).not.toBe(secret);
  writeFileSync(path, "residual\n");
  expect(() => readSecret(path)).toThrow(/at least 16 characters; it has 8/);
});

test("seedOf() draws other cases for another learner, attempt, question, property or secret, and the same for the same", () => {
  const draw = { learner: "ada", attempt: "1", question: "q", property: "p" };
  const others = [
    { ...draw, learner: "bob" },
    { ...draw, attempt: "2" },
    { ...draw, question: "r" },
    { ...draw, property: "r" },
  ];
  expect(seedOf("secret", draw)).toBe(seedOf("secret", { ...draw }));
  const seeds = [
    seedOf("secret", draw),
    seedOf("another", draw),
    ...others.map((each) => seedOf("secret", each)),
  ];
  expect(new Set(seeds).size).toBe(seeds.length);
});
