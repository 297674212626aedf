// The inputs of this session, as Jupyter's history requests ask for them.

/** The content of a `history_request`. */
export interface HistoryQuery {
  readonly hist_access_type: "range" | "tail" | "search";
  readonly output?: boolean;
  readonly session?: number;
  readonly start?: number;
  readonly stop?: number | null;
  readonly n?: number | null;
  readonly pattern?: string;
  readonly unique?: boolean;
}

/** Session number, line number, input; with `output: true` the input stands in a pair with its result's text, if it had one. */
export type HistoryEntry = readonly [number, number, string | readonly [string, string | null]];

/** A pattern of `*` (anything) and `?` (any character) as a regular expression. */
function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[\\^$.+()|[\]{}]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
}

/** So many inputs are remembered, and of each output so many UTF-16 units. */
const mostInputs = 10_000;
const mostUnits = 2000;

/** Inputs in the order in which they ran. */
export class History {
  readonly #inputs: { readonly line: number; readonly code: string; output: string | null }[] = [];

  add(line: number, code: string): void {
    this.#inputs.push({ line, code, output: null });
    if (this.#inputs.length > mostInputs) this.#inputs.shift();
  }

  /** The text itself, or an equal one that is remembered already: a cell that runs again and again is kept once. */
  same(code: string): string {
    return this.#inputs.findLast((one) => one.code === code)?.code ?? code;
  }

  /** Remembers the text of what a line gave. */
  setOutput(line: number, text: string): void {
    const input = this.#inputs.findLast((one) => one.line === line);
    // A copy: a part of a long text would keep the whole of it.
    if (input) input.output = Buffer.from(text.slice(0, mostUnits)).toString();
  }

  /** The entries that a request asks for; only the current session (number 0) is remembered. */
  find({
    hist_access_type,
    output,
    session = 0,
    start = 0,
    stop,
    n,
    pattern = "*",
    unique,
  }: HistoryQuery): HistoryEntry[] {
    let found = [...this.#inputs];
    if (hist_access_type === "range") {
      found = session === 0 ? found.filter(({ line }) => line >= start && line < (stop ?? Infinity)) : [];
    } else {
      if (hist_access_type === "search") {
        const matches = glob(pattern);
        found = found.filter(({ code }) => matches.test(code));
        if (unique === true) found = [...new Map(found.map((input) => [input.code, input])).values()];
      }
      if (n !== undefined && n !== null) found = n > 0 ? found.slice(-n) : [];
    }
    return found.map(({ line, code, output: result }) => [0, line, output === true ? [code, result] : code]);
  }
}
