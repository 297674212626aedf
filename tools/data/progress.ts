// The download's progress line: bytes, share, rate and time left; rewritten in place on a terminal, few lines elsewhere.
import { megabytes } from "./problem";

/** What progress is written to. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Shows how a download goes. */
export interface Progress {
  /** `bytes` of `total` are there now. */
  bytes(name: string, bytes: number, total: number): void;
  /** A sentence on a line of its own. */
  line(text: string): void;
}

/** On a terminal at most ten times a second; elsewhere at each tenth of the file. `now` gives milliseconds. */
export function showProgress(screen: Screen, now: () => number = Date.now): Progress {
  let shown: { name: string; tenth: number; at: number } | undefined;
  // Where and when this run began: what an earlier run fetched says nothing of today's rate.
  let began: { name: string; bytes: number; at: number } | undefined;
  let open = false;
  const close = (): void => {
    if (open) screen.write("\n");
    open = false;
  };
  return {
    bytes(name, bytes, total) {
      const at = now();
      if (began?.name !== name || bytes < began.bytes) began = { name, bytes, at };
      const tenth = Math.floor((10 * bytes) / total);
      const news = shown?.name !== name || bytes === total;
      if (!news && (screen.isTTY ? at - shown!.at < 100 : tenth === shown!.tenth)) return;
      shown = { name, tenth, at };
      const text = `${name}  ${describe(bytes, total, (bytes - began.bytes) / ((at - began.at) / 1000))}`;
      // Erases what a longer line left behind.
      screen.write(screen.isTTY ? `\r${text}\x1b[K` : `${text}\n`);
      open = screen.isTTY === true;
      if (bytes === total) close();
    },
    line(text) {
      close();
      screen.write(`${text}\n`);
    },
  };
}

/** `52.4 of 170.1 MB, 31 %, 5.2 MB/s, 23 s left`; `rate` in bytes a second, not finite where it is not known yet. */
export function describe(bytes: number, total: number, rate: number): string {
  const parts = [
    `${(bytes / 1e6).toFixed(1)} of ${megabytes(total)}`,
    `${Math.floor((100 * bytes) / total)} %`,
  ];
  if (Number.isFinite(rate) && rate > 0) {
    parts.push(`${megabytes(rate)}/s`);
    if (bytes < total) parts.push(`${duration((total - bytes) / rate)} left`);
  }
  return parts.join(", ");
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
