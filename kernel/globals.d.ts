// What every cell has without an import. Declared by itself, so that no cell waits for the library's types.

/** How `display` shows a value. */
interface DisplayValueOptions {
  /** Names the output, so that a later call can replace it. */
  readonly id?: string;
  /** Replaces what `id` names instead of adding an output. */
  readonly update?: boolean;
}

/** How `progress` counts. */
interface ProgressOptions {
  /** What runs. */
  readonly label?: string;
  /** How many items there will be; by default the items' own `length` or `size`. */
  readonly total?: number;
  /** What is counted, in the plural: `images/s` in place of `/s`. */
  readonly unit?: string;
}

/**
 * Shows a value now, as a cell's last expression would be shown. An object whose keys are all MIME types, such as
 * `{ "text/html": "<b>bold</b>" }` or `{ "image/png": bytes }`, is shown as that content. The promise resolves when the value
 * stands there; a tensor's place is taken at once and filled when its values have been read.
 */
declare function display(value: unknown, options?: DisplayValueOptions): Promise<void>;

/** Shows what a cell can do, and the learner's commands. What a name is, Shift+Tab on it says. */
declare function help(name?: unknown): void;

/**
 * Installs npm packages into the notebook's own folder, so that the cells of its notebooks can import them: `install("lodash")`.
 *
 * @throws Error if npm cannot; what it says stands above the error
 */
declare function install(...names: string[]): void;

/** Removes what the running cell has shown so far; with `wait`, only when the next output comes. */
declare function clearOutput(options?: { readonly wait?: boolean }): void;

/**
 * The items of a loop, with a bar that shows how many are done, how fast it goes, and how much time is left:
 * `for (const item of progress(items))`. A number `n` stands for 0 to n - 1.
 */
declare function progress(count: number, options?: ProgressOptions): Iterable<number>;
declare function progress<T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
declare function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;

/**
 * Asks the person at the notebook for a line of text.
 *
 * @param prompt what to show beside the field
 * @param options `password: true` hides what is typed
 * @throws Error if nobody can be asked, as when a command runs the notebook
 */
declare function input(prompt?: string, options?: { readonly password?: boolean }): Promise<string>;

// Classes that Node has as globals, and that its types name only as types.
declare const Performance: abstract new () => typeof performance;
declare const Crypto: abstract new () => typeof crypto;
declare const SubtleCrypto: abstract new () => typeof crypto.subtle;
declare const CryptoKey: abstract new () => Parameters<typeof crypto.subtle.exportKey>[1];

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-extraneous-class -- its values have the types of the module that is loaded, and its classes are what the standard says */
/** WebAssembly as Node has it; TypeScript's own declarations are a browser's. */
declare namespace WebAssembly {
  type Bytes = ArrayBuffer | ArrayBufferView;
  type ImportExportKind = "function" | "table" | "memory" | "global" | "tag";
  type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "externref" | "anyfunc";
  type Exports = Readonly<Record<string, any>>;
  type Imports = Record<string, Record<string, unknown>>;
  interface Instantiated {
    readonly module: Module;
    readonly instance: Instance;
  }
  class Module {
    constructor(bytes: Bytes);
    static exports(module: Module): { name: string; kind: ImportExportKind }[];
    static imports(module: Module): { module: string; name: string; kind: ImportExportKind }[];
    static customSections(module: Module, name: string): ArrayBuffer[];
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }
  class Memory {
    constructor(options: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    /** @returns the pages of 64 KiB that there were before */
    grow(pages: number): number;
  }
  class Table {
    constructor(
      options: { element: "anyfunc" | "externref"; initial: number; maximum?: number },
      value?: unknown,
    );
    readonly length: number;
    get(index: number): any;
    set(index: number, value?: unknown): void;
    grow(entries: number, value?: unknown): number;
  }
  class Global<T = any> {
    constructor(options: { value: ValueType; mutable?: boolean }, value?: T);
    value: T;
    valueOf(): T;
  }
  class Tag {
    constructor(type: { parameters: ValueType[] });
  }
  class Exception extends Error {
    constructor(tag: Tag, payload: unknown[], options?: { traceStack?: boolean });
    is(tag: Tag): boolean;
    getArg(tag: Tag, index: number): any;
  }
  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}
  function validate(bytes: Bytes): boolean;
  function compile(bytes: Bytes): Promise<Module>;
  function compileStreaming(source: Response | Promise<Response>): Promise<Module>;
  function instantiate(bytes: Bytes, imports?: Imports): Promise<Instantiated>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function instantiateStreaming(
    source: Response | Promise<Response>,
    imports?: Imports,
  ): Promise<Instantiated>;
}
