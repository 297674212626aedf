// For tests: a program that starts the backend, trains the tiny net and prints what happened as one line of JSON.
import { ready } from "../index.js";
import { trainTinyNet } from "./tiny-net.fixture.js";

async function main(): Promise<void> {
  const { backend, device, tried, reason } = await ready();
  const run = await trainTinyNet();
  console.log(JSON.stringify({ backend, device, tried, reason, run }));
}

void main();
