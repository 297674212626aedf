// Shows a value in the notebook as one bundle of MIME types; outside a notebook, prints its text.

/** Representations of one value by MIME type. `text/plain` is always there. */
export interface MimeBundle {
  readonly "text/plain": string;
  readonly [mimeType: string]: unknown;
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

/** What the kernel installs under `Symbol.for("residual.display")` on the global object. */
export type DisplayHook = (bundle: MimeBundle, options: DisplayOptions) => void;

const hookKey = Symbol.for("residual.display");

/** The kernel's display, or undefined outside a notebook. */
export function displayHook(): DisplayHook | undefined {
  return (globalThis as Record<symbol, unknown>)[hookKey] as DisplayHook | undefined;
}

/** Shows a bundle. With a `displayId`, a later call with `update: true` replaces what was shown. */
export function display(bundle: MimeBundle, options: DisplayOptions = {}): void {
  const hook = displayHook();
  if (hook) hook(bundle, options);
  else console.log(bundle["text/plain"]);
}
