// How large the experiments of a notebook are: a laptop's minutes, a GPU's night, or a test's seconds.

/** `everyday` (the default): minutes on two cores. `full`: the paper's schedule, for a GPU. `ci`: the smallest that still shows the effect. */
export type Setting = "everyday" | "full" | "ci";

const settings: readonly Setting[] = ["everyday", "full", "ci"];

/**
 * The setting that `RESIDUAL_SETTING` names; `everyday` without it, and in a browser.
 *
 * @throws RangeError when it names another.
 *
 * @example
 * ```ts
 * ["everyday", "full", "ci"].includes(runtime.setting()); // true
 * ```
 */
export function setting(): Setting {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const name = process?.env?.["RESIDUAL_SETTING"] ?? "everyday";
  const known = settings.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new RangeError(`RESIDUAL_SETTING must be one of ${settings.join(", ")}; got ${name}`);
  }
  return known;
}
