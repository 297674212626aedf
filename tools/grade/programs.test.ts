// What the programs that run inside the sandbox load: every question of every learner starts one, so a package more is paid thousands of times.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Exercise } from "./exercise";
import { bundlePrograms, readableFor, type Programs } from "./programs";

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

test("readableFor() shows a learner's program what lies beside its exercise's notebook, and no notebook that an instructor may have worked in", () => {
  const folder = mkdtempSync(join(tmpdir(), "residual-programs-"));
  try {
    mkdirSync(join(folder, ".ipynb_checkpoints"));
    for (const name of ["03-x.ipynb", "drive.ts", "cases.json", ".ipynb_checkpoints/03-x-checkpoint.ipynb"])
      writeFileSync(join(folder, name), "");
    const { readable } = readableFor({ folder } as Exercise, { folder: "/programs" } as Programs);
    expect(readable.filter((path) => path.startsWith(folder)).sort()).toEqual(
      ["cases.json", "drive.ts"].map((name) => join(folder, name)),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
