// What people write who come from IPython, a shell or a browser: each is told what it is called here.
import type { Diagnostic } from "./diagnostic";
import { linesOf } from "./lines";

/** What installs packages into the notebook's own folder. */
export const installing = (names: string): string =>
  `install(${names
    .split(/\s+/)
    .filter((name) => name !== "" && !name.startsWith("-"))
    .map((name) => JSON.stringify(name))
    .join(", ")})`;

/** What runs a shell's command in a cell. What pip would bring is another thing in npm's registry, whatever its name. */
function inShell(command: string): string {
  const [, names] = /^(?:npm|yarn|pnpm) (?:install|i|add) +(.*\w.*)$/.exec(command) ?? [];
  if (names !== undefined) return installing(names);
  return `require("node:child_process").execSync(${JSON.stringify(command)}, { stdio: "inherit" })`;
}

/** What stands in the place of IPython's magics, by name. */
const magics: Readonly<Record<string, (rest: string) => string>> = {
  time: () => 'console.time("cell") before and console.timeEnd("cell") after what is measured',
  timeit: () => 'console.time("cell") before and console.timeEnd("cell") after a loop over what is measured',
  matplotlib: () => "nothing: a figure that is a cell's last expression is shown",
  pip: (rest) => inShell(`npm ${rest}`),
  conda: (rest) => inShell(`npm ${rest}`),
  npm: (rest) => inShell(`npm ${rest}`),
  cd: (rest) => `process.chdir(${JSON.stringify(rest)})`,
  pwd: () => "process.cwd()",
  env: (rest) => (rest === "" ? "process.env" : `process.env.${rest.replace("=", " = ")}`),
  run: (rest) => `await import(${JSON.stringify(`./${rest}`)})`,
  bash: () => inShell("the command"),
  sh: () => inShell("the command"),
  ls: (rest) => inShell(`ls ${rest}`.trimEnd()),
};

/** What to write instead of a line that is wrong in these ways, or undefined where the line is none of these. */
function remedy(line: string, wrong: string): string | undefined {
  const [, magic, after = ""] = /^\s*%%?\s*([A-Za-z]\w*)\s*(.*)$/.exec(line) ?? [];
  if (magic !== undefined) {
    const instead = Object.hasOwn(magics, magic) ? magics[magic]!(after.trim()) : "the code that does it";
    return `%${magic} is a magic of IPython, and this is TypeScript. Write ${instead}.`;
  }
  const [, command] = /^\s*!+\s*([A-Za-z.~/][^;(]*)$/.exec(line) ?? [];
  if (command !== undefined)
    return `A line with ! in front runs in a shell in IPython; here it is TypeScript. Write ${inShell(command.trim())}.`;
  const [, before, behind] =
    /^\s*(?:\?\??\s*([\p{L}\w$.]+)|([\p{L}\w$.]+)\s*\?\??)\s*;?\s*$/u.exec(line) ?? [];
  const name = before ?? behind;
  if (name !== undefined)
    return `A question mark asks IPython for help; here put the cursor on ${name} and press Shift+Tab.`;
  const [, tag] = /<([A-Za-z][\w.]*)(?:\s[^<>]*)?>.*<\/\1>/.exec(line) ?? [];
  if (tag !== undefined && wrong.includes("Unterminated regular expression"))
    return `A cell is a .ts file, where <${tag}> asserts a type; put JSX into a file that ends with .tsx beside the notebook, and import it here.`;
  if (wrong.includes("Cannot find name 'prompt'"))
    return 'prompt() is the browser\'s; here a cell asks with: await input("Name? ").';
  return undefined;
}

/** What is wrong with a cell, where a line of it is from elsewhere in the words of that: one message for each such line. */
export function explained(diagnostics: readonly Diagnostic[], code: string): readonly Diagnostic[] {
  const lines = linesOf(code);
  const told = new Set<number>();
  const isOf = (one: Diagnostic, line: number): boolean =>
    one.fileName === undefined && one.start.line === line;
  return diagnostics.flatMap((one) => {
    const { line } = one.start;
    const wrong = diagnostics.filter((other) => isOf(other, line)).map((other) => other.messageText);
    const messageText = isOf(one, line) ? remedy(lines[line] ?? "", wrong.join("\n")) : undefined;
    if (messageText === undefined) return [one];
    if (told.has(line)) return [];
    told.add(line);
    return [{ ...one, messageText }];
  });
}
