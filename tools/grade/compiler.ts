// Compiles notebooks behind walls. One program serves notebook after notebook of an exercise, for it runs none of their code.
import type { Exercise } from "./exercise";
import type { CompiledCell, CompileReply, CompileRequest } from "./learner/protocol";
import { readableFor, type Programs } from "./programs";
import type { Limits, Sandbox } from "./sandbox/sandbox";
import { Supervised, type EndReason } from "./sandbox/supervise";

/** Starting the compiler and checking a notebook takes seconds; this is for the one that never ends. */
const COMPILE_MS = 90_000;

const reasons: Partial<Record<EndReason, string>> = {
  time: "takes too long to compile",
  memory: "needs too much memory to compile",
};

/** What came of a notebook's compilation. */
export type Compiled =
  | {
      readonly ok: true;
      readonly cells: readonly CompiledCell[];
      readonly after: Readonly<Record<string, CompiledCell>>;
    }
  | { readonly ok: false; readonly reason: string; readonly isDoubtful: boolean };

/** A compiler for one lane of the grader. */
export class NotebookCompiler {
  #running: { readonly slug: string; readonly program: Supervised } | undefined;
  #id = 0;
  readonly #options: {
    readonly sandbox: Sandbox;
    readonly programs: Programs;
    readonly limits: Limits;
  };

  constructor(options: { sandbox: Sandbox; programs: Programs; limits: Limits }) {
    this.#options = options;
  }

  /**
   * Compiles the cells in order, and then each of `after` on its own.
   * @throws Error when the compiler cannot compile anything: that is no learner's fault.
   */
  async compile(
    exercise: Exercise,
    cells: readonly string[],
    after: Readonly<Record<string, string>>,
  ): Promise<Compiled> {
    const isUsed = this.#running?.slug === exercise.slug;
    let first = await this.#ask(exercise, cells, after);
    // What others' notebooks have left in the program may have been too much, rather than this one.
    if ("ended" in first && isUsed) first = await this.#ask(exercise, cells, after);
    if (!("ended" in first)) return { ok: true, ...first };
    const second = await this.#ask(exercise, [], {});
    if ("ended" in second) throw new Error(`the compiler does not work in the sandbox: ${second.stderr}`);
    const { ended, isDoubtful } = first;
    return { ok: false, reason: reasons[ended] ?? "breaks the compiler", isDoubtful };
  }

  /** Ends the program. */
  async close(): Promise<void> {
    await this.#running?.program.end();
    this.#running = undefined;
  }

  async #ask(
    exercise: Exercise,
    cells: readonly string[],
    after: Readonly<Record<string, string>>,
  ): Promise<CompileReply | { ended: EndReason; isDoubtful: boolean; stderr: string }> {
    const program = await this.#programFor(exercise);
    const id = ++this.#id;
    const request: CompileRequest = { id, cells, after };
    program.send(JSON.stringify(request));
    const line = await program.next(performance.now() + COMPILE_MS);
    if (line === undefined) {
      await this.close();
      const { reason = "exit", isDoubtful, stderr } = program;
      return { ended: reason, isDoubtful, stderr };
    }
    const reply = JSON.parse(line) as CompileReply;
    if (reply.id !== id) throw new Error(`the compiler answered request ${reply.id} instead of ${id}`);
    return reply;
  }

  async #programFor(exercise: Exercise): Promise<Supervised> {
    if (this.#running?.slug === exercise.slug && this.#running.program.reason === undefined)
      return this.#running.program;
    await this.close();
    const { sandbox, programs, limits } = this.#options;
    const program = new Supervised(
      sandbox,
      {
        command: [process.execPath, programs.compile],
        cwd: exercise.folder,
        ...readableFor(exercise, programs),
        limits,
      },
      { restsUnasked: true },
    );
    this.#running = { slug: exercise.slug, program };
    return program;
  }
}
