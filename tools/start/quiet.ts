// What JupyterLab and its kernels write to a terminal, without the lines that concern nobody.

const noise: readonly RegExp[] = [
  // Everything that JupyterLab did not save itself: each chapter, each time it is looked at. What untrusted means, the page says.
  /^\[W [^\]]*\] Notebook .* is not trusted$/,
  // JupyterLab asks for a file that another program's lock would be.
  /^\[W [^\]]*\] .*\/\.~[^/]* doesn't exist$/,
  /^\[W [^\]]*\] The websocket_ping_timeout .* cannot be longer/,
  /^\s+Setting websocket_ping_timeout=/,
  // TensorFlow's greetings, which it writes before it reads how much it may say.
  /^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$/,
  /^I\d{4} [\d:. ]+\S+\.cc:\d+\] /,
  /^To enable the following instructions: .* rebuild TensorFlow/,
];

/** Whether a line says nothing that anybody could act on. */
export const isNoise = (line: string): boolean => noise.some((one) => one.test(line));

/**
 * What jupyter_server writes where a page closes while its kernel is starting: it takes the socket that is gone for an error of its own, with
 * a traceback whose last line tells, the request's headers, and a line on the request. Nothing is lost: the kernel starts, and the page asks again.
 */
const closedPage = {
  begins: /^\[E [^\]]*\] Uncaught exception GET \/api\/kernels\/[^/]+\/channels\?/,
  tells: /^\s+AttributeError: 'NoneType' object has no attribute 'kernel_ws_protocol'$/,
  headers: /^\[E [^\]]*\] \{$|^ {6}"|^ {4}\}$/,
  ends: /^\[E [^\]]*\] 500 GET \/api\/kernels\/[^/]+\/channels\?/,
};

/** A filter of lines that follow one another: gives those to be passed on, some only once a later line has told what they were. */
function lineFilter(): { take(line: string): readonly string[]; rest(): readonly string[] } {
  let held: string[] | undefined;
  let isBehind = false;
  const take = (line: string): readonly string[] => {
    if (held && /^\s/.test(line)) {
      held.push(line);
      if (!closedPage.tells.test(line)) return [];
      held = undefined;
      isBehind = true;
      return [];
    }
    if (held) return [...rest(), ...take(line)];
    if (isBehind && (closedPage.headers.test(line) || closedPage.ends.test(line))) {
      isBehind = !closedPage.ends.test(line);
      return [];
    }
    if (!closedPage.begins.test(line)) return isNoise(line) ? [] : [line];
    held = [line];
    return [];
  };
  const rest = (): readonly string[] => {
    const lines = held ?? [];
    held = undefined;
    return lines;
  };
  return { take, rest };
}

/** Passes on what a program writes, by whole lines, but for noise. */
export function quietly(from: NodeJS.ReadableStream, to: NodeJS.WritableStream): void {
  const filter = lineFilter();
  let rest = "";
  from.setEncoding("utf8");
  from.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    const told = lines.flatMap((line) => filter.take(line));
    if (told.length > 0) to.write(`${told.join("\n")}\n`);
  });
  from.on("end", () => {
    const last = rest === "" ? [] : filter.take(rest);
    to.write([...filter.rest(), ...last].join("\n"));
  });
}
