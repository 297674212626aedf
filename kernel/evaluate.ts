// Runs a script in V8's REPL mode, by the inspector on this thread: its names are seen by all scripts after it, and may be declared again.
import { Session as InspectorSession, type Runtime } from "node:inspector";
import vm from "node:vm";
import { gate } from "./gate";
import { library } from "./intrinsics";
import { forgetWaits } from "./waits";

/** How a script ended. */
export type Ending =
  | { readonly status: "ok" }
  | { readonly status: "threw"; readonly error: unknown }
  /** It was ended by force. */
  | { readonly status: "ended" };

const group = "residual.cell";

let inspector: InspectorSession | undefined;
let isGuarded = false;
/** Scripts that have not ended. */
let pending = 0;
/** Whether a script is in its first stretch, before anything that it waits for: then its session is at work. */
let isStarting = false;

function connected(): InspectorSession {
  if (inspector) return inspector;
  inspector = new InspectorSession();
  inspector.connect();
  if (isGuarded) return inspector;
  isGuarded = true;
  // Node waits at its end for a session that is still connected.
  process.on("exit", () => inspector?.disconnect());
  refuseOwnSignals();
  return inspector;
}

/**
 * Takes leave of a script that was interrupted and will not end. V8 tells the inspector when it collects such a script, in the middle of the
 * collection, where Node 22 ends the process, because it runs JavaScript then. A session that is gone is not told; the next script gets another.
 * What is ended by force is garbage at once, so leave is taken before.
 */
export function abandon(): void {
  if (pending === 0 || isStarting) return;
  const session = inspector;
  inspector = undefined;
  session?.disconnect();
  forgetWaits();
}

/** Node takes its inspector down before it sends a signal to its own process, whatever comes of the signal: no cell would run any more. */
function refuseOwnSignals(): void {
  const kill = process.kill.bind(process);
  process.kill = (pid, signal) => {
    if (signal !== 0 && [0, -1, process.pid, -process.pid].includes(pid))
      throw new Error(
        `process.kill(${String(pid)}) would signal the kernel itself, which runs the cells; to end it, use process.exit()`,
      );
    return kill(pid, signal);
  };
}

/**
 * Runs a script, of which stack traces tell as `name`. What does not wait has run when this returns; `done` is called as soon as the script
 * has ended, unless code is ended by force while it waits.
 */
export function evaluate(script: string, name: string, done: (ending: Ending) => void): void {
  // The last statement is the script's value, which would be held and described; the cell's own has gone to the gate.
  const expression = `${script}\n;void 0;\n//# sourceURL=${name}`;
  pending++;
  isStarting = true;
  connected().post(
    "Runtime.evaluate",
    { expression, replMode: true, awaitPromise: true, objectGroup: group, silent: true },
    (error: Error | null, reply?: object) => {
      pending--;
      isStarting = false;
      library.during(() => {
        const { exceptionDetails } = (reply ?? {}) as Partial<Runtime.EvaluateReturnType>;
        if (error) done({ status: "ended" });
        else done(exceptionDetails ? { status: "threw", error: thrown(exceptionDetails) } : { status: "ok" });
      });
    },
  );
  isStarting = false;
}

/** Whether a variable was never given a value, because its cell threw before: nothing can be assigned to it either. */
function isDead(name: string): boolean {
  try {
    vm.runInThisContext(name);
    return false;
  } catch {
    return true;
  }
}

/** Makes variables, `undefined` at first, where there are none of these names. */
export function declare(names: readonly string[]): void {
  if (names.length === 0) return;
  connected().post("Runtime.globalLexicalScopeNames", (_error, reply?: object) => {
    const there = new Set((reply as Runtime.GlobalLexicalScopeNamesReturnType | undefined)?.names);
    const missing = names.filter((name) => !there.has(name) || isDead(name));
    if (missing.length > 0)
      connected().post("Runtime.evaluate", { expression: `let ${missing.join(", ")};`, replMode: true });
  });
}

/** What was thrown, itself. */
function thrown({ exception, text }: Runtime.ExceptionDetails): unknown {
  if (!exception) return new Error(text);
  const { objectId, unserializableValue } = exception;
  if (objectId === undefined) {
    if (unserializableValue === undefined) return exception.value as unknown;
    return unserializableValue.endsWith("n")
      ? BigInt(unserializableValue.slice(0, -1))
      : Number(unserializableValue);
  }
  const functionDeclaration = 'function () { "use strict"; false["residual.kernel"].thrown = this; }';
  connected().post("Runtime.callFunctionOn", { objectId, functionDeclaration, silent: true });
  connected().post("Runtime.releaseObjectGroup", { objectGroup: group });
  const error = gate.thrown;
  gate.thrown = undefined;
  return error;
}
