// Finds the line of somebody's code in a stack: past the packages, and past this folder.

/** `file:line:column` of the innermost frame that is neither a package's nor the compiler's; undefined where there is none. */
export function sourceLine(stack: string | undefined): string | undefined {
  for (const frame of (stack ?? "").split("\n").slice(1)) {
    const place = /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(frame.trim())?.[1];
    if (place !== undefined && !isMachinery(place)) return place.replace(/^file:\/\//, "");
  }
  return undefined;
}

function isMachinery(place: string): boolean {
  return (
    place.startsWith("node:") ||
    place.includes("/node_modules/") ||
    (/\/(?:lib|dist\/(?:cjs|esm))\/(?:compile|runtime\/kernels)\//.test(place) &&
      !/\.test\.[cm]?ts:/.test(place))
  );
}
