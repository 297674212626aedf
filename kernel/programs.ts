// The program in which a cell is checked: the cell, the layers of declarations around it, and all files that these import. Its checker goes on
// from cell to cell while what it has found out stays true, because a new one costs more than to check a short cell.
import { join } from "node:path";
import ts from "typescript";
import { commentMode } from "./comments";
import { ReadFiles } from "./read-files";
import { resolveFromCellsOrKernel } from "./resolution";
import { isAugmentation } from "./syntax";

/** A cell that can be checked. */
export interface CellProgram {
  readonly program: ts.Program;
  readonly cell: ts.SourceFile;
  /** The declarations of earlier cells, outermost first. */
  readonly layers: readonly ts.SourceFile[];
}

/** A program in which cells are checked one after another. */
interface Going {
  readonly program: ts.Program;
  /** The cell that the program was made for. */
  readonly first: ts.SourceFile;
  /** The layers as the checker knows them. */
  layers: readonly ts.SourceFile[];
  /** The files that it was made with are those of these modules, as a cell writes them: what they add to the platform is there. */
  readonly modules: readonly string[];
  /** How much text its checker has read since. */
  length: number;
}

/**
 * A checker goes on until it has read so many characters of cells and layers. It keeps what it knows of cells that are long gone, about
 * 100 bytes for each of their characters.
 */
const longest = 30_000;

/** Functions of TypeScript that are there at run time but not declared. */
interface Internals {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
}

interface CheckerInternals extends ts.TypeChecker {
  /** What is wrong with these nodes, and what else it has found out to be wrong with their file. */
  getDiagnostics(file: ts.SourceFile, token: undefined, nodes: readonly ts.Node[]): readonly ts.Diagnostic[];
}

type Resolved = ts.ResolvedModuleWithFailedLookupLocations | undefined;

/** What a program has besides what is declared; its checker asks it each time. */
interface ProgramInternals extends ts.Program {
  getResolvedModule(file: ts.SourceFile, name: string, mode: ts.ResolutionMode): Resolved;
  getResolvedModuleFromModuleSpecifier(specifier: ts.StringLiteralLike, file: ts.SourceFile): Resolved;
}

/** What a program notes at its files. */
type Noted = ts.SourceFile & {
  readonly imports: readonly ts.StringLiteralLike[];
  readonly path: string;
  readonly packageJsonLocations?: unknown;
  readonly packageJsonScope?: unknown;
};

/** `NodeFlags.PossiblyContainsDynamicImport`, which is not declared: an `import()` of a value or a type stands in a file. */
const hasImportCall = 1 << 22;

/** A layer names a module that the program does not have: the cell needs a program of its own. */
class UnknownModule extends Error {}

/**
 * Every file of ours is a module, whether it imports something or not. The parser has to know it: `await (x)` calls a function
 * in a script, and waits in a module.
 */
const asModule: ts.CreateSourceFileOptions = {
  languageVersion: ts.ScriptTarget.ES2024,
  setExternalModuleIndicator: (file) => {
    (file as { externalModuleIndicator?: true }).externalModuleIndicator = true;
  },
};

/** Layers of declarations are added by so many at a time. */
const spareLayers = 8;

/** The programs for the cells of one notebook, which lie, as it were, in the folder `cwd`. */
export class Programs {
  readonly #cwd: string;
  readonly #options: ts.CompilerOptions;
  readonly host: ts.CompilerHost;
  readonly #files: ReadFiles;
  /** Files of ours that lie on no disk, by path. */
  readonly #virtual = new Map<string, ts.SourceFile>();
  /** The cell of a program that was made for it. */
  readonly cellPath: string;
  #count = 0;
  #program: ts.Program | undefined;
  #going: Going | undefined;

