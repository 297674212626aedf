// Setup's lines: `[3/6] Python environment ... 12 s`, rewritten in place on a terminal, plain and few elsewhere.
import { performance } from "node:perf_hooks";
import { clearInterval, setInterval } from "node:timers";

/**
 * @typedef {object} Progress
 * @property {(name: string, note?: string) => void} ready a step with nothing to do
 * @property {<T>(name: string, why: string, work: (detail: (text: string) => void) => Promise<T>) => Promise<T>} step
 * @property {(text: string) => void} warn a line of its own, under the step it belongs to
 * @property {() => void} interrupt ends the line in progress
 */

/**
 * @param {{ total: number, stream?: { isTTY?: boolean, columns?: number, write: (text: string) => unknown }, now?: () => number }} options
 * @returns {Progress}
 */
export function progressLines(options) {
  const { total, stream = process.stdout, now = () => performance.now() } = options;
  const live = stream.isTTY === true;
  let count = 0;
  let open = false;
  const seconds = (/** @type {number} */ since) => `${((now() - since) / 1000).toFixed(0)} s`;

  return {
    ready(name, note = "ready") {
      count += 1;
      stream.write(`[${count}/${total}] ${name}: ${note}\n`);
    },
    async step(name, why, work) {
      count += 1;
      const head = `[${count}/${total}] ${name}`;
      const began = now();
      let detail = "";
      let lastPlain = began;
      stream.write(live ? head : `${head} (${why}) ...\n`);
      open = live;
      const draw = () => {
        const line = `${head} ... ${seconds(began)}${detail === "" ? "" : `  ${detail}`}`;
        if (live) stream.write(`\r\x1b[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
        else if (now() - lastPlain >= 15_000) {
          lastPlain = now();
          stream.write(`${line}\n`);
        }
      };
      const timer = setInterval(draw, 500);
      try {
        const result = await work((text) => {
          detail = text.trim().slice(0, 70);
        });
        stream.write(`${live ? "\r\x1b[K" : ""}${head} ... done in ${seconds(began)}\n`);
        open = false;
        return result;
      } finally {
        clearInterval(timer);
        if (open) stream.write("\n");
        open = false;
      }
    },
    warn(text) {
      stream.write(`      ${text}\n`);
    },
    interrupt() {
      if (open) stream.write("\n");
      open = false;
    },
  };
}
