// When long work must stop: on the caller's signal, or when the notebook's cell is interrupted.

const signalKey = Symbol.for("residual.signal");

/** The kernel's stop signal; it can be asked to wait for work that ends by itself. */
interface CellSignal extends AbortSignal {
  waitUntil?(work: Promise<unknown>): void;
}

const cellSignal = (): CellSignal | undefined =>
  (globalThis as Record<symbol, unknown>)[signalKey] as CellSignal | undefined;

/** Starts work that looks at the stop signal itself: an interrupted cell then waits for its end, and gets what it gives. */
export function endingItself<T>(start: () => Promise<T>): Promise<T> {
  const work = start();
  cellSignal()?.waitUntil?.(work);
  return work;
}

/** Tells whether to stop; the cell that counts is the one that is running now. */
export function stopWhen(signal?: AbortSignal): () => boolean {
  // The kernel sets this for each cell, and aborts it on interrupt.
  const cell = cellSignal();
  return () => signal?.aborted === true || cell?.aborted === true;
}
