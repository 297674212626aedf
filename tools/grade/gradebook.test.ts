// What a gradebook gives back of what it kept, and what it does with a file that somebody cut or edited.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Gradebook } from "./gradebook";
import { record } from "./report/record.fixture";

const folder = mkdtempSync(join(tmpdir(), "residual-gradebook-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("Gradebook.find() gives back what was kept, and nothing of a file that was cut, edited or is another thing", async () => {
  const gradebook = new Gradebook(folder);
  const [attempt] = record("ada", 3).exercises;
  const { learner, file, sha256, submitted } = attempt!;
  const key = { learner, file, sha256, submitted, fingerprint: "" };
  const kept = { record: attempt!, seconds: 2 };
  expect(gradebook.find(key)).toBeUndefined();
  await gradebook.keep(key, kept);
  expect(gradebook.find(key)).toEqual(kept);
  const [name] = readdirSync(join(folder, "attempts"));
  const path = join(folder, "attempts", name!);
  const whole = readFileSync(path, "utf8");
  const spoiled = [
    "",
    "null",
    "{}",
    "[]",
    whole.slice(0, whole.length / 2),
    whole.replace('"points": 3', '"points": 4'),
  ];
  for (const text of spoiled) {
    writeFileSync(path, text);
    expect(gradebook.find(key), text.slice(0, 40)).toBeUndefined();
  }
  await gradebook.keep(key, kept);
  expect(gradebook.find(key)).toEqual(kept);
});
