// A turn of the event loop for one piece of work, which may be ended by force without harm to what waits for its own turn.
import { MessageChannel } from "node:worker_threads";
import { KeptMap } from "./intrinsics";

// Not `setImmediate`: where one of several is ended by force, Node loses the others and never rests again.
const { port1, port2 } = new MessageChannel();
const waiting = new KeptMap<number, () => void>();
let [first, last] = [0, 0];

port2.on("message", () => {
  const work = waiting.get(++first);
  waiting.delete(first);
  work?.();
});
// Work that waits must not keep a process alive that has nothing else to do but to end.
port2.unref();

/** Runs `work` in a turn of its own, after all that was given here before. */
export function inNextTurn(work: () => void): void {
  waiting.set(++last, work);
  port1.postMessage(undefined);
}
