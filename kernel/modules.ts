// What an import means in a cell: local modules compiled by the kernel, then the notebook's packages, then the kernel's own.
import { statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isModuleNamespaceObject as isNamespaceObject } from "node:util/types";
import vm from "node:vm";
import { watchModules } from "./es-modules";
import type { CompiledModule } from "./local-modules";
import { isPath } from "./specifier";
import { publicModule } from "./tslab";

type Namespace = Readonly<Record<string, unknown>>;

interface LocalModule {
  exports: Record<string, unknown>;
  isLoaded: boolean;
  /** Local modules that this one asked for. */
  readonly needs: Set<string>;
}

/** Errors by which `require` says that a module can only be imported. */
const importOnly = new Set(["ERR_REQUIRE_ASYNC_MODULE", "ERR_REQUIRE_ESM", "ERR_PACKAGE_PATH_NOT_EXPORTED"]);

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

const timeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;

const fromKernel = createRequire(__filename);

/** The modules of one session. */
export class CellModules {
  readonly #cwd: string;
  readonly #sources = new Map<string, string>();
  readonly #loaded = new Map<string, LocalModule>();
  /** JSON and JavaScript of the notebook's own that Node has loaded, with their times of change. */
  readonly #files = new Map<string, number | undefined>();

  /** @param cwd the folder of the notebook */
  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** Takes newly compiled local modules. They, and all that import them, run again when they are next imported. */
  update(modules: readonly CompiledModule[]): void {
    for (const { path, output } of modules) {
      this.#sources.set(path, output);
      this.#forget(path);
    }
    for (const [path, changed] of this.#files) if (timeOf(path) !== changed) this.#forgetFile(path);
  }

  /** Has Node read a file anew when it is next asked for, and all that has loaded it. */
  #forgetFile(path: string): void {
    if (!this.#files.delete(path)) return;
    const { cache } = fromKernel;
    const users = [...this.#files.keys()].filter((one) => cache[one]?.children.some(({ id }) => id === path));
    Reflect.deleteProperty(cache, path);
    this.#forget(path);
    for (const user of users) this.#forgetFile(user);
  }

  #remember(path: string): void {
    if (this.#files.has(path) || !isAbsolute(path) || /[\\/]node_modules[\\/]/.test(path)) return;
    this.#files.set(path, timeOf(path));
    for (const { filename } of fromKernel.cache[path]?.children ?? []) this.#remember(filename);
  }

  #forget(path: string): void {
    this.#loaded.delete(path);
    for (const [other, { needs }] of this.#loaded) if (needs.has(path)) this.#forget(other);
  }

  /** Forgets modules whose loading was ended by force: who imports them later must not get a half of them. */
  forgetHalfLoaded(): void {
    for (const [path, { isLoaded }] of this.#loaded) if (!isLoaded) this.#loaded.delete(path);
    for (const [path, module] of Object.entries(fromKernel.cache))
      if (module?.loaded === false) Reflect.deleteProperty(fromKernel.cache, path);
  }

  /** What a cell's `import ... from` gives: synchronously where that is possible, since most modules do not wait. */
  load(id: string, options?: ImportCallOptions): Namespace | Promise<Namespace> {
    // Newer Nodes can require an ES module too, and would keep it.
    if (/^(file|data):/.test(id) || (isPath(id) && id.endsWith(".mjs"))) return this.import(id, options);
    try {
      return namespace(this.#require(this.#cwd, id));
    } catch (error) {
      if (importOnly.has(codeOf(error) ?? "")) return this.import(id, options);
      throw error;
    }
  }

  /**
   * Puts what a module exports on the global object under names of the cell, given in pairs (name, export); gives the last one. What may
   * change later is read each time: an export of a local module or an ES module. Of other modules it is what they have now, as in Node.
   *
   * @throws SyntaxError if the module has no such export, as Node says it
   */
  bind(module: unknown, pairs: readonly string[]): unknown {
    const exports = module as Namespace;
    let value: unknown;
    for (let i = 0; i < pairs.length; i += 2) {
      const name = pairs[i]!;
      const member = pairs[i + 1]!;
      if (member !== "*" && !(member in exports))
        throw new SyntaxError(`The requested module does not provide an export named '${member}'`);
      const read = (): unknown => (member === "*" ? exports : exports[member]);
      value = read();
      if (name === "") continue;
      const isLive = member !== "*" && this.#mayChange(exports);
      const what = isLive ? { get: read } : { value, writable: false };
      Object.defineProperty(globalThis, name, { ...what, configurable: true, enumerable: false });
    }
    return value;
  }

  #mayChange(module: Namespace): boolean {
    return isNamespaceObject(module) || [...this.#loaded.values()].some(({ exports }) => exports === module);
  }

  /** What `import(id)` gives in a cell, or in the local module at `path`. */
  async import(id: string, options?: ImportCallOptions, path?: string): Promise<Namespace> {
    const folder = path === undefined ? this.#cwd : dirname(path);
    if (id === "tslab" || this.#find(folder, id) !== undefined) return namespace(this.#require(folder, id));
    const from = path ?? join(folder, "cell.js");
    if (/^(file|data|node):/.test(id)) return await nativeImport(id, from, options);
    let found: string;
    try {
      found = resolveFrom(folder, id);
    } catch {
      // Node's own `import()` finds what cannot be required, or says what is wrong in the words and with the code that a program asks for.
      return await nativeImport(id, from, options);
    }
    if (!isAbsolute(found)) return await nativeImport(found, from, options);
    if (!found.includes("node_modules")) watchModules();
    return await nativeImport(pathToFileURL(found).href, from, options);
  }

  /** What a cell has of a module's own: it lies, as it were, in the file `cell.ts` of the notebook's folder. */
  ofCells(cwd: string): {
    meta: unknown;
    require: unknown;
    module: object;
    dirname: string;
    filename: string;
  } {
    const filename = join(cwd, "cell.ts");
    const require = this.#requireOf(cwd);
    const module = { id: ".", filename, exports: {}, require };
    return { meta: this.meta(filename), require, module, dirname: cwd, filename };
  }

  /** `import.meta` of a local module. */
  meta(path: string): unknown {
    const { href } = pathToFileURL(path);
    return {
      url: href,
      filename: path,
      dirname: dirname(path),
      // As in Node an address need not lead anywhere, and a package must be there.
      resolve: (id: string) => {
        if (isPath(id) || URL.canParse(id)) return new URL(id, href).href;
        if (isBuiltin(id)) return `node:${id}`;
        try {
          return pathToFileURL(resolveFrom(dirname(path), id)).href;
        } catch {
          const message = `Cannot find package '${id}' imported from ${path}`;
          throw Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
        }
      },
    };
  }

  #requireOf(folder: string, needs?: Set<string>): NodeJS.Require {
    const own = (id: string): unknown => this.#require(folder, id, needs);
    return Object.assign(own, createRequire(join(folder, "cell.js")), {
      resolve: Object.assign((id: string) => resolveFrom(folder, id), {
        paths: (id: string) => fromKernel.resolve.paths(id),
      }),
    }) as NodeJS.Require;
  }

  #require(folder: string, id: string, needs?: Set<string>): unknown {
    if (id === "tslab") return publicModule();
    const local = this.#find(folder, id);
    if (local === undefined) {
      const exports = requireFrom(folder, id);
      if (!isPath(id)) return exports;
      const path = resolveFrom(folder, id);
      needs?.add(path);
      this.#remember(path);
      return exports;
    }
    needs?.add(local);
    return this.#local(local).exports;
  }

  #find(folder: string, id: string): string | undefined {
    if (!isPath(id)) return undefined;
    const path = (isAbsolute(id) ? id : join(folder, id)).replaceAll("\\", "/");
    const bare = path.slice(0, path.length - extname(path).length);
    const candidates = [
      path,
      `${path}.ts`,
      `${path}.tsx`,
      `${path}.js`,
      `${bare}.ts`,
      `${bare}.tsx`,
      `${path}/index.ts`,
    ];
    return candidates.find((candidate) => this.#sources.has(candidate));
  }

  #local(path: string): LocalModule {
    const cached = this.#loaded.get(path);
    if (cached) return cached;
    const module: LocalModule = { exports: {}, isLoaded: false, needs: new Set() };
    const folder = dirname(path);
    const run = vm.compileFunction(
      this.#sources.get(path)!,
      ["exports", "require", "module", "__filename", "__dirname"],
      { filename: path },
    ) as (...args: unknown[]) => void;
    // Registered before it runs, so that modules may import each other in a circle.
    this.#loaded.set(path, module);
    try {
      run(module.exports, this.#requireOf(folder, module.needs), module, path, folder);
    } catch (error) {
      this.#loaded.delete(path);
      throw error;
    }
    module.isLoaded = true;
    return module;
  }
}

function resolveFrom(folder: string, id: string): string {
  try {
    return createRequire(join(folder, "cell.js")).resolve(id);
  } catch (error) {
    if (isPath(id) || codeOf(error) !== "MODULE_NOT_FOUND") throw error;
    try {
      return fromKernel.resolve(id);
    } catch {
      // The first one says where the cell's own folder lies.
      throw error;
    }
  }
}

const requireFrom = (folder: string, id: string): unknown =>
  fromKernel(id.startsWith("node:") ? id : resolveFrom(folder, id));

/** Node's own `import()` from the file `from`. */
function nativeImport(id: string, from: string, options?: ImportCallOptions): Promise<Namespace> {
  const script = new vm.Script("(id, options) => import(id, options)", {
    filename: from,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const load = script.runInThisContext() as (id: string, options?: ImportCallOptions) => Promise<Namespace>;
  return load(id, options);
}

/** A CommonJS module as an ES module sees it: `default` is the whole of it, unless it says that it was an ES module. */
function namespace(exports: unknown): Namespace {
  const isObject = (typeof exports === "object" || typeof exports === "function") && exports !== null;
  if (!isObject) return { default: exports };
  const { __esModule, [Symbol.toStringTag]: tag } = exports as Record<PropertyKey, unknown>;
  if (__esModule === true || tag === "Module") return exports as Namespace;
  return new Proxy(exports as Record<string, unknown>, {
    get: (target, name, receiver) =>
      name === "default" ? target : (Reflect.get(target, name, receiver) as unknown),
    has: (target, name) => name === "default" || name in target,
  });
}
