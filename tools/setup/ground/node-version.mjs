// Which systems and which versions of Node the course runs on. Plain syntax only: this file is what an old Node reads before it is refused.

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

/**
 * What is wrong with a system, or undefined where the course runs: Linux and macOS.
 * @param {string} platform as in `process.platform`, "win32"
 * @returns {{ message: string, remedy: string } | undefined}
 */
export function platformProblem(platform) {
  if (platform !== "win32") return undefined;
  return {
    message: "The course runs on Linux and macOS, and this is Node for Windows.",
    remedy:
      "On Windows use its Linux: run `wsl --install` in PowerShell, restart, and in the Ubuntu that opens clone the course " +
      "into your home there (not below /mnt/c, which is slow) and follow the README. Or use the container of docs/containers.md.",
  };
}
