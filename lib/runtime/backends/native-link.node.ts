// The native engine's binding lies outside node_modules, and npm takes the link to it away with every install: here it is put back.
import { existsSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where setup keeps the link, in the folder that holds node_modules. */
const kept = join(".engine", "tfjs_binding.node");

/** Links the engine's package, whose main file is `entry`, to the binding that setup has made, where it has and the link is gone. */
export function putBackLink(entry: string): void {
  const link = join(dirname(entry), "..", "lib", "napi-v8", "tfjs_binding.node");
  const [holder] = entry.split(/[\\/]node_modules[\\/]/);
  const from = join(holder!, kept);
  if (existsSync(link) || !existsSync(from)) return;
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync(realpathSync(from), link);
  } catch (error) {
    // Another process was first.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
