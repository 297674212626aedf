// The learner's notebook of an exercise whose answer promises a type.
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { joined } from "../notebooks/notebook";
import { learnerNotebook } from "./learner";
import { readMaster } from "./master";

const root = resolve(__dirname, "..", "..");

test("learnerNotebook() has a locked cell behind the check that compiles only if the promised type holds", () => {
  const slug = "03-growing-unit";
  const promise = {
    id: "type",
    title: "its type promises Images<16, 16, 32>",
    points: 1,
    types: "// @ts-expect-error it has 32 channels\nconst narrow: 16 = growingUnit();",
    otherwise: { mistake: "promises-another-shape", message: "it does not compile" },
  };
  const question = { id: "growing-unit", title: "", needs: ["growingUnit"], properties: [promise] };
  const { cells } = learnerNotebook(readMaster(root, slug), question);
  const check = cells.findIndex(({ source }) => joined(source).includes("check.run("));
  const behind = cells[check + 1]!;
  expect(joined(behind.source)).toMatch(
    /^\/\/ This cell compiles only if its type promises Images<16, 16, 32>\./,
  );
  expect(joined(behind.source)).toContain("// @ts-expect-error it has 32 channels");
  expect(behind.metadata["nbgrader"]).toMatchObject({ locked: true, grade: false, solution: false });
});
