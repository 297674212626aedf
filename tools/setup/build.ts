// The step that builds the library and the kernel from their sources.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "./problem";
import { fingerprintFiles } from "./stamp";
import type { Step } from "./step";

const INPUTS = [
  "lib",
  "kernel",
  "tools/setup",
  "tools/kernel",
  "tsconfig.json",
  "tools/build.mjs",
  "package-lock.json",
];
const RESULTS = [
  "lib/dist/cjs/index.js",
  "lib/dist/cjs/index.d.ts",
  "lib/dist/esm/index.js",
  "lib/dist/setup/main.cjs",
  "kernel/dist/main.js",
  "kernel/dist/command.cjs",
];

/** Rebuilds when a source changed; tests are no sources. */
export function buildStep(root: string): Step {
  return {
    id: "build",
    name: "Library and kernel",
    fingerprint: () =>
      fingerprintFiles(root, INPUTS, (path) => !path.endsWith(".test.ts") && !path.endsWith(".md")),
    damage: () => {
      const missing = RESULTS.find((path) => !existsSync(join(root, path)));
      return missing === undefined ? undefined : `${missing} is missing`;
    },
    async make({ run, diagnose }) {
      const { status, output } = await run(process.execPath, ["tools/build.mjs"], { cwd: root });
      if (status === 0) return;
      const known = diagnose(output, "the library and the kernel");
      if (known !== undefined) throw known;
      const first = /^.*error TS\d+:.*(?=\.)/m.exec(output)?.[0];
      throw new Problem(
        `The library or the kernel does not compile${first === undefined ? "" : `: ${first}`}.`,
        "If you changed a source, mend that; otherwise `git status` shows what differs from the published course.",
      );
    },
  };
}
