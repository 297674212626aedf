// Gives the event loop a turn, so that a kernel answers and a stop signal arrives while training runs.

/**
 * Resolves in a later turn of the event loop. An awaited promise alone does not give one: on backends that read at once, a
 * loop of `await tensor.data()` never lets a message, a timer or an interrupt in.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => unknown };
    if (setImmediate) {
      setImmediate(resolve);
    } else if (typeof MessageChannel === "function") {
      // Not setTimeout: browsers make nested timeouts wait 4 ms.
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener("message", () => {
        port1.close();
        resolve();
      });
      port1.start();
      port2.postMessage(undefined);
    } else {
      setTimeout(resolve, 0);
    }
  });
}
