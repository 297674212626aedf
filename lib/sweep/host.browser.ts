// What a page may know of what it runs on, and load: the same functions as in `host.node.ts`.
import { version } from "../train/version.js";
import type { Host } from "./host.js";

/** Unknown: a page is not told. */
export const cpuSeconds = (): number | null => null;

/** What a page may know of what it runs on. */
export function host(): Promise<Host> {
  const { hardwareConcurrency = 1, userAgent = "unknown" } =
    (globalThis as { readonly navigator?: { hardwareConcurrency?: number; userAgent?: string } }).navigator ??
    {};
  return Promise.resolve({
    code: { version, commit: null, dirty: null, built: null },
    machine: {
      processor: "unknown",
      architecture: "unknown",
      instructions: [],
      cores: hardwareConcurrency,
      system: userAgent,
    },
    threads: null,
  });
}

/** What a module at an address exports. */
export const importModule = async (address: string): Promise<Readonly<Record<string, unknown>>> =>
  (await import(/* @vite-ignore */ address)) as Record<string, unknown>;
