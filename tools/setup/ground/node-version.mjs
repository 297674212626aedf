// Which Node versions the course runs on. Plain syntax only: this file is what an old Node reads before it is refused.

/**
 * What is wrong with a Node version, or undefined where it is supported: 20.19 to 24.
 * @param {string} version as in `process.versions.node`, "20.19.0"
 * @returns {{ message: string, remedy: string } | undefined}
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if ((major === 20 && minor >= 19) || (major > 20 && major < 25)) return undefined;
  return {
    message: "Node must be 20.19 or newer, up to 24; this is Node " + version + ".",
    remedy: "Install Node 22 or 24 (nodejs.org, nvm, or your system's packages) and run the command again.",
  };
}
