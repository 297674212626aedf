// `npm run kernel`, less the process around it: arguments in, lines and an exit code out.
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Problem } from "../setup/problem";
import { installKernelspec, uninstallKernelspec } from "./installation";
import {
  KERNEL_NAME,
  kernelFolder,
  KERNELSPEC_IN_PREFIX,
  kernelspecText,
  type KernelFolder,
} from "./kernelspec";

const help = (command: string): string => `${command} install | uninstall | spec [options]

Tells a Jupyter other than the course's own of the kernel: "TypeScript (Residual)", named ${KERNEL_NAME}. The kernel itself stays where
it is, and so do its library and its settings; install again after you move that folder or change the Node.

  install        write the kernelspec; what stands there already is kept
  uninstall      take it away, and nothing else
  spec           print the kernel.json that install writes

  --user         the kernels of your account, which every Jupyter of yours sees; the default
  --prefix DIR   the kernels of one Python environment or installation, such as --prefix "$VIRTUAL_ENV" or --prefix /usr/local
  --help         this text

JUPYTER_DATA_DIR moves your account's folder, as it does for Jupyter.`;

/** What the command stands in. */
export interface Surroundings {
  /** See `KernelspecOptions`. */
  readonly root: string;
  readonly folder?: KernelFolder;
  /** What the person typed to come here, less the arguments. */
  readonly command?: string;
  /** The absolute path of the Node that is to run the kernel. */
  readonly node: string;
  /** Where the person stands: relative paths are meant from here. */
  readonly from: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Writes one line. */
  readonly print: (line: string) => void;
}

/** Runs the command. @throws Problem for what the person can mend; TypeError of `parseArgs` for an unknown option */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<void> {
  const { print, command: typed = "npm run kernel --" } = surroundings;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      user: { type: "boolean", default: false },
      prefix: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    print(help(typed));
    return;
  }
  if (values.user && values.prefix !== undefined)
    throw new Problem("--user and --prefix exclude each other.", "Give one of them.");
  const [command] = positionals;
  const folder = (): string =>
    values.prefix === undefined
      ? join(userData(surroundings), "kernels", KERNEL_NAME)
      : join(existingPrefix(resolve(surroundings.from, values.prefix)), KERNELSPEC_IN_PREFIX);
  if (positionals.length !== 1 || (command !== "install" && command !== "uninstall" && command !== "spec")) {
    const got = positionals.length > 0 ? positionals.join(" ") : "nothing";
    throw new Problem(
      `The command must be install, uninstall or spec; got ${got}.`,
      `See \`${typed} --help\`.`,
    );
  }
  if (command === "spec") print(kernelspecText(surroundings).trimEnd());
  else if (command === "install") await install(folder(), surroundings);
  else uninstall(folder(), surroundings);
}

async function install(folder: string, surroundings: Surroundings): Promise<void> {
  const { node, print } = surroundings;
  const { changed, replaced } = await installKernelspec(folder, surroundings);
  print(`TypeScript (Residual) is ${changed ? "" : "already "}in ${folder}`);
  if (replaced !== undefined) print(`It replaces the kernel of ${replaced}.`);
  if (changed) print(`It runs ${kernelFolder(surroundings)} with ${node}; install again after either moves.`);
}

function uninstall(folder: string, surroundings: Surroundings): void {
  const { print } = surroundings;
  const { removed, left } = uninstallKernelspec(folder, surroundings);
  print(
    removed
      ? `TypeScript (Residual) is gone from ${folder}`
      : `There is no TypeScript (Residual) in ${folder}; nothing to do.`,
  );
  for (const path of left) print(`Left ${path}, which this command did not write.`);
}

/** Jupyter's data folder of one account, by Jupyter's own rules for Linux and macOS. */
function userData({ env, platform, home }: Surroundings): string {
  const named = env["JUPYTER_DATA_DIR"];
  if (named !== undefined && named !== "") return named;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  const shared = env["XDG_DATA_HOME"];
  return join(shared !== undefined && shared !== "" ? shared : join(home, ".local", "share"), "jupyter");
}

/** A prefix that isn't there is a slip of the pen: no Jupyter would look in it. */
function existingPrefix(prefix: string): string {
  if (existsSync(prefix) && statSync(prefix).isDirectory()) return prefix;
  throw new Problem(
    `--prefix must be the folder of a Python environment or installation; got ${prefix}, which is none.`,
    "`python -c 'import sys; print(sys.prefix)'` says where a Python has its own.",
  );
}

/** What is printed of a failure: the reason and the remedy, or everything where it is a fault of this program. */
export function explain(error: unknown, command = "npm run kernel --"): string {
  if (error instanceof Problem) return `${error.message}\n  ${error.remedy}`;
  // parseArgs
  if (error instanceof TypeError && "code" in error) return `${error.message}\n  See \`${command} --help\`.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
