// A sweep as a scheduler gets it.
import type { train } from "residual";

/** A sweep that is to be handed to a cluster: all paths are absolute. */
export interface PlacedSweep {
  /** The file with its description. */
  readonly file: string;
  readonly what: train.Sweep;
  /** Where each run keeps its checkpoint. */
  readonly folder: string;
  /** Its runs in order; a task trains one, by its place. */
  readonly runs: readonly Pick<train.PlacedRun, "checkpoint">[];
}
