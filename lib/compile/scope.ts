// Names for the parts of a step, so that its graph and TensorFlow's messages can be read: `forward/stem/conv`.

let path: readonly string[] = [];

/**
 * Runs `body`; the operations that it records are named under `name`, within the scopes around it.
 *
 * @example
 * ```ts
 * runtime.scope("unit1", () => tf.add(1, 2)); // 3
 * ```
 */
export function scope<T>(name: string, body: () => T): T {
  const outer = path;
  path = [...outer, name];
  try {
    return body();
  } finally {
    path = outer;
  }
}

/**
 * Runs `body` under a scope of its own, whatever is around it.
 *
 * @example
 * ```ts
 * runtime.rootScope("step", () => tf.add(1, 2)); // 3
 * ```
 */
export function rootScope<T>(name: string, body: () => T): T {
  const outer = path;
  path = [name];
  try {
    return body();
  } finally {
    path = outer;
  }
}

/** The scopes that are open now, outermost first, as TensorFlow writes them. */
export function currentScope(): string {
  return path.map((name) => name.replace(/[^A-Za-z0-9_.-]/g, "_")).join("/");
}
