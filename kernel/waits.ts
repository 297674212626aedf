// Keeps alive what a cell waits for at its top level, so that V8 never collects a script that waits.
//
// `abandon` says why: it does the same for scripts that were interrupted.
import { KeptSet } from "./intrinsics";

// Taken before any cell can change them.
const { apply } = Reflect;
/* eslint-disable @typescript-eslint/unbound-method -- called with what they belong to */
const { resolve } = Promise;
const { then } = Promise.prototype;
/* eslint-enable @typescript-eslint/unbound-method */
const ofPromises = Promise;

const waits = new KeptSet<unknown>();

/** The promise that `await value` waits for, held until it is settled. */
export function waited(value: unknown): unknown {
  const promise: object = apply<typeof Promise, [unknown], Promise<unknown>>(resolve, ofPromises, [value]);
  const done = (): void => {
    waits.delete(promise);
  };
  waits.add(promise);
  void apply(then, promise, [done, done]);
  return promise;
}

/** Lets go of what is waited for, where no script that waits is told of its end any more. */
export function forgetWaits(): void {
  waits.clear();
}
