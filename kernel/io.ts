// The kernel's second thread: sockets, signatures and heartbeats, which go on while a cell computes without yielding, and the
// force behind an interrupt.
import { parentPort, workerData } from "node:worker_threads";
import { Channels } from "./channels";
import { endWaitedFor } from "./descendants";
import { report } from "./connection";
import { Force } from "./force";
import { HeldText } from "./held-text";
import type { FromIo, IoSetup, ToIo } from "./transport";
import { compose, decode, encode, type Message, type SignedMessage } from "./wire";

const port = parentPort!;
const { connection, parent, waiting } = workerData as IoSetup;
const channels = new Channels();
const held = new HeldText((message) => {
  channels.send("iopub", encode(message, connection.key));
});

/** How often the main thread is asked whether it lets messages in, after an interrupt; milliseconds. */
const knockInterval = 25;
/** How long it has to answer before what it runs is ended by force; milliseconds. */
const patience = 200;
/** After an interrupt the main thread is watched this long: what resists may begin to compute only then; milliseconds. */
const watchTime = 3000;
/** How long what was sent has to leave; milliseconds. */
const farewellTime = 100;
/** How long a shutdown may take before the process is ended by force; milliseconds. */
const shutdownTime = 1500;

const post = (message: FromIo): void => {
  port.postMessage(message);
};

/** Signatures seen lately: a message that comes again was recorded and replayed. Ids do not tell: clients may share them. */
const seen = new Set<string>();
const seenLimit = 1 << 16;

function isReplay({ signature }: SignedMessage): boolean {
  if (signature === "") return false;
  if (seen.has(signature)) return true;
  seen.add(signature);
  if (seen.size > seenLimit) seen.delete(seen.values().next().value!);
  return false;
}

const force = new Force();

/** Interrupts so far. */
let interrupts = 0;

let asked = 0;
let answered = 0;
let askedAt = 0;
let watchUntil = 0;
let watch: NodeJS.Timeout | undefined;
/** The wait for a program during which the interrupt came. */
let wait = 0;

/** Knocks at the main thread until the watch ends; where it does not answer, its running code is ended. */
function knock(): void {
  const now = performance.now();
  if (answered === asked) {
    if (now > watchUntil) {
      clearInterval(watch);
      watch = undefined;
      return;
    }
    askedAt = now;
    post({ knock: ++asked });
  } else if (now - askedAt > patience) {
    watchUntil = Math.max(watchUntil, now + watchTime / 3);
    endWaitedFor(waiting, wait, "SIGKILL");
    force.end(interrupts);
  }
}

function interrupt(): void {
  interrupts++;
  watchUntil = performance.now() + watchTime;
  wait = Math.max(0, Atomics.load(waiting, 0));
  endWaitedFor(waiting, wait, "SIGINT");
  watch ??= setInterval(knock, knockInterval);
  knock();
}

function end(): void {
  channels.close();
  // SIGKILL's action needs no event loop on the main thread. What was sent has a moment to leave.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), farewellTime);
}

/** Ends a main thread that does not end by itself, after the reply that it owes. */
function forceShutdown(request: Message): void {
  setTimeout(() => {
    const content = { status: "ok", restart: request.content["restart"] === true };
    const reply = compose(request.header, "shutdown_reply", content, request, request.identities);
    channels.send("control", encode(reply, connection.key));
    end();
  }, shutdownTime);
}

port.on("message", (message: ToIo) => {
  if ("stream" in message) {
    held.take(message.stream);
  } else if ("frames" in message) {
    held.release();
    channels.send(
      message.channel,
      message.frames.map((frame) => (typeof frame === "string" ? frame : Buffer.from(frame))),
    );
  } else if ("knocked" in message) {
    answered = message.knocked;
  } else if ("interrupt" in message) {
    interrupt();
  } else if ("prepareForce" in message) {
    force.prepare();
  } else {
    held.release();
    channels.close();
    force.close();
    // What was sent has a moment to leave: the end of a process does not always wait for it.
    setTimeout(() => {
      Atomics.store(message.close, 0, 1);
      Atomics.notify(message.close, 0);
    }, farewellTime);
  }
});

if (parent !== undefined)
  setInterval(() => {
    // An orphan is handed to another process.
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, 1000);

channels
  .open(connection, (channel, frames) => {
    let request: SignedMessage;
    try {
      request = decode(frames, connection.key);
    } catch (error) {
      report(`a message on ${channel} was dropped`, error);
      return;
    }
    if (isReplay(request)) {
      report(
        `a message on ${channel} was dropped: ${request.header.msg_type} ${request.header.msg_id} came before`,
      );
      return;
    }
    post({ channel, request });
    if (channel === "control" && request.header.msg_type === "interrupt_request") interrupt();
    if (request.header.msg_type === "shutdown_request") forceShutdown(request);
  })
  .then(
    () => {
      post({ open: true });
    },
    (error: unknown) => {
      report("cannot open the sockets", error);
      process.kill(process.pid, "SIGKILL");
    },
  );
