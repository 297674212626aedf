// The parts of tslab that the kernel uses, over the published TypeScript instead of tslab's fork of 5.0.4.
import Module, { createRequire } from "node:module";
import type * as TslabConverter from "tslab/dist/converter";
import type * as TslabMetadata from "tslab/dist/metadata";

const load = createRequire(__filename);

/** Puts the published TypeScript under the name by which tslab asks for its fork, once a process, before tslab loads. */
function substituteTypescript(): void {
  const name = load.resolve("@tslab/typescript-for-tslab");
  if (load.cache[name]) return;
  const substitute = new Module(name);
  substitute.filename = name;
  substitute.loaded = true;
  substitute.exports = { ...(load("typescript") as object) };
  load.cache[name] = substitute;
}

/** Whether a cell's text is a whole program; if not, the indentation of its next line. */
export function isCompleteCode(code: string): TslabConverter.IsCompleteResult {
  substituteTypescript();
  return (load("tslab/dist/converter") as typeof TslabConverter).isCompleteCode(code);
}

/** What a cell's doc comment says of it: tslab's `@module name` makes the cell a module that others import. */
export function codeMetadata(code: string): TslabMetadata.CodeMetadata {
  // Nothing else needs tslab's scanner, which takes 20 ms to load.
  if (!code.includes("@module")) return {};
  substituteTypescript();
  return (load("tslab/dist/metadata") as typeof TslabMetadata).getCodeMetadata(code);
}

/** tslab's public module, which `import "tslab"` in a cell gives; what it displays, the kernel shows. */
export function publicModule(): unknown {
  substituteTypescript();
  const show = (globalThis as unknown as Record<symbol, ShowBundle>)[Symbol.for("residual.display")];
  const jupyter = load("tslab/dist/jupyter") as { lastWriteDisplayData: unknown };
  jupyter.lastWriteDisplayData = (content: TslabContent, update?: boolean) => {
    const { data, transient } = content;
    show?.(data, { displayId: transient.display_id ?? undefined, update });
  };
  return load("tslab") as unknown;
}

type ShowBundle = (
  bundle: object,
  options: { displayId: string | undefined; update: boolean | undefined },
) => void;

/** What tslab hands on for each thing that it displays. */
interface TslabContent {
  readonly data: object;
  readonly transient: { readonly display_id?: string | null };
}
