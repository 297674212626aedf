// Failures that a person can mend: one line that says what is wrong, one that says what to do.

/** @typedef {Error & { readonly remedy: string }} Problem */

/**
 * An error that is shown as its message and its remedy, without a stack.
 * @param {string} message
 * @param {string} remedy
 * @returns {Problem}
 */
export function problem(message, remedy) {
  return Object.assign(new Error(message), { remedy });
}

/**
 * @param {unknown} error
 * @returns {error is Problem}
 */
export function isProblem(error) {
  return error instanceof Error && "remedy" in error && typeof error.remedy === "string";
}

/**
 * What an error of the system's means, as far as it is one of a full disk.
 * @param {unknown} error
 * @returns {Problem | undefined}
 */
export function diskProblem(error) {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  if (error.code !== "ENOSPC" && error.code !== "EDQUOT") return undefined;
  const path = "path" in error && typeof error.path === "string" ? ` (while writing ${error.path})` : "";
  return problem(
    error.code === "ENOSPC" ? `The disk is full${path}.` : `You may use no more of this disk${path}.`,
    "Free some space and run the command again: it carries on.",
  );
}

/**
 * @param {string} what the thing that found no room, as a noun: "the npm packages"
 * @returns {Problem}
 */
export const diskFilled = (what) =>
  problem(
    `The disk filled up while installing ${what}.`,
    "Free some space and run the command again: it carries on.",
  );

/**
 * What the output of npm or pip says about why it failed, as far as it is one of the known reasons.
 * @param {string} output
 * @param {string} what the thing that could not be had, as a noun: "the npm packages"
 * @returns {Problem | undefined}
 */
export function diagnose(output, what) {
  if (/DO NOT MATCH THE HASHES|EINTEGRITY/.test(output)) {
    return problem(
      `A download for ${what} is not the file that the lock file names: its hash differs.`,
      "A proxy or mirror may have changed it, or the download broke: run the command again; if it repeats, use another network or mirror.",
    );
  }
  if (/No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/.test(output)) {
    return diskFilled(what);
  }
  const unreachable =
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|NewConnectionError|ConnectTimeoutError|ReadTimeout|Read timed out|Max retries exceeded|Name or service not known|Network is unreachable|Temporary failure in name resolution|ProxyError|IncompleteRead|ProtocolError/;
  if (unreachable.test(output)) {
    return problem(
      `The network failed while fetching ${what}.`,
      "Check the connection, and the proxy or mirror of npm and pip if you use one; then run the command again: it carries on.",
    );
  }
  return undefined;
}
