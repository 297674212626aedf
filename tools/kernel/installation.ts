// The kernelspec in a Jupyter's folder: whose it is, putting it there, taking it away.
import { existsSync, readdirSync, readFileSync, realpathSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Problem } from "../setup/problem";
import {
  KERNELSPEC_FILES,
  kernelProgram,
  rootOf,
  writeKernelspec,
  type KernelspecOptions,
} from "./kernelspec";

/** What a folder for the kernelspec holds: nothing, a checkout's kernelspec, files left by a stopped install, or something of others. */
export type Owner =
  | { readonly kind: "nobody" }
  | { readonly kind: "checkout"; readonly root: string }
  | { readonly kind: "unfinished" }
  | { readonly kind: "other"; readonly what: string };

/** Whose the folder is. @throws Problem where it cannot be read */
export function ownerOf(folder: string): Owner {
  if (!existsSync(folder)) return { kind: "nobody" };
  const names = listed(folder);
  if (names.length === 0) return { kind: "nobody" };
  if (names.includes("kernel.json")) {
    const path = join(folder, "kernel.json");
    const root = checkoutOf(readFileSync(path, "utf8"));
    return root === undefined ? { kind: "other", what: path } : { kind: "checkout", root };
  }
  const foreign = names.find((name) => !isOurs(name));
  return foreign === undefined ? { kind: "unfinished" } : { kind: "other", what: join(folder, foreign) };
}

/** The checkout whose kernel a `kernel.json` starts; undefined for the kernelspec of another kernel. */
function checkoutOf(text: string): string | undefined {
  let spec: unknown;
  try {
    spec = JSON.parse(text);
  } catch {
    return undefined; // no kernelspec of ours, whatever it is
  }
  const argv = (spec as { argv?: unknown } | null)?.argv;
  if (!Array.isArray(argv)) return undefined;
  return argv
    .map((part) => (typeof part === "string" ? rootOf(part) : undefined))
    .find((root) => root !== undefined);
}

/** A file that `installKernelspec` writes, or has left half-written. */
function isOurs(name: string): boolean {
  return KERNELSPEC_FILES.some(
    (ours) => name === ours || (name.startsWith(ours) && name.endsWith(".partial")),
  );
}

/** What `installKernelspec` found and did. */
export interface Installed {
  /** False where every file stood there already, as it should be. */
  readonly changed: boolean;
  /** The other checkout whose kernel stood there before. */
  readonly replaced: string | undefined;
}

/**
 * Writes the kernelspec into the folder, which it makes where it is missing.
 *
 * @throws Problem where the kernel isn't built, the folder holds something of others, or it can't be written
 */
export async function installKernelspec(folder: string, options: KernelspecOptions): Promise<Installed> {
  const { root } = options;
  const program = kernelProgram(options);
  if (!existsSync(program)) {
    throw new Problem(
      `The kernel must be built before it is installed; there is no ${program}.`,
      "Run `npm run setup`, then this command again.",
    );
  }
  const owner = ownerOf(folder);
  if (owner.kind === "other") {
    throw new Problem(
      `${folder} must be free or hold a kernel of this course; got ${owner.what}, which this course did not write.`,
      "Move that folder away, or install elsewhere with --prefix.",
    );
  }
  const changed = await writeKernelspec(folder, options).catch((error: unknown) => {
    throw unwritable(folder, error);
  });
  const isOther = owner.kind === "checkout" && !isSame(owner.root, root);
  return { changed, replaced: isOther ? owner.root : undefined };
}

/** What `uninstallKernelspec` left. */
export interface Uninstalled {
  /** False where there was nothing to take away. */
  readonly removed: boolean;
  /** Files that are not this command's and were left. */
  readonly left: readonly string[];
}

/**
 * Takes away the files that `installKernelspec` wrote, and the folder where it is empty then.
 *
 * @throws Problem where the kernelspec is another kernel's or that of another checkout which still stands, and where it can't be removed
 */
export function uninstallKernelspec(folder: string, { root }: KernelspecOptions): Uninstalled {
  const owner = ownerOf(folder);
  if (owner.kind === "nobody") return { removed: false, left: [] };
  if (owner.kind === "other") {
    throw new Problem(
      `Only this course's kernel is taken away; got ${owner.what}, which this course did not write.`,
      "`jupyter kernelspec list` says what else is installed, `jupyter kernelspec remove NAME` removes any kernel.",
    );
  }
  if (owner.kind === "checkout" && !isSame(owner.root, root) && existsSync(owner.root)) {
    throw new Problem(
      `Only this checkout's kernel is taken away; got that of ${owner.root}.`,
      "Run the command there, or remove it with `jupyter kernelspec remove residual`.",
    );
  }
  try {
    for (const name of listed(folder).filter(isOurs)) rmSync(join(folder, name));
    const left = listed(folder);
    if (left.length === 0) rmdirSync(folder);
    return { removed: true, left: left.map((name) => join(folder, name)) };
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Whether two paths lead to the same folder, by whatever links. */
function isSame(a: string, b: string): boolean {
  const real = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path));
  return real(a) === real(b);
}

function unwritable(folder: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new Problem(
    `${folder} must be a folder that you may write; got ${code} from the system.`,
    `Name a prefix of your own with --prefix, or ask for the rights to ${dirname(folder)}.`,
  );
}
