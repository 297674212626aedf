// Says in one line which kernel to choose where a notebook of the course was opened with the published tslab.

/**
 * What to tell somebody whose process was started by `args`, or undefined where it is not the published tslab's kernel. There the
 * library computes as ever, but figures, tables and networks stand below the cells as the objects that they are.
 */
export function stockTslabNotice(args: readonly string[]): string | undefined {
  const [, program = "", ...rest] = args;
  const isTslab = /[\\/]tslab(\.[cm]?js)?$|[\\/]tslab[\\/](bin|dist)[\\/]/.test(program);
  if (!isTslab || !rest.includes("kernel")) return undefined;
  return 'This is the kernel of the published tslab, which shows figures and tables as plain objects: choose the kernel "TypeScript (Residual)" for the course (in JupyterLab: Kernel, Change Kernel; if it is not offered: npm run kernel -- install).';
}

const { process } = globalThis as { process?: { argv?: readonly string[] } };
const notice = stockTslabNotice(process?.argv ?? []);
if (notice !== undefined) console.warn(notice);
