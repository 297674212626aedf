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

/** Passes on what a program writes, by whole lines, but for noise. */
export function quietly(from: NodeJS.ReadableStream, to: NodeJS.WritableStream): void {
  let rest = "";
  from.setEncoding("utf8");
  from.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    const told = lines.filter((line) => !isNoise(line));
    if (told.length > 0) to.write(`${told.join("\n")}\n`);
  });
  from.on("end", () => {
    if (rest !== "" && !isNoise(rest)) to.write(rest);
  });
}
