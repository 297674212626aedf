// Where and by what a run is trained: the library's code, the machine, the engine. A record tells it of each sitting.
import { host } from "#host";
import { ready } from "../runtime/index.js";
import type { CodeVersion, Host } from "./host.js";

/** All that is not in the sweep and may still change a number. */
export interface Surroundings {
  readonly code: CodeVersion;
  readonly machine: Host["machine"];
  readonly engine: {
    readonly backend: string;
    readonly device: string;
    /** How many threads an operation may use; `null` where the engine decides. */
    readonly threads: number | null;
    readonly versions: Readonly<Record<string, string>>;
  };
}

let known: Promise<Surroundings> | undefined;

/** This process's surroundings, asked for once: what it has loaded does not change any more. */
export function surroundings(): Promise<Surroundings> {
  known ??= Promise.all([host(), ready()]).then(([{ code, machine, threads }, info]) => ({
    code,
    machine,
    engine: { backend: info.backend, device: info.device, threads, versions: info.versions },
  }));
  return known;
}
