// Shows a value in the notebook as one bundle of MIME types; outside a notebook, prints its text.
import { onlyKnown } from "../options.js";

/** Representations of one value by MIME type. `text/plain` is always there. A `Uint8Array` is sent as its bytes. */
export interface MimeBundle {
  readonly "text/plain": string;
  readonly [mimeType: string]: unknown;
}

/** The method by which Jupyter kernels ask a value to show itself. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that shows itself when it is a cell's last expression. */
export interface Displayable {
  /** The value as a notebook shows it. */
  [jupyterDisplay](): MimeBundle;
}

/** How a bundle is shown. */
export interface DisplayOptions {
  /** Names the output, so that a later call can replace it. */
  readonly displayId?: string;
  /** Replaces what `displayId` names instead of adding an output. */
  readonly update?: boolean;
  /**
   * Shown live, not kept in the published notebook: progress whose numbers change from run to run. The kernel sends it as the
   * output's metadata `{ residual: { transient: true } }`, which `npm run notebooks` leaves out.
   */
  readonly transient?: boolean;
}

/** How a cell's outputs are cleared. */
export interface ClearOutputOptions {
  /** Waits for the next output before it clears, so that nothing flickers; false by default. */
  readonly wait?: boolean;
}

/** What the kernel installs under `Symbol.for("residual.display")` on the global object. */
export type DisplayHook = (bundle: MimeBundle, options: DisplayOptions) => void;

/** What the kernel installs under `Symbol.for("residual.clearOutput")` on the global object. */
export type ClearOutputHook = (options: ClearOutputOptions) => void;

const hooks = globalThis as Record<symbol, unknown>;

/** The kernel's display, or undefined outside a notebook. */
export function displayHook(): DisplayHook | undefined {
  return hooks[Symbol.for("residual.display")] as DisplayHook | undefined;
}

/** Checks how something is to be shown. */
export function checkDisplay(what: string, options: DisplayOptions): void {
  onlyKnown(what, options, ["displayId", "update", "transient"]);
}

/**
 * Shows a bundle. With a `displayId`, a later call with `update: true` replaces what was shown.
 *
 * @example
 * ```ts
 * plot.display({ "text/plain": "shown below the cell" });
 * ```
 */
export function display(bundle: MimeBundle, options: DisplayOptions = {}): void {
  checkDisplay("display", options);
  const hook = displayHook();
  if (hook) hook(bundle, options);
  else console.log(bundle["text/plain"]);
}

/**
 * Shows a figure or table now; as a cell's last expression it shows itself without this. With a `displayId`, a later call with
 * `update: true` replaces what was shown.
 *
 * @example
 * ```ts
 * plot.show(plot.markdown("shown below the cell"));
 * ```
 */
export function show(shown: Displayable, options: DisplayOptions = {}): void {
  checkDisplay("show", options);
  display(shown[jupyterDisplay](), options);
}

/**
 * Removes what the running cell has shown so far. Outside a notebook it does nothing: a log keeps its lines.
 *
 * @example
 * ```ts
 * // Outside a notebook it does nothing.
 * plot.clearOutput();
 * ```
 */
export function clearOutput(options: ClearOutputOptions = {}): void {
  onlyKnown("clearOutput", options, ["wait"]);
  (hooks[Symbol.for("residual.clearOutput")] as ClearOutputHook | undefined)?.(options);
}

let displays = 0;

/** A name that no other output has, also not one of this notebook's earlier kernels. */
export function newDisplayId(what: string): string {
  return `residual.${what}.${Date.now().toString(36)}.${++displays}`;
}
