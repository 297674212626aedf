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
