// One notebook's session: compiles each cell against those before it and runs it, keeping the variables.
import vm from "node:vm";
import type { CompletionInfo, Diagnostic, IsCompleteResult } from "tslab/dist/converter";
import type { QuickInfo } from "typescript";
import type { CellCompiler } from "./compiler";
import { CellModules } from "./modules";
import { SourceLines } from "./source-lines";

/** How a cell ended. */
export type Outcome =
  | { readonly status: "ok"; readonly value: unknown }
  | { readonly status: "mistyped"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly status: "threw"; readonly error: unknown }
  | { readonly status: "interrupted" };

/** Options for {@link Session}. */
export interface SessionOptions {
  /** The folder of the notebook, from which imports resolve first. */
  readonly cwd: string;
  readonly compiler: CellCompiler;
}

const interrupted = Symbol("interrupted");
const signalKey = Symbol.for("residual.signal");
const cellKey = Symbol.for("residual.cell");
const cellArguments = '(...globalThis[Symbol.for("residual.cell")])';

/**
 * The variables of all cells. TypeScript's output defines some of them as getters that could never be defined again;
 * here each definition simply assigns, so that a later cell may declare the same name.
 */
function createVariables(): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  return new Proxy(variables, {
    defineProperty: (_target, name, attributes) => {
      if (name !== "__esModule")
        variables[name as string] = attributes.get ? (attributes.get() as unknown) : attributes.value;
      return true;
    },
  });
}

function setGlobal(key: symbol, value: unknown): void {
  (globalThis as Record<symbol, unknown>)[key] = value;
}

/** Compiles and runs cells, one at a time. */
export class Session {
  readonly #compiler: CellCompiler;
  readonly #modules: CellModules;
  readonly #variables = createVariables();
  /** Where each cell's compiled code comes from. */
  readonly lines = new SourceLines();
  /** Declarations of everything that earlier cells define. */
  #declarations = "";
  #stop = new AbortController();

  constructor({ cwd, compiler }: SessionOptions) {
    this.#compiler = compiler;
    this.#modules = new CellModules({ cwd, provided: { tslab: () => compiler.tslab } });
    setGlobal(cellKey, [this.#variables, this.#modules.require]);
  }

  /** Runs one cell; `name` stands for it in stack traces. Never rejects. */
  async run(code: string, name: string): Promise<Outcome> {
    const { module } = this.#compiler.metadata(code);
    if (module !== undefined) {
      const diagnostics = this.#compiler.addModule(module, code);
      return diagnostics.length > 0
        ? { status: "mistyped", diagnostics }
        : { status: "ok", value: undefined };
    }
    const compiled = this.#compiler.convert(this.#declarations, code);
    if (compiled.sideOutputs) this.#modules.update(compiled.sideOutputs);
    if (compiled.diagnostics.length > 0) return { status: "mistyped", diagnostics: compiled.diagnostics };

    const stop = new AbortController();
    this.#stop = stop;
    // Long work reads this signal: it ends after its current step when the cell is interrupted.
    setGlobal(signalKey, stop.signal);
    const opening = compiled.hasToplevelAwait ? "(async function" : "(function";
    const beginning = `${opening}(exports, require) { `;
    const output = compiled.output ?? "";
    const source = `${beginning}${output}\n})${cellArguments}`;
    const maps = this.#compiler.takeSourceMaps(output);
    const lineCount = output.trimEnd().split("\n").length;
    this.lines.register(name, { maps, lineCount, columnsBefore: beginning.length, linesBefore: 1, code });
    try {
      // SIGINT stops what the cell computes before its first wait; an interrupt ends the wait.
      const running: unknown = vm.runInThisContext(source, {
        filename: name,
        breakOnSigint: true,
        displayErrors: false,
      });
      await Promise.race([running, untilAborted(stop.signal)]);
    } catch (error) {
      const wasInterrupted =
        error === interrupted ||
        (error as NodeJS.ErrnoException | undefined)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
      return wasInterrupted ? { status: "interrupted" } : { status: "threw", error };
    }
    this.#declarations = compiled.declOutput ?? "";
    return { status: "ok", value: this.#takeResult(compiled.lastExpressionVar) };
  }

  #takeResult(name: string | undefined): unknown {
    if (name === undefined) return undefined;
    const value = this.#variables[name];
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the variable holds the last expression only for us
    delete this.#variables[name];
    return value;
  }

  /** Ends the running cell's wait, and tells its long work to stop. Code that never yields is stopped by SIGINT itself. */
  interrupt(): void {
    this.#stop.abort(new DOMException("the cell was interrupted", "AbortError"));
  }

  /** Names that fit at `position` (UTF-16 units) of an unfinished cell. */
  complete(code: string, position: number): CompletionInfo {
    return this.#compiler.complete(this.#declarations, code, position);
  }

  /** The type and documentation of the name at `position` (UTF-16 units), or undefined. */
  inspect(code: string, position: number): QuickInfo | undefined {
    return this.#compiler.inspect(this.#declarations, code, position);
  }

  /** Whether a cell's text is a whole program; if not, the indentation of its next line. */
  isComplete(code: string): IsCompleteResult {
    return this.#compiler.isComplete(code);
  }

  /** Ends the compiler's file watches. */
  close(): void {
    this.#compiler.close();
  }
}

/** Rejects with `interrupted` when the signal aborts. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a mark that no cell can throw
      reject(interrupted);
    });
  });
}
