// When long work must stop: on the caller's signal, or when the notebook's cell is interrupted.

const signalKey = Symbol.for("residual.signal");

/** Tells whether to stop; the cell that counts is the one that is running now. */
export function stopWhen(signal?: AbortSignal): () => boolean {
  // The kernel sets this for each cell, and aborts it on interrupt.
  const cell = (globalThis as Record<symbol, unknown>)[signalKey] as AbortSignal | undefined;
  return () => signal?.aborted === true || cell?.aborted === true;
}
