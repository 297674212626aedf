// A kernel for tests: started from the kernelspec's template, and driven through Jupyter's own client.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";

export const root = join(import.meta.dirname, "..");
const python = join(root, ".venv", "bin", "python");

/** One message that a cell caused. */
export interface Output {
  readonly type: string;
  readonly content: Record<string, unknown>;
  /** Seconds on a clock that starts anywhere. */
  readonly at: number;
}

/** What came back for one cell. */
export interface Result {
  readonly reply: Record<string, unknown>;
  readonly outputs: readonly Output[];
}

/** Options for {@link Notebook}. */
export interface NotebookOptions {
  /** The Node that runs the kernel; this one by default. */
  readonly node?: string;
}

/** A kernel in a folder of its own choice. */
export class Notebook {
  readonly #driver: ChildProcessWithoutNullStreams;
  readonly #answers: Interface;
  readonly #ended: Promise<never>;
  #errors = "";

  constructor(cwd: string, { node = process.execPath }: NotebookOptions = {}) {
    const script = join(root, "test", "kernel-driver.py");
    this.#driver = spawn(python, [script, node, join(root, "kernel"), cwd]);
    this.#driver.stderr.on("data", (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.#answers = createInterface(this.#driver.stdout);
    this.#ended = new Promise((_resolve, reject) => {
      this.#answers.once("close", () => {
        reject(new Error(`the driver ended: ${this.#errors}`));
      });
    });
    this.#ended.catch(() => undefined);
  }

  /** Has the driver do something and gives its result. */
  async command(name: string, options: Record<string, unknown> = {}): Promise<unknown> {
    const answered = new Promise<string>((resolve) => this.#answers.once("line", resolve));
    this.#driver.stdin.write(JSON.stringify({ do: name, with: options }) + "\n");
    const { ok, result, error } = JSON.parse(await Promise.race([answered, this.#ended])) as {
      ok: boolean;
      result: unknown;
      error: string;
    };
    if (!ok) throw new Error(error);
    return result;
  }

  async run(...cells: string[]): Promise<Result[]> {
    return (await this.command("execute", { cells })) as Result[];
  }

  async one(cell: string, options: Record<string, unknown> = {}): Promise<Result> {
    const [result] = (await this.command("execute", { cells: [cell], ...options })) as Result[];
    return result!;
  }

  /** Has the driver end without stopping its kernel. */
  abandon(): void {
    this.#driver.stdin.write('{"do":"abandon"}\n');
  }
}

/** The messages of one type. */
export const ofType = ({ outputs }: Result, type: string): Output[] =>
  outputs.filter((output) => output.type === type);
/** What a cell wrote to one of its streams. */
export const written = (result: Result, name: string): string =>
  ofType(result, "stream")
    .filter(({ content }) => content["name"] === name)
    .map(({ content }) => String(content["text"]))
    .join("");
/** The text of a cell's last expression. */
export const shown = (result: Result): unknown => {
  const [output] = ofType(result, "execute_result");
  return (output?.content["data"] as Record<string, unknown> | undefined)?.["text/plain"];
};

/** Whether a process of that id is there. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
