// Bundles a module for browsers, refuses what only Node has, and measures what a reader's browser would load.
import { gzipSync } from "node:zlib";
import { build, formatMessages, type BuildFailure, type Metafile } from "esbuild";

/** A file of the bundle. */
export interface BundleFile {
  /** What made it a file of its own: an entry point, the start of a dynamic import, or `shared`. */
  readonly name: string;
  /** Loaded at once, or when a dynamic import asks for it. */
  readonly when: "at once" | "on demand";
  /** Bytes, minified. */
  readonly size: number;
  /** Bytes, minified and compressed. */
  readonly compressed: number;
}

/**
 * Bundles `entry` with everything that it imports, as a browser would load it.
 *
 * @throws Error that lists each import which a browser cannot have, with its place
 */
export async function bundleForBrowser(entry: string): Promise<readonly BundleFile[]> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    conditions: ["residual-source", "browser"],
    splitting: true,
    outdir: "bundle",
    minify: true,
    metafile: true,
    write: false,
    logLevel: "silent",
  }).catch(async (error: unknown) => {
    const { errors } = error as Partial<BuildFailure>;
    if (errors === undefined) throw error;
    const lines = await formatMessages(errors, { kind: "error" });
    throw new Error(`The library does not bundle for a browser.\n\n${lines.join("")}`, { cause: error });
  });
  const { outputs } = result.metafile;
  const atOnce = staticClosure(outputs, entryOf(outputs));
  return result.outputFiles.map(({ path, contents }) => {
    const output = Object.keys(outputs).find((name) => path.endsWith(name))!;
    const start = outputs[output]!.entryPoint;
    return {
      name: start?.replace(/^.*node_modules\//, "") ?? "shared",
      when: atOnce.has(output) ? "at once" : "on demand",
      size: contents.length,
      compressed: gzipSync(contents).length,
    };
  });
}

/** One line for what loads at once, and one for each part that loads on demand. */
export function describeBundle(files: readonly BundleFile[]): string {
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
  const first = files.filter(({ when }) => when === "at once");
  const sum = (of: (file: BundleFile) => number) => first.reduce((total, file) => total + of(file), 0);
  const total = `${kilobytes(sum(({ size }) => size))} minified, ${kilobytes(sum(({ compressed }) => compressed))} gzip`;
  const later = files
    .filter(({ when }) => when === "on demand")
    .map(({ name, size, compressed }) => `  on demand ${kilobytes(size)}, ${kilobytes(compressed)} gzip: ${name}`); // prettier-ignore
  return [`The library bundles for a browser: ${total} at once`, ...later].join("\n");
}

function entryOf(outputs: Metafile["outputs"]): string {
  const imported = new Set(Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path)));
  return Object.keys(outputs).find((name) => outputs[name]!.entryPoint !== undefined && !imported.has(name))!;
}

/** The output and everything that it imports other than on demand. */
function staticClosure(outputs: Metafile["outputs"], entry: string): ReadonlySet<string> {
  const reached = new Set([entry]);
  for (const name of reached) {
    const { imports } = outputs[name]!;
    for (const { path, kind } of imports) if (kind === "import-statement") reached.add(path);
  }
  return reached;
}