  /** Programs that share what `like`, those for the same folder, have read from the disk. */
  constructor(cwd: string, options: ts.CompilerOptions, like?: Programs) {
    this.#files = like ? like.#files : new ReadFiles();
    this.#cwd = cwd;
    this.#options = options;
    this.cellPath = join(cwd, "__cell__.ts");
    const host = ts.createCompilerHost(options, true);
    const readSource = host.getSourceFile.bind(host);
    const fileExists = host.fileExists.bind(host);
    Object.assign(host, {
      getCurrentDirectory: () => cwd,
      fileExists: (path: string) => this.#virtual.has(path) || fileExists(path),
      getSourceFile: (path: string, how: ts.CreateSourceFileOptions) => {
        const read = (): ts.SourceFile | undefined =>
          readSource(path, { ...how, jsDocParsingMode: commentMode(path) });
        return this.#virtual.get(path) ?? this.#files.get(path, read);
      },
      ...resolveFromCellsOrKernel(host, cwd),
    });
    this.host = host;
  }

  /**
   * What `use` makes of the cell with the text `code`, which sees the declarations `texts`, outermost first. With `anew` by a checker that knows
   * no other cell. `use` may be called twice.
   */
  with<T>(code: string, texts: readonly string[], use: (made: CellProgram) => T, anew = false): T {
    if (this.#files.forgetChanged()) this.forget();
    const going = anew ? undefined : this.#goOn(code, texts);
    try {
      const made = going ?? this.#make(code, texts);
      const used = use(made);
      if (hasFound(made)) this.forget();
      return used;
    } catch (error) {
      // What a checker has half done is not to be relied on.
      this.forget();
      if (going && error instanceof UnknownModule) return this.with(code, texts, use, true);
      throw error;
    }
  }

  /** Has the next cell be checked by a checker that knows no other one, and a file of ours that was changed for this cell alone be read anew. */
  forget(changed?: ts.SourceFile): void {
    this.#going = undefined;
    if (changed) this.#virtual.delete(changed.fileName);
  }

  /** A file of ours, which programs made from now on have. */
  addFile(path: string, text: string): ts.SourceFile {
    const file = ts.createSourceFile(path, text, asModule, true);
    this.#virtual.set(path, file);
    return file;
  }

  /** A program for this cell. */
  #make(code: string, texts: readonly string[]): CellProgram {
    this.forget();
    const length = Math.ceil(texts.length / spareLayers) * spareLayers;
    // Spare layers are empty: a program whose files stay the same is made from the one before.
    const paths = Array.from({ length }, (_, i) => this.#layerPath(i));
    const files = paths.map((path, i) => {
      const text = texts[i] ?? "export {};";
      const there = this.#virtual.get(path);
      // What a program knows of a file that stays, it does not ask anew: where a layer's imports are found may have changed.
      return there?.text === text && !/\bimport\b/.test(text) ? there : this.addFile(path, text);
    });
    const cell = this.addFile(this.cellPath, code);
    const program = ts.createProgram({
      rootNames: [...paths, this.cellPath],
      options: this.#options,
      host: this.host,
      ...(this.#program && { oldProgram: this.#program }),
    });
    this.#program = program;
    const layers = files.slice(0, texts.length);
    enclose([...layers, cell]);
    const made = program as ProgramInternals;
    const own = [...files, cell];
    this.#going = this.#mayGoOn(own)
      ? { program, first: cell, layers, modules: own.flatMap(modulesOf(made)), length: code.length }
      : undefined;
    if (this.#going) this.#resolveForAll(made, own);
    return { program, cell, layers };
  }

  /** What cells add to the platform's or a module's types stays with the checker, and these options need to know all files from the start. */
  #mayGoOn(own: readonly ts.SourceFile[]): boolean {
    const { importHelpers, stableTypeOrdering } = this.#options;
    if (importHelpers === true || stableTypeOrdering === true || own.some(hasReferences)) return false;
    return !own.some(({ statements }) => statements.some(isAugmentation));
  }

  /** Cells and layers that a program was not made with find the modules of those that it was made with. */
  #resolveForAll(program: ProgramInternals, made: readonly ts.SourceFile[]): void {
    const resolved = program.getResolvedModule.bind(program);
    program.getResolvedModule = (file, name, mode) => {
      const found = resolved(file, name, mode);
      if (found || this.#going?.program !== program || made.includes(file)) return found;
      for (const one of made) {
        const other = resolved(one, name, mode);
        if (other?.resolvedModule) return other;
      }
      throw new UnknownModule(name);
    };
  }

  /** The program of the cells before, if its checker may check this cell too. */
  #goOn(code: string, texts: readonly string[]): CellProgram | undefined {
    const going = this.#going;
    if (!going || going.length > longest) return undefined;
    const { program, first } = going;
    // The program was made for a cell that imports what no cell has imported that ran, or a cell that did runs without its import now.
    if (!going.modules.every((module) => texts.some((text) => text.includes(module)))) return undefined;
    // The name is one that no other cell has, because the checker keeps what is wrong by the names of files.
    const fileName = this.cellPath.replace(/\.ts$/, `${String(++this.#count)}.ts`);
    const cell = ts.createSourceFile(fileName, code, asModule, true);
    if (!standsAlone(cell)) return undefined;
    // A layer refers to those around it: behind one that has changed all are others to the checker.
    const changed = texts.findIndex((text, i) => going.layers[i]?.text !== text);
    const same = changed < 0 ? texts.length : changed;
    const added = texts.slice(same).map((text, i) => this.addFile(this.#layerPath(same + i), text));
    if (added.some((layer) => layer.statements.some(isAugmentation))) return undefined;
    for (const layer of added) {
      const there = program.getSourceFile(layer.fileName);
      if (!there) return undefined;
      note(layer, there);
    }
    note(cell, first, (path) => path.replace(/\.ts$/, `${String(this.#count)}.ts`));
    Object.assign(cell, { imports: [], moduleAugmentations: [], ambientModuleNames: [] });
    for (const file of [...added, cell]) {
      (ts as unknown as Internals).bindSourceFile(file, this.#options);
      going.length += file.text.length;
    }
    const layers = [...going.layers.slice(0, same), ...added];
    going.layers = layers;
    enclose([...layers, cell]);
    return { program, cell, layers };
  }

  #layerPath(i: number): string {
    return join(this.#cwd, `__session_${String(i)}__.d.ts`);
  }
}

/** TypeScript looks a name up in a file's parent when the file does not declare it: so tslab encloses a cell in the earlier ones. */
function enclose([outermost, ...files]: readonly ts.SourceFile[]): void {
  let outer = outermost;
  for (const file of files) {
    Object.assign(file, { parent: outer });
    outer = file;
  }
}

/** Notes at a file what the program notes at those that it is made with, as at `like`. */
function note(file: ts.SourceFile, like: ts.SourceFile, pathOf = (path: string): string => path): void {
  const { path: its, packageJsonLocations, packageJsonScope } = like as Noted;
  const path = pathOf(its);
  const { fileName: originalFileName } = file;
  Object.assign(file, { path, resolvedPath: path, originalFileName, packageJsonLocations, packageJsonScope });
}

/** What a checker says each time: a member is not there. So it is in most cells that are half written. */
const repeated = new Set([2339, 2551]);

/** Whether a checker has found anything wrong: most of that it says once, and says nothing, or less, where it meets the same again. */
function hasFound({ program, cell }: CellProgram): boolean {
  const checker = program.getTypeChecker() as CheckerInternals;
  const found = [...checker.getDiagnostics(cell, undefined, []), ...program.getGlobalDiagnostics()];
  return found.some(({ code }) => !repeated.has(code));
}

/** The modules that a file of ours names and that a program has, in quotes. */
const modulesOf =
  (program: ProgramInternals) =>
  (file: ts.SourceFile): string[] =>
    (file as Noted).imports
      .filter((one) => program.getResolvedModuleFromModuleSpecifier(one, file)?.resolvedModule)
      .map((one) => one.getText(file));

const hasReferences = ({
  referencedFiles,
  typeReferenceDirectives,
  libReferenceDirectives,
}: ts.SourceFile): boolean =>
  referencedFiles.length + typeReferenceDirectives.length + libReferenceDirectives.length > 0;

/** Whether a cell names no file: what it imports is found anew, because it may just have come or gone. */
const standsAlone = (cell: ts.SourceFile): boolean =>
  (cell.flags & hasImportCall) === 0 &&
  !hasReferences(cell) &&
  !cell.statements.some(
    (one) =>
      ts.isImportDeclaration(one) ||
      ts.isImportEqualsDeclaration(one) ||
      (ts.isExportDeclaration(one) && one.moduleSpecifier !== undefined) ||
      isAugmentation(one),
  );
