// How a cell's code reaches the kernel: by a property of Boolean.prototype, because no declaration of a cell can hide a literal.

/** `false["residual.kernel"]` in compiled code is the gate. */
export const gateKey = "residual.kernel";

/** What compiled code calls. */
export interface Gate {
  /** The number of the cell whose code is running. */
  cell: number;
  /** The value of the cell's last expression. */
  result: unknown;
  /** How many of its statements the cell has behind it. */
  reached: number;
  /** What was thrown, on its way out of V8's inspector. */
  thrown: unknown;
  /** What `import.meta` is in a cell. */
  readonly meta: unknown;
  readonly require: unknown;
  readonly module: { readonly exports: unknown };
  readonly dirname: string;
  readonly filename: string;
  /** What an `await` at a cell's top level waits for: it is kept alive. */
  waited(value: unknown): unknown;
  /** After each `await`: code of an interrupted cell ends here. */
  resumed(cell: number, value?: unknown): unknown;
  /** Stands for a constant to which something is assigned. */
  constant: never;
  /** A module, for an `import` statement. */
  load(id: string, options?: ImportCallOptions): unknown;
  /** Binds names to a module's exports, given in pairs (name, export). */
  bind(module: unknown, ...pairs: string[]): unknown;
  /** `import(id, options)` in a cell, or in the local module at `path`. */
  import(id: unknown, options?: ImportCallOptions, path?: string): Promise<unknown>;
  /** `import.meta` in the local module at `path`. */
  metaOf(path: string): unknown;
}

/** The one gate of this process; a session fills it. */
export const gate = {} as Gate;

if (!Object.hasOwn(Boolean.prototype, gateKey))
  Object.defineProperty(Boolean.prototype, gateKey, { value: gate });
