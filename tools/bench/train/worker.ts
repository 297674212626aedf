// The benchmark's protocol on the side of a worker: one JSON line when warm, then one for each request `N` steps.
import { createInterface } from "node:readline";

/** What a worker tells about itself. */
export interface About {
  readonly ready: string;
  readonly parameters: number;
}

const warmUpSteps = 4;

/** Warms up by four steps, in which what is compiled is compiled, and says how long they took; then trains as many steps as each line of standard input says and prints the seconds. */
export async function serve(about: About, train: (steps: number) => Promise<void>): Promise<void> {
  const start = performance.now();
  await train(warmUpSteps);
  console.log(JSON.stringify({ ...about, warmUpSeconds: (performance.now() - start) / 1000 }));
  for await (const line of createInterface({ input: process.stdin })) {
    const start = performance.now();
    await train(Number(line));
    const seconds = (performance.now() - start) / 1000;
    console.log(JSON.stringify({ seconds, peakMiB: process.resourceUsage().maxRSS / 1024 }));
  }
}
