// The course's kernelspec, by which a Jupyter knows the kernel: its files, made for one Node and one checkout.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../setup/stamp";

/** The folder's name, and the kernel's in `--kernel` options and notebooks. */
export const KERNEL_NAME = "residual";

/** Where a prefix, such as a Python environment, keeps the kernelspec. */
export const KERNELSPEC_IN_PREFIX = join("share", "jupyter", "kernels", KERNEL_NAME);

/** What Jupyter's menus show; JupyterLab takes the drawing, older clients the pictures. */
const LOGOS = ["logo-svg.svg", "logo-32x32.png", "logo-64x64.png"];

/** The names of the files that a kernelspec of ours holds. */
export const KERNELSPEC_FILES: readonly string[] = [...LOGOS, "kernel.json"];

/** The kernel's folder: in a checkout, and as a package in `node_modules`. */
const KERNEL_FOLDERS = ["kernel", "residual-kernel"] as const;
export type KernelFolder = (typeof KERNEL_FOLDERS)[number];

/** The built kernel's first file in its folder. */
const PROGRAM = join("dist", "main.js");

/** Which Node runs which checkout's kernel. */
export interface KernelspecOptions {
  /** The absolute path of the checkout, or of the `node_modules` that hold the package. */
  readonly root: string;
  /** The kernel's folder there; that of a checkout by default. */
  readonly folder?: KernelFolder;
  /** The absolute path of Node. */
  readonly node?: string;
}

/** The kernel's folder, absolute. */
export function kernelFolder({ root, folder = "kernel" }: KernelspecOptions): string {
  return join(root, folder);
}

/** The kernel's first file, absolute. */
export function kernelProgram(options: KernelspecOptions): string {
  return join(kernelFolder(options), PROGRAM);
}

/** The checkout, or the `node_modules`, whose kernel this first file is; undefined for another program. */
export function rootOf(program: string): string | undefined {
  const end = KERNEL_FOLDERS.map((folder) => `/${join(folder, PROGRAM)}`).find((end) =>
    program.endsWith(end),
  );
  return end && program.slice(0, -end.length);
}

/** `kernel.json`: the kernel's own template, filled with this Node and this checkout. */
export function kernelspecText(options: KernelspecOptions): string {
  const { node = process.execPath } = options;
  const folder = kernelFolder(options);
  const template = readFileSync(join(folder, "kernelspec.json"), "utf8");
  const insert = (path: string): string => JSON.stringify(path).slice(1, -1);
  return template.replaceAll("{node}", () => insert(node)).replaceAll("{kernel}", () => insert(folder));
}

/** The contents of every file, by name; `kernel.json` last, because a folder without it is no kernelspec to Jupyter. */
export function kernelspecContents(options: KernelspecOptions): [name: string, contents: Buffer][] {
  const logos = LOGOS.map((name): [string, Buffer] => [
    name,
    readFileSync(join(kernelFolder(options), "logo", name)),
  ]);
  return [...logos, ["kernel.json", Buffer.from(kernelspecText(options))]];
}

/** The files that the folder lacks or holds otherwise, with what they should be. */
export function kernelspecChanges(folder: string, options: KernelspecOptions): [string, Buffer][] {
  return kernelspecContents(options).filter(([name, content]) => {
    const path = join(folder, name);
    return !existsSync(path) || !readFileSync(path).equals(content);
  });
}

/** Brings the folder's files to what they should be, and says whether any was not. */
export async function writeKernelspec(folder: string, options: KernelspecOptions): Promise<boolean> {
  const changes = kernelspecChanges(folder, options);
  for (const [name, content] of changes) await writeWhole(join(folder, name), content);
  return changes.length > 0;
}
