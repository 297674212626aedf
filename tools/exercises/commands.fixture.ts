// A process that carries out `npm run exercises` again and again: starting one, and loading the compiler and the engine, takes seconds.
import { format } from "node:util";
import { UserError } from "../notebooks/user-error";
import { exercises } from "./command";

/** What came of a command. */
export interface Outcome {
  readonly status: number;
  readonly output: string;
}

/** Carries out a command, and takes what it says. */
async function carryOut(args: readonly string[]): Promise<Outcome> {
  // The masters in a copy have changed since the last command.
  const root = args.indexOf("--root");
  for (const path of Object.keys(require.cache)) {
    if (root >= 0 && path.startsWith(args[root + 1]!)) Reflect.deleteProperty(require.cache, path);
  }
  let output = "";
  const take = (...said: unknown[]): void => {
    output += `${format(...said)}\n`;
  };
  console.log = take;
  console.error = take;
  try {
    return { status: await exercises(args), output };
  } catch (error) {
    take(error instanceof UserError ? error.message : error);
    return { status: 2, output };
  }
}

process.on("message", (args: readonly string[]) => {
  void carryOut(args).then((outcome) => process.send!(outcome));
});
