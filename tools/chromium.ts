// Finds the Chromium that the browser tests drive: the one that CHROMIUM_PATH names, or one installed on the system.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** How to get a Chromium, in one sentence. */
export const CHROMIUM_REMEDY =
  "Install Chromium (Debian, Ubuntu: `apt-get install chromium`; macOS: `brew install --cask chromium`), or name one in CHROMIUM_PATH.";

/** Where to look; the defaults are this process's. */
export interface ChromiumOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
}

/**
 * The absolute path of a Chromium or Chrome, or undefined where there is none.
 *
 * @throws Error when CHROMIUM_PATH is set and names nothing that can be run: a wrong wish is no reason to take another browser.
 */
export function findChromium(options: ChromiumOptions = {}): string | undefined {
  const { env = process.env, platform = process.platform } = options;
  const wanted = env["CHROMIUM_PATH"];
  if (wanted !== undefined && wanted !== "") {
    if (!isExecutable(wanted)) {
      throw new Error(`CHROMIUM_PATH must name an executable file; got ${wanted}. Correct it or unset it.`);
    }
    return wanted;
  }
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  if (platform === "darwin") for (const path of MAC_APPLICATIONS) candidates.push(path);
  return candidates.find(isExecutable);
}

/** The Chromium to drive. @throws Error with the remedy where there is none. */
export function requireChromium(options: ChromiumOptions = {}): string {
  const path = findChromium(options);
  if (path === undefined) throw new Error(`No Chromium found. ${CHROMIUM_REMEDY}`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
