// Where the tools find the course's Python environment.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "./user-error";

/**
 * The Python of `.venv`, or the one that `RESIDUAL_PYTHON` names.
 * @throws UserError with the remedy where there is none.
 */
export function findPython(root: string): string {
  const path = process.env["RESIDUAL_PYTHON"] ?? join(root, ".venv", "bin", "python");
  if (!existsSync(path)) throw new UserError(`no Python environment at ${path}: run npm run setup`);
  return path;
}
