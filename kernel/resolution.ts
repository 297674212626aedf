// Finds the types of what a cell imports: from the cell's own folder first, then from the folder of the kernel.
import { join } from "node:path";
import ts from "typescript";

type Resolver = Required<
  Pick<
    ts.CompilerHost,
    "resolveModuleNameLiterals" | "hasInvalidatedResolutions" | "getModuleResolutionCache"
  >
>;

/** The types of the library that lies beside the kernel in the course's own checkout; elsewhere it is an installed package. */
const library = join(__dirname, __dirname.endsWith("dist") ? "../.." : "..", "lib", "dist");

const isDeclarationFile = (path: string): boolean => /\.d\.[cm]?ts$/.test(path);

/** Whether a file is an installed package's declarations, which stay as they are while a kernel runs. */
export const isInstalled = (path: string): boolean =>
  isDeclarationFile(path) && (path.includes("/node_modules/") || path.startsWith(library));

/**
 * Module resolution for the compiler's host. What packages import among themselves is resolved once and remembered; what
 * cells, their declarations and local modules import is resolved anew for each program, since a package or file may just have been added.
 *
 * @param cwd the folder of the notebook
 */
export function resolveFromCellsOrKernel(host: ts.ModuleResolutionHost, cwd: string): Resolver {
  const remembered = ts.createModuleResolutionCache(cwd, (name) => name);
  const kernelFile = join(__dirname, "cell.ts");
  return {
    resolveModuleNameLiterals: (literals, containingFile, redirected, options, containingSourceFile) => {
      const cache = isInstalled(containingFile)
        ? remembered
        : ts.createModuleResolutionCache(cwd, (name) => name);
      return literals.map((literal) => {
        const mode = ts.getModeForUsageLocation(containingSourceFile, literal, options);
        const resolve = (from: string): ts.ResolvedModuleWithFailedLookupLocations =>
          ts.resolveModuleName(literal.text, from, options, host, cache, redirected, mode);
        const found = resolve(containingFile);
        return found.resolvedModule || ts.isExternalModuleNameRelative(literal.text)
          ? found
          : resolve(kernelFile);
      });
    },
    // Without it each program reads the package.json of every declaration file again: half of a plain cell's time.
    getModuleResolutionCache: () => remembered,
    hasInvalidatedResolutions: (path) => !isDeclarationFile(path),
  };
}
