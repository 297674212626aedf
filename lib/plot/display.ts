// Shows a value in the notebook as one bundle of MIME types; outside a notebook, prints its text.

/** Representations of one value by MIME type. `text/plain` is always there. */
export interface MimeBundle {
  readonly "text/plain": string;
  readonly [mimeType: string]: unknown;
}

/** What the kernel installs under `Symbol.for("residual.display")` on the global object. */
export type DisplayHook = (bundle: MimeBundle, options: { displayId?: string; update?: boolean }) => void;

const hookKey = Symbol.for("residual.display");

/** The kernel's display, or undefined outside a notebook. */
export function displayHook(): DisplayHook | undefined {
  return (globalThis as Record<symbol, unknown>)[hookKey] as DisplayHook | undefined;
}

/** Shows a bundle. With a `displayId`, a later call with `update: true` replaces what was shown. */
export function display(bundle: MimeBundle, options: { displayId?: string; update?: boolean } = {}): void {
  const hook = displayHook();
  if (hook) hook(bundle, options);
  else console.log(bundle["text/plain"]);
}
