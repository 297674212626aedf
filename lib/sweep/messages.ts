// What a sweep and its worker processes say to each other.
import type { EpochRecord } from "../train/index.js";
import type { Job } from "./description.js";
import type { Outcome } from "./one-run.js";

/** To a worker. `stop`: the run in progress saves itself and ends. */
export type Order =
  { readonly kind: "run"; readonly job: Job; readonly path: string } | { readonly kind: "stop" };

/** From a worker: that it is ready for a run, or how its run goes. */
export type Report =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly fraction: number }
  | { readonly kind: "epoch"; readonly record: EpochRecord }
  | { readonly kind: "done"; readonly outcome: Outcome }
  | { readonly kind: "failed"; readonly reason: string };
