// A vitest reporter that says, at the end, how many tests wait for a Chromium and how to install one.
import type { Reporter, TestModule } from "vitest/node";
import { CHROMIUM_REMEDY } from "../tools/chromium";

/** The note that `browserTest` gives; not imported, because that file belongs to a test process. */
const note = "waits for a Chromium";

export default class WaitingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let waiting = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "skipped" && result.note === note) waiting++;
      }
    }
    if (waiting > 0) console.log(`${waiting} tests wait for a Chromium. ${CHROMIUM_REMEDY}\n`);
  }
}
