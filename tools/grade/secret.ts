// The course's secret, which decides the hidden cases: made once, and kept outside the repository that learners get.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "../notebooks/user-error";

/** Where the secret lies unless an option says otherwise. */
export const defaultSecretPath = join(
  process.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config"),
  "residual",
  "grading-secret",
);

/** Characters that a secret must have: fewer could be guessed from an attempt's cases. */
const FEWEST = 16;

/** The secret in the file, which is made if there is none, for its owner's eyes alone. @throws UserError when it is too short */
export function readSecret(path: string): string {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  }
  const secret = readFileSync(path, "utf8").trim();
  if (secret.length < FEWEST)
    throw new UserError(
      `the secret in ${path} must have at least ${FEWEST} characters; it has ${secret.length}: remove the file, and a new one is made`,
    );
  return secret;
}
