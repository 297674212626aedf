// `require` as a cell sees it: local modules compiled by the kernel, then the notebook's packages, then the kernel's own.
import Module, { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import type { SideOutput } from "tslab/dist/converter";

type Require = (id: string) => unknown;

/** `Module` with the method by which Node runs a module's source. */
interface CompilableModule extends NodeJS.Module {
  _compile(source: string, filename: string): void;
}

/** Options for {@link CellModules}. */
export interface CellModulesOptions {
  /** The folder of the notebook. */
  readonly cwd: string;
  /** Modules that the kernel provides itself, made when first asked for. */
  readonly provided: Readonly<Record<string, () => unknown>>;
}

/** The modules of one session. */
export class CellModules {
  readonly #sources = new Map<string, string>();
  readonly #loaded = new Map<string, NodeJS.Module>();
  readonly #provided: CellModulesOptions["provided"];
  /** What cells call. */
  readonly require: Require;

  constructor({ cwd, provided }: CellModulesOptions) {
    this.#provided = provided;
    this.require = this.#requireFrom(cwd);
  }

  /** Takes newly compiled local modules; each runs again when it is next imported. */
  update(outputs: readonly SideOutput[]): void {
    for (const { path, data } of outputs) {
      this.#sources.set(path, data);
      this.#loaded.delete(path);
    }
  }

  #requireFrom(folder: string): Require {
    const fromFolder = createRequire(join(folder, "cell.js"));
    const fromKernel = createRequire(__filename);
    return (id) => {
      const provide = this.#provided[id];
      if (provide) return provide();
      const local = this.#local(folder, id);
      if (local) return local.exports as unknown;
      let found: string;
      try {
        found = fromFolder.resolve(id);
      } catch (error) {
        if (id.startsWith(".") || (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
        return fromKernel(id) as unknown;
      }
      return fromFolder(found) as unknown;
    };
  }

  #local(folder: string, id: string): NodeJS.Module | undefined {
    if (!id.startsWith(".")) return undefined;
    const path = join(folder, id).replaceAll("\\", "/");
    const candidates = [
      path.slice(0, path.length - extname(path).length) + ".js",
      `${path}.js`,
      `${path}/index.js`,
    ];
    const filename = candidates.find((candidate) => this.#sources.has(candidate));
    if (filename === undefined) return undefined;
    const cached = this.#loaded.get(filename);
    if (cached) return cached;
    const loaded = new Module(filename) as CompilableModule;
    loaded.filename = filename;
    loaded.require = this.#requireFrom(dirname(filename)) as NodeJS.Require;
    // Registered before it runs, so that modules may import each other in a circle.
    this.#loaded.set(filename, loaded);
    try {
      loaded._compile(this.#sources.get(filename)!, filename);
    } catch (error) {
      this.#loaded.delete(filename);
      throw error;
    }
    loaded.loaded = true;
    return loaded;
  }
}
