// One notebook's session: compiles each cell against those before it and runs it, keeping the variables.
import type { CellCompiler, CompiledCell } from "./compiler";
import type { Diagnostic } from "./diagnostic";
import { declare, evaluate } from "./evaluate";
import { gate, type Gate } from "./gate";
import { library } from "./intrinsics";
import { CellModules } from "./modules";
import { protection } from "./protection";
import { Runner, type Ended, type Running, type Work } from "./runner";
import { SourceLines } from "./source-lines";
import { codeMetadata } from "./tslab";
import { waited } from "./waits";

/** What came of a cell. */
export type Outcome = Ended | { readonly status: "mistyped"; readonly diagnostics: readonly Diagnostic[] };

/** Options for {@link Session}. */
export interface SessionOptions {
  /** The folder of the notebook, from which imports resolve first. */
  readonly cwd: string;
  /** Compiles the cells. */
  readonly compiler: CellCompiler;
  /** Takes what is worth a warning in a cell that runs all the same. */
  readonly warn?: (diagnostics: readonly Diagnostic[], code: string) => void;
  /** Called before code of another cell goes on, such as a timer that an earlier cell started. */
  readonly onSwitch?: () => void;
}

/** Options for {@link Session.run}. */
export interface RunOptions {
  /** What the notebook calls the cell, also when it was edited and runs again. */
  readonly id?: string | undefined;
  /** Learns the number by which `runner.current` tells that the cell's code runs. */
  readonly beforeStart?: (cell: number) => void;
}

/** Cells are strict, as modules are. */
const strict = '"use strict";';

/** A cell that is ready to run. */
interface PreparedCell {
  readonly compiled: CompiledCell;
  readonly start: Work;
}

/** The cells of one notebook, and what they have left. */
export class Session {
  readonly #compiler: CellCompiler;
  readonly #modules: CellModules;
  readonly #warn: SessionOptions["warn"];
  readonly runner: Runner;
  /** Where each cell's compiled code comes from. */
  readonly lines = new SourceLines();
  readonly #declared = new Set<string>();
  #count = 0;

  constructor({ cwd, compiler, warn, onSwitch }: SessionOptions) {
    this.#compiler = compiler;
    this.#modules = new CellModules(cwd);
    this.#warn = warn;
    this.runner = new Runner(onSwitch);
    Object.defineProperties(gate, Object.getOwnPropertyDescriptors(this.#gate(cwd)));
  }

  /**
   * Runs one cell; `name` stands for it in stack traces. Never rejects.
   */
  async run(code: string, name: string, options: RunOptions = {}): Promise<Outcome> {
    const prepared = protection.during(() => this.#prepare(code, name, options));
    if ("status" in prepared) return prepared;
    const { start, compiled } = prepared;
    let running: Running | undefined;
    const ended = await this.runner.start((own, done) => {
      running = own;
      start(own, done);
    });
    return protection.during(() => {
      compiled.keep(ended.status === "ok" ? undefined : (running?.reached ?? -1));
      return ended;
    });
  }

  /** Compiles a cell and makes ready what it needs; an outcome if there is nothing to run. */
  #prepare(code: string, name: string, { id, beforeStart }: RunOptions): PreparedCell | Outcome {
    const { module } = codeMetadata(code);
    if (module !== undefined) {
      const diagnostics = this.#compiler.addModule(module, code);
      return diagnostics.length > 0
        ? { status: "mistyped", diagnostics }
        : { status: "ok", value: undefined };
    }
    const { errors, cell: compiled } = this.#compiler.compile(code, id);
    if (errors) return { status: "mistyped", diagnostics: errors };
    const cell = ++this.#count;
    this.runner.enter(cell, compiled.holds);
    beforeStart?.(cell);
    if (compiled.warnings.length > 0) this.#warn?.(compiled.warnings, code);
    this.#modules.update(compiled.modules);
    for (const { path, map } of compiled.modules) this.lines.registerModule(path, map);
    this.lines.register(name, { map: compiled.map, columnsBefore: strict.length, code });
    const added = [...compiled.declared].filter((one) => !this.#declared.has(one));
    for (const one of added) this.#declared.add(one);
    declare(added);
    const start: Work = (running, done) => {
      library.begin();
      evaluate(`${strict}${compiled.output}`, name, (ending) => {
        if (ending.status === "ok") done({ status: "ok", value: running.result });
        else if (ending.status === "threw") done(ending);
        else {
          running.interruptedAt ??= performance.now();
          done({ status: "interrupted" });
        }
      });
    };
    return { start, compiled };
  }

  /** Called when the main thread lets messages in again, after an interrupt. */
  yielded(): void {
    protection.during(() => {
      if (this.runner.yielded()) this.#modules.forgetHalfLoaded();
    });
  }

  /** What a cell's compiled code calls. */
  #gate(cwd: string): object {
    const { runner } = this;
    const modules = this.#modules;
    return {
      get cell() {
        return runner.current;
      },
      set result(result: unknown) {
        const { own } = runner;
        if (own) own.result = result;
      },
      set reached(reached: number) {
        const { own } = runner;
        if (own) own.reached = reached;
      },
      waited,
      resumed: (cell: number, value: unknown) => {
        runner.resumed(cell);
        return value;
      },
      set constant(_value: never) {
        throw new TypeError("Assignment to constant variable.");
      },
      load: (id: string, options?: ImportCallOptions) => library.during(() => modules.load(id, options)),
      bind: (module: unknown, ...pairs: string[]) => library.during(() => modules.bind(module, pairs)),
      import: (id: unknown, options?: ImportCallOptions, path?: string) =>
        library.during(() => modules.import(String(id), options, path)),
      metaOf: (path: string) => modules.meta(path),
      ...modules.ofCells(cwd),
    } satisfies Partial<Record<keyof Gate, unknown>>;
  }
}
