// The commands behind `npm run setup`, `npm start`, `npm test` and `npm run doctor`, once the npm packages are there.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Ground } from "./bootstrap.mjs";
import { Problem } from "./problem";
import { otherOptions, setUp } from "./setup";
import { beginTextChecks } from "./text-checks";

/** See `ground/help.mjs` for what each does. */
export type Command = "setup" | "start" | "test" | "doctor";

/** Runs a command; the number is its exit status. @throws Problem */
export async function run(command: Command, ground: Ground): Promise<number> {
  if (command === "doctor") {
    const { doctor } = await import("../doctor/doctor");
    return doctor(ground.root, ground.run);
  }
  const own = otherOptions(ground.args);
  const { parseStartOptions, start } = await import("../start/start");
  const startOptions = command === "start" ? parseStartOptions(own) : undefined;
  if (startOptions === undefined && own.length > 0) {
    throw new Problem(`${own[0]!} is no option of ${command}.`, `See \`npm run ${command} -- --help\`.`);
  }
  const checks = command === "test" ? beginTextChecks(ground.root) : undefined;
  try {
    await setUp(ground);
  } catch (error) {
    checks?.stop();
    throw error;
  }
  rmSync(join(ground.root, ".setup", "unfinished"), { recursive: true, force: true });
  console.log(`Everything is in place (${(performance.now() / 1000).toFixed(1)} s).`);
  ground.release();
  if (startOptions !== undefined) return start(ground.root, startOptions);
  if (checks !== undefined) {
    const { testAll } = await import("./test-all");
    return testAll(ground.root, checks);
  }
  return 0;
}
