// Lets Node run the repository's TypeScript: `node -r ./tools/typescript.cjs FILE.ts`. What a file becomes is kept until it changes.
const { createHash, randomUUID } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, rm, writeFileSync } = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const cache = path.join(root, "node_modules", ".cache", "residual", "typescript");
/** Only these are kept, for hidden checks must lie nowhere but in `solutions/`. */
const kept = ["kernel", "lib", "tools"].map((folder) => path.join(root, folder) + path.sep);
/** @type {string | undefined} */
let knownWriter;

/** What decides, with a file, what it becomes: esbuild's version and this file. */
function writer() {
  if (knownWriter !== undefined) return knownWriter;
  const { version } = /** @type {{ version: string }} */ (require("esbuild/package.json"));
  return (knownWriter = `${version}\0${readFileSync(__filename, "utf8")}`);
}

/** @param {string} source @param {string} file */
function transform(source, file) {
  // Loaded here, because most commands find every file as it was.
  const { transformSync } = /** @type {typeof import("esbuild")} */ (require("esbuild"));
  return transformSync(source, {
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: "node20",
    // An import within a function is a `require` too, because Node's own import knows no TypeScript.
    supported: { "dynamic-import": false },
    sourcefile: file,
    sourcemap: "inline",
    sourcesContent: false,
  }).code;
}

/** @param {string} file */
function javascriptOf(file) {
  const source = readFileSync(file, "utf8");
  if (!kept.some((folder) => file.startsWith(folder))) return transform(source, file);
  const mark = `//${createHash("sha256").update([writer(), file, source].join("\0")).digest("hex")}\n`;
  const place = path.join(cache, `${path.relative(root, file).replaceAll(path.sep, "~")}.js`);
  const known = readIfThere(place);
  if (known?.startsWith(mark)) return known;
  const code = `${mark}${transform(source, file)}`;
  keep(place, code);
  return code;
}

/** @param {string} place */
function readIfThere(place) {
  try {
    return readFileSync(place, "utf8");
  } catch {
    return undefined; // the first time
  }
}

/** Whole or not at all, since others may read it now. @param {string} place @param {string} code */
function keep(place, code) {
  const partial = `${place}.${randomUUID()}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(partial, code);
    renameSync(partial, place);
  } catch {
    // A full disk, or packages that somebody else owns: the next start takes longer, and nothing else is lost.
    rm(partial, { force: true }, () => undefined);
  }
}

process.setSourceMapsEnabled(true);
/** @typedef {{ _compile(code: string, file: string): void }} Compiling */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- Node 20 lets `require` be taught nowhere else
require.extensions[".ts"] = (/** @type {unknown} */ module, /** @type {string} */ file) => {
  /** @type {Compiling} */ (module)._compile(javascriptOf(file), file);
};
