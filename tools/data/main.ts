// Fetches a full data set for the course: `npm run data -- NAME`. The network is used by this command alone.
import { join } from "node:path";
import { explain, runCommand } from "./command";

const stop = new AbortController();
// Once: a second Ctrl-C ends the process at once.
process.once("SIGINT", () => {
  stop.abort();
});

runCommand(process.argv.slice(2), {
  datasets: join(__dirname, "..", "..", "datasets"),
  // npm runs this in the repository's root, and says here where it was called.
  from: process.env["INIT_CWD"] ?? process.cwd(),
  screen: process.stdout,
  signal: stop.signal,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(explain(error));
    process.exitCode = 1;
  },
);
