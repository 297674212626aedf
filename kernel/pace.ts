// Slows a flood down to what a Jupyter server passes on; whatever comes faster it drops, without telling the kernel.

/**
 * A server passes on 3 MB of text and 3,000 messages in 3 seconds (`iopub_data_rate_limit`, `iopub_msg_rate_limit`,
 * `rate_limit_window` of jupyter_server). A reserve and three seconds of refilling stay below that: 1.2 MB + 3 x 0.55 MB.
 */
const reserve = 1.2e6;
const bytesPerSecond = 0.55e6;
/** What a message costs at least, so that 3,000 of them are not reached either: its frames, and its share of the page's work. */
const leastCost = 1100;
/** Nothing sleeps longer at a time, so that an interrupt is soon seen. */
const longestSleep = 50;

/** A bucket of bytes that fills steadily; who takes more than it holds waits, without yielding. */
export class Pace {
  /** Only a server with a page behind it needs it; it names the notebook to the kernels that it starts. */
  readonly #isNeeded: boolean;
  readonly #clock = new Int32Array(new SharedArrayBuffer(4));
  #level = reserve;
  #since = performance.now();

  constructor(env: NodeJS.ProcessEnv) {
    this.#isNeeded = env["JPY_SESSION_NAME"] !== undefined;
  }

  /** Waits until the text may be sent. */
  take(text: string): void {
    if (!this.#isNeeded) return;
    // What JSON makes of it, line ends and all.
    const cost = Math.max(leastCost, Buffer.byteLength(JSON.stringify(text)));
    this.#fill();
    while (this.#level < Math.min(cost, reserve)) {
      const missing = (1000 * (Math.min(cost, reserve) - this.#level)) / bytesPerSecond;
      Atomics.wait(this.#clock, 0, 0, Math.min(longestSleep, Math.ceil(missing)));
      this.#fill();
    }
    this.#level -= cost;
  }

  #fill(): void {
    const now = performance.now();
    this.#level = Math.min(reserve, this.#level + ((now - this.#since) / 1000) * bytesPerSecond);
    this.#since = now;
  }
}
