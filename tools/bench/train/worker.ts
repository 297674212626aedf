// The benchmark's protocol on the side of a worker: one JSON line when ready, then one for each request `N` steps.
import { createInterface } from "node:readline";

/** What a worker tells about itself when it is warm. */
export interface Ready {
  readonly ready: string;
  readonly parameters: number;
}

/** Warms up by three steps, then trains as many steps as each line of standard input says and prints the seconds. */
export async function serve(about: Ready, train: (steps: number) => Promise<void>): Promise<void> {
  await train(3);
  console.log(JSON.stringify(about));
  for await (const line of createInterface({ input: process.stdin })) {
    const start = performance.now();
    await train(Number(line));
    const seconds = (performance.now() - start) / 1000;
    console.log(JSON.stringify({ seconds, peakMiB: process.resourceUsage().maxRSS / 1024 }));
  }
}
