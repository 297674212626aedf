// What TypeScript advises a project to change, said for a cell: what installs a package, what this Node has, what is not checked.
import { isBuiltin } from "node:module";
import type { Diagnostic } from "./diagnostic";
import { installing } from "./foreign";

/** A module's name where a message says that it is not found. */
const missingModule = ({ code, messageText }: Diagnostic): string | undefined =>
  [2307, 2591, 2882].includes(code)
    ? /(?:module|name|import of) '([^']+)'/.exec(messageText)?.[1]
    : undefined;

/** What Node had before any cell ran. */
const globals = new Set(Object.getOwnPropertyNames(globalThis));

/** A module that Node loads, or a global that it has, and that TypeScript does not look for or has no types of: it is `any`. */
export function isUnseen(diagnostic: Diagnostic): boolean {
  const [, global = ""] = /^Cannot find name '(\w+)'/.exec(diagnostic.messageText) ?? [];
  if (globals.has(global)) return true;
  const name = missingModule(diagnostic);
  return name !== undefined && (/^(data|file):/.test(name) || isBuiltin(name));
}

/** A package without types, and what TypeScript advises there: what is imported from it is `any`. */
export const isUntyped = ({ code }: Diagnostic): boolean => [7016, 7035, 7040, 7058].includes(code);

/** A package without types, in one sentence; undefined for what TypeScript adds to it, which is advice for another kind of project. */
export function untyped(diagnostic: Diagnostic): Diagnostic | undefined {
  if (diagnostic.code !== 7016) return undefined;
  const [, name = "the module"] = /module '([^']+)'/.exec(diagnostic.messageText) ?? [];
  const [, scope, bare] = /^(?:@([\w.-]+)\/)?([\w-][\w.-]*)/.exec(name) ?? [];
  const types = `@types/${scope === undefined ? "" : `${scope}__`}${bare ?? ""}`;
  const remedy =
    bare === undefined ? "" : `; where somebody has written them, ${installing(types)} brings them`;
  return {
    ...diagnostic,
    messageText: `${name} has no types, so what is imported from it is not checked${remedy}.`,
  };
}

/** A variable that is exported as an earlier cell's was; TypeScript takes the two for one module's. */
export const isExportedAgain = ({ code, messageText }: Diagnostic, name: string): boolean =>
  code === 2323 && messageText.includes(`'${name}'`);

/** What TypeScript says where its `lib` lacks something; it is what this Node has (`compiler-options.ts`). */
const lacking =
  / Do you need to change your target library\? Try changing the 'lib' compiler option to (.*)\.$/;

function instead(library: string): string {
  if (library.includes("'dom'")) return " It is a browser's, and cells run in Node.";
  const since = /es\d+/.exec(library)?.[0].toUpperCase() ?? "a coming edition";
  return ` JavaScript has it since ${since}: it needs a newer Node than ${process.version}, or a later lib in this folder's tsconfig.json.`;
}

/** What is wrong with a cell, with what helps where something is missing. */
export function advised(diagnostic: Diagnostic): Diagnostic {
  const messageText = diagnostic.messageText.replace(lacking, (_all, library: string) => instead(library));
  const name = missingModule(diagnostic);
  if (name?.startsWith("node:") === true)
    return {
      ...diagnostic,
      messageText: `Cannot find module '${name}'. Node ${process.version}, which runs the cells, has none of that name.`,
    };
  const [bare] = /^(?:@[\w.-]+\/)?[\w-][\w.-]*(?![\w.-]*:)/.exec(name ?? "") ?? [];
  if (diagnostic.code === 2591 || bare === undefined) return { ...diagnostic, messageText };
  return {
    ...diagnostic,
    messageText: `${messageText} To install it into the notebook's folder, run ${installing(bare)} in a cell.`,
  };
}
