// What the programs that run inside the sandbox load: every question of every learner starts one, so a package more is paid thousands of times.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { expect, test } from "vitest";
import { bundlePrograms } from "./programs";

test("bundlePrograms() gives a learner's program nothing to load but parts of Node: TypeScript would take four fifths of its time", async () => {
  const programs = await bundlePrograms([]);
  try {
    const loaded = [...readFileSync(programs.run, "utf8").matchAll(/\b(?:require|import)\("([^"]+)"\)/g)];
    const names = loaded.map(([, name]) => name!);
    expect(names).toContain("node:vm");
    expect(names.filter((name) => !isBuiltin(name))).toEqual([]);
  } finally {
    programs.remove();
  }
});
