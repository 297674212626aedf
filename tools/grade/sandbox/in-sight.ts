// What every program behind bubblewrap's walls can read: the system's own programs and libraries, and Node.
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { platform } from "node:os";
import { dirname } from "node:path";

/** Shown to every program, where they exist. */
export const systemFolders = [
  ...["/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32"],
  ...["/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime"],
];

/**
 * The first of the paths that every program behind bubblewrap's walls can read, because it lies among the system's own programs and
 * libraries; undefined where none does.
 */
export function firstInSight(paths: readonly string[]): string | undefined {
  const shown = systemFolders.map((folder) => (existsSync(folder) ? realpathSync(folder) : folder));
  return paths.find(
    (path) => existsSync(path) && shown.some((folder) => `${realpathSync(path)}/`.startsWith(`${folder}/`)),
  );
}

/** The running Node and the libraries that lie beside it, wherever that is; a folder of it could be somebody's home. */
export function nodeFiles(): string[] {
  const node = realpathSync(process.execPath);
  const prefix = `${dirname(dirname(node))}/`;
  const maps = platform() === "linux" ? readFileSync("/proc/self/maps", "utf8") : "";
  const libraries = [...maps.matchAll(/\s(\/.*\.so(?:\.\d+)*)$/gm)].map(([, path]) => path!);
  const own = libraries.filter((path) => path.startsWith(prefix) && !path.includes("/node_modules/"));
  return [node, ...new Set(own)].filter((path) => !path.startsWith("/usr/"));
}
