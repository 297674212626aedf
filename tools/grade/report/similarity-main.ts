// The program that compares notebooks, within bounds: whatever a notebook holds, it ends nothing but this.
import { openChannel } from "../learner/channel";
import type { Comparison } from "./similar-pairs";
import { similarPairs } from "./similarity";

async function main(): Promise<void> {
  const channel = openChannel();
  for (let line = channel.read(); line !== undefined; line = channel.read())
    channel.say(JSON.stringify(await similarPairs(JSON.parse(line) as Comparison)));
  process.exit(0);
}

void main();
