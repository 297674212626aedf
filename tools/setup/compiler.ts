// Finds the C++ compiler.
import type { Run } from "./ground/processes.mjs";
import { Unavailable } from "./problem";

/** A compiler that runs. */
export interface Compiler {
  readonly command: string;
  /** The first line of what `--version` prints. */
  readonly version: string;
}

/** Options of {@link findCompiler}. */
export interface FindCompilerOptions {
  readonly run: Run;
  readonly env?: NodeJS.ProcessEnv;
}

/** The compiler that CXX names, else g++, clang++ or c++. @throws Unavailable where none runs */
export async function findCompiler(options: FindCompilerOptions): Promise<Compiler> {
  const { run, env = process.env } = options;
  const named = env["CXX"];
  const commands = named !== undefined && named !== "" ? [named] : ["g++", "clang++", "c++"];
  for (const command of commands) {
    // On a Mac without its command line tools the command exists and fails.
    const { status, output } = await run(command, ["--version"], { env });
    if (status === 0) return { command, version: output.split("\n")[0]!.trim() };
  }
  throw new Unavailable(
    `No C++ compiler (tried ${commands.join(", ")}), so the native backend is missing.`,
    "Install one (Debian, Ubuntu: `apt-get install g++`; macOS: `xcode-select --install`) and run this command again; until then slower backends serve.",
  );
}
