// Ends by force what the main thread runs, from the second thread; this works amid a computation.
import { Session, type Debugger, type InspectorNotification, type Runtime } from "node:inspector";

/** What the main thread says to its end: it has ended what it runs, or it must not, or that holds variables of the session. */
export type Answer = "ended" | "spared" | "holds";

/** What is asked for: that it ends, by itself if it holds nothing; that it gets ready, because it is being ended; that it ends in any case. */
export type Step = "end" | "ending" | "endAll";

/** The property of the global object by which the main thread is asked. */
export const terminateKey = Symbol.for("residual.terminate");

/** What a loop has beside it that holds variables of the session (`held-loops.ts`). No cell can write such names (`names.ts`). */
export const heldNames = { values: "held·0", keep: "keep·0" } as const;

/** Called on the variables that a loop holds, with what stands around them; tells whether they are such. */
const putBack = `function (outer) {
  const keep = outer[${JSON.stringify(heldNames.keep)}];
  keep?.(this);
  return keep !== undefined;
}`;

/** After code that held variables was ended, the main thread deals with that in peace for so long; milliseconds. */
const pause = 200;

/** The force behind an interrupt. */
export class Force {
  #inspector: Session | undefined;
  #interrupts = 0;
  /** Whether the main thread is being paused, or was ended so a moment ago. */
  #isBusy = false;
  /** Whether the next pause is between two statements, where code ends at once; from the first one it would run on to its next turn. */
  #isBetween = false;

  /** Ends what the main thread runs, where that may be; `interrupts` have come so far. */
  end(interrupts: number): void {
    if (this.#isBusy) return;
    this.#interrupts = interrupts;
    this.#ask("end", (answer) => {
      if (answer === "holds" && !this.#isBusy) this.#pause();
    });
  }

  /** V8's debugger reads every script when it first begins: some 200 ms for the kernel's own, TypeScript's above all. */
  prepare(): void {
    const session = new Session();
    session.connectToMainThread();
    session.post("Debugger.enable");
    session.post("Debugger.disable", () => {
      session.disconnect();
    });
  }

  /** Node waits at its end for an inspector that is still connected. */
  close(): void {
    this.#inspector?.disconnect();
  }

  get #session(): Session {
    if (this.#inspector) return this.#inspector;
    const session = new Session();
    session.connectToMainThread();
    session.on("Debugger.paused", ({ params }: InspectorNotification<Debugger.PausedEventDataType>) => {
      this.#paused(params.callFrames);
    });
    this.#inspector = session;
    return session;
  }

  #ask(step: Step, take: (answer: Answer) => void): void {
    const expression = `globalThis[Symbol.for(${JSON.stringify(terminateKey.description)})]?.(${String(this.#interrupts)}, "${step}")`;
    this.#session.post("Runtime.evaluate", { expression }, (error, reply) => {
      take(error ? "spared" : (reply.result.value as Answer));
    });
  }

  /** What loops hold can be read only while V8's debugger has the code stand still. It reads every script first, which takes a moment. */
  #pause(): void {
    this.#isBusy = true;
    this.#isBetween = false;
    this.#session.post("Debugger.enable");
    this.#session.post("Debugger.pause");
  }

  #paused(frames: readonly Debugger.CallFrame[]): void {
    if (!this.#isBetween) {
      this.#isBetween = true;
      this.#session.post("Debugger.stepInto");
      return;
    }
    this.#putBack(frames.flatMap(adjacentBlocks), (isHolding) => {
      if (!isHolding)
        this.#leave(false, () => {
          this.#isBusy = false;
          this.#ask("endAll", () => undefined);
        });
      else
        this.#ask("ending", (answer) => {
          this.#leave(answer === "ended", () => {
            setTimeout(() => (this.#isBusy = false), pause);
          });
        });
    });
  }

  /** Lets paused code go on, or ends it. */
  #leave(terminateOnResume: boolean, then: () => void): void {
    this.#session.post("Debugger.resume", { terminateOnResume });
    this.#session.post("Debugger.disable", then);
  }

  /** Gives the session what a loop holds, if one of the blocks does; it is harmless where the loop then goes on. */
  #putBack([blocks, ...rest]: readonly Blocks[], then: (isHolding: boolean) => void): void {
    if (!blocks) {
      then(false);
      return;
    }
    const [{ object }, outer] = blocks;
    const call = {
      objectId: object.objectId!,
      functionDeclaration: putBack,
      arguments: [{ objectId: outer.object.objectId! }],
      silent: true,
    };
    this.#session.post("Runtime.callFunctionOn", call, (error, reply?: object) => {
      const { result } = (reply ?? {}) as Partial<Runtime.CallFunctionOnReturnType>;
      if (!error && result?.value === true) then(true);
      else this.#putBack(rest, then);
    });
  }
}

/** A block's variables, and those of the block around it. */
type Blocks = readonly [inner: Debugger.Scope, outer: Debugger.Scope];

/** The blocks, each with the one around it, in which a frame stands that is no function's. */
function adjacentBlocks({ scopeChain }: Debugger.CallFrame): Blocks[] {
  if (scopeChain.some(({ type }) => type === "local")) return [];
  const blocks = scopeChain.filter(({ type }) => type === "block");
  return blocks.slice(1).map((outer, i) => [blocks[i]!, outer] as const);
}
