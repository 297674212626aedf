// Three slow steps for the test that kills them: each writes its file piece by piece, with time to be killed in between.
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Stamps } from "./stamp";
import { runSteps, type Step } from "./step";

const root = process.argv[2]!;
const WHOLE = "0123456789".repeat(20);

function slowStep(id: string): Step {
  const path = join(root, id);
  return {
    id,
    name: id,
    fingerprint: () => "1",
    damage: () => (existsSync(path) ? undefined : "absent"),
    async make() {
      rmSync(path, { force: true });
      for (let i = 0; i < WHOLE.length; i += 10) {
        appendFileSync(path, WHOLE.slice(i, i + 10));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      // The check that a real step makes of its own result.
      if (readFileSync(path, "utf8") !== WHOLE) throw new Error("another process wrote here");
    },
  };
}

console.log("begins");
void runSteps(["one", "two", "three"].map(slowStep), {
  root,
  run: () => Promise.reject(new Error("these steps run no programs")),
  diagnose: () => undefined,
  stamps: new Stamps(join(root, "stamps")),
  progress: {
    ready: () => undefined,
    step: (_name, _why, work) => work(() => undefined),
    warn: () => undefined,
    interrupt: () => undefined,
  },
});
