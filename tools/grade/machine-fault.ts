// What an instructor can do where the machine failed the grader, in place of a trace through its code.

/** The remedy in a sentence, or undefined where it is no fault of the machine's. */
export function remedyFor(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", path = "where the gradebook goes" } = error as NodeJS.ErrnoException;
  const again = "then run the same command, which goes on from there";
  if (["ENOSPC", "EDQUOT"].includes(code)) return `The disk is full (${code}, ${path}): make room, ${again}.`;
  if (["EACCES", "EPERM", "EROFS"].includes(code))
    return `${path} cannot be read or written (${code}): set its rights or name another place, ${again}.`;
  if (["EMFILE", "ENFILE"].includes(code))
    return `The machine has no descriptors left (${code}): grade fewer notebooks at once by --jobs, or raise ulimit -n.`;
  return undefined;
}
