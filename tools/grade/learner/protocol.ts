// The messages between the grader and the two programs that meet a learner's code: the compiler and the runner.

/** A cell as the compiler left it. */
export type CompiledCell =
  | {
      readonly ok: true;
      readonly output: string;
      readonly declared: readonly string[];
      readonly modules: readonly { readonly path: string; readonly output: string }[];
    }
  | { readonly ok: false; readonly message: string };

/** What the compiler is asked: a notebook's cells in order, the names each question needs, and the snippets of type properties. */
export interface CompileRequest {
  readonly id: number;
  readonly cells: readonly string[];
  /** Code by a name of the grader's choice, each compiled after the cells, with none of the others in sight. */
  readonly after: Readonly<Record<string, string>>;
}

/** The compiler's answer. */
export interface CompileReply {
  readonly id: number;
  readonly cells: readonly CompiledCell[];
  readonly after: Readonly<Record<string, CompiledCell>>;
}

/** The runner's first line: everything up to the first case. */
export interface RunJob {
  /** The notebook's folder, where its imports resolve. */
  readonly cwd: string;
  readonly cells: readonly { readonly index: number; readonly cell: CompiledCell }[];
  /** For each name that the question needs, a cell whose value is an object with it. */
  readonly names: readonly { readonly name: string; readonly cell: CompiledCell }[];
  /** Bundle of the exercise's drive.ts. */
  readonly drive: string;
  readonly question: string;
}

/** What the runner says before the cases. Whatever it says is hearsay: a learner's code runs in the same process. */
export type RunEvent =
  | { readonly cell: number }
  | { readonly failed: number; readonly message: string }
  | { readonly ready: true; readonly missing: readonly string[] };
