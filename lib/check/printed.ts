// What an answer prints while it is checked: its first lines and its last ones, so that a print in a loop does not bury the verdict.

const shownFirst = 20;
const shownLast = 5;
const mostLetters = 200;
const methods = ["log", "info", "debug", "warn", "error"] as const;
type Methods = Record<(typeof methods)[number], (...parts: readonly unknown[]) => void>;

/** How many lines an argument of the console's fills. */
const linesOf = (parts: readonly unknown[]): number =>
  parts.reduce<number>(
    (lines, part) => lines + (typeof part === "string" ? part.split("\n").length - 1 : 0),
    1,
  );

/** The same for the console, a long text by its beginning and its end. */
const shortened = (part: unknown): unknown =>
  typeof part === "string" && part.length > 2 * mostLetters
    ? `${part.slice(0, mostLetters)} … ${part.slice(-mostLetters)}`
    : part;

/**
 * Calls `run`, and lets the console show no more of what is printed meanwhile than the first lines and the last, and between them how many
 * were left out. Lines that are held back come out when `run` has ended, however it ends.
 */
export async function withBoundedPrints<T>(run: () => Promise<T>): Promise<T> {
  const target: Methods = console;
  const own: Methods = { ...target };
  const last: { readonly show: () => void; readonly lines: number }[] = [];
  let shown = 0;
  let leftOut = 0;
  const bounded: Partial<Methods> = Object.fromEntries(
    methods.map((method) => [
      method,
      (...parts: readonly unknown[]) => {
        const lines = linesOf(parts);
        const show = (): void => {
          own[method](...parts.map(shortened));
        };
        if (shown < shownFirst) {
          shown += lines;
          show();
          return;
        }
        last.push({ show, lines });
        if (last.length > shownLast) leftOut += last.shift()!.lines;
      },
    ]),
  );
  Object.assign(target, bounded);
  try {
    return await run();
  } finally {
    for (const method of methods)
      // What the answer has put there itself stays.
      if (target[method] === bounded[method]) target[method] = own[method];
    if (leftOut > 0)
      own.log(`… ${leftOut} more lines, from all calls of the answer together, are left out …`);
    for (const { show } of last) show();
  }
}
