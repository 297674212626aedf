// Starts the kernel: `node main.js <connection file>`, as the kernelspec says, in the notebook's folder.
import { readFileSync } from "node:fs";
import { newWaiting } from "./children";
import { parseConnectionInfo, report } from "./connection";
import { Transport } from "./transport";

/** What may go wrong outside of a cell's own course, by Node's events. */
const strays = {
  uncaughtException: "Uncaught exception outside of a cell's own course:",
  unhandledRejection: "A promise was rejected and nobody handled it:",
};

async function main(): Promise<void> {
  const file = process.argv[2];
  if (file === undefined) throw new Error("usage: node main.js <Jupyter connection file>");
  const connection = parseConnectionInfo(readFileSync(file, "utf8"));
  // Jupyter names its own process; when it is gone, nobody is left to stop this one.
  const parent = process.env["JPY_PARENT_PID"] === undefined ? undefined : process.ppid;
  const waiting = newWaiting();
  const transport = new Transport({ connection, parent, waiting });

  // Loaded while the other thread opens the sockets.
  const { Kernel } = await import("./kernel.js");
  const kernel = new Kernel({ cwd: process.cwd(), connection, transport, waiting });
  process.on("SIGINT", () => {
    kernel.interrupt();
    transport.interrupt();
  });
  for (const [event, what] of Object.entries(strays))
    process.on(event, (error: unknown) => {
      // As in Node, what somebody else listens for is theirs to tell.
      if (process.listenerCount(event) === 1) kernel.reportStray(what, error);
    });
  await kernel.open();
}

main().catch((error: unknown) => {
  report("cannot start", error);
  process.exit(1);
});
