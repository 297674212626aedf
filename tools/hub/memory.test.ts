// What programs hold, on the machine that runs the tests, with whatever else runs there.
import { expect, test } from "vitest";
import { heldInNamespace, processes } from "./memory";

test.runIf(process.platform === "linux")(
  "what an account's programs hold is counted beside programs that nobody may look into",
  () => {
    const { uid } = processes().find(({ pid }) => pid === process.pid)!;
    expect(heldInNamespace(process.pid, uid)).toBeGreaterThan(20_000_000);
  },
);
