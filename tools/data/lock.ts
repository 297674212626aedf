// One download of a data set at a time: a file that names the process at work, taken over once that process is gone.
import { open, readFile, rm } from "node:fs/promises";
import { codeOf, Problem } from "./problem";

/**
 * Holds the lock until the returned function is called.
 * @throws Problem where a living process holds it.
 */
export async function holdLock(path: string): Promise<() => Promise<void>> {
  for (let tries = 0; ; tries++) {
    try {
      const file = await open(path, "wx");
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const holder = Number(await readFile(path, "utf8").catch(() => "0"));
    if (tries > 0 || (holder > 0 && holder !== process.pid && lives(holder)))
      throw new Problem(
        `Another npm run data (process ${holder}) is at work here.`,
        `Wait for it to end. If there is none, remove ${path}.`,
      );
    await rm(path, { force: true });
  }
}

/** Whether a process is there. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is another user's.
    return codeOf(error) === "EPERM";
  }
}
