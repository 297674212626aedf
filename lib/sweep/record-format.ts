// What stands in the record of a run, by the schema `results/run-record.schema.json`.
import type { ChannelStatistics } from "../data/index.js";
import type { Spec } from "../nn/index.js";
import type { Job, SweepData } from "./description.js";
import type { Session } from "./sessions.js";

/** A network in a record: a spec without its seed, or a file of one's own with its text's hash in place of where it lay. */
export type RecordedNetwork =
  Spec | { readonly module: string; readonly sha256: string; readonly export: string; readonly options: Readonly<Record<string, unknown>> }; // prettier-ignore

/** All that decides a run but for its seed and the code. */
export interface RecordedConfig {
  readonly network: RecordedNetwork;
  /** Without `root`, which says only where the files lay. */
  readonly data: Omit<SweepData, "root">;
  readonly recipe: Job["recipe"];
}

/** The images that a run has seen: of each split how many, and a fingerprint of their bytes before any transform. */
export interface RecordedData {
  readonly train: { readonly images: number; readonly fingerprint: string };
  readonly test: { readonly images: number; readonly fingerprint: string };
  /** What they underwent, in order. */
  readonly transforms: readonly Transform[];
}

/** One step from an image's bytes to what the network sees. */
export type Transform =
  | { readonly transform: "downsample"; readonly factor: number }
  | ({ readonly transform: "normalise" } & ChannelStatistics)
  | { readonly transform: "pad-crop-flip"; readonly of: "training batches"; readonly pad: number; readonly flip: boolean }; // prettier-ignore

/** Loss in nats, and the share classified correctly; the loss of a network that overflows is `null`. */
export interface RecordedMetrics {
  readonly loss: number | null;
  readonly accuracy: number;
}

/** The JSON of a run, by the schema `results/run-record.schema.json`. Numbers have nine digits, which is all that float32 carries. */
export interface RunRecord {
  readonly format: 1;
  readonly name: string;
  readonly config: RecordedConfig;
  /** SHA-256 of `config` as canonical JSON (RFC 8785): equal for runs that differ in their seed only. */
  readonly configHash: string;
  readonly seed: number;
  readonly data: RecordedData;
  readonly protocol: {
    /** Which weights were measured, and which statistics batch norm read. */
    readonly weights: "after the last update";
    readonly statistics: "running averages";
    readonly testMeasured: "once, after the last update" | "after each epoch, and after the last update";
    /** What was chosen by a measurement. */
    readonly chosen: "nothing";
  };
  readonly sessions: readonly Session[];
  /** How many updates. */
  readonly steps: number;
  /** Time in training steps, over all sessions: validation and checkpoints are not counted. */
  readonly trainingSeconds: number;
  readonly curves: {
    /** A number for each epoch: means over its training batches, each measured before its update. */
    readonly epochs: {
      readonly step: readonly number[];
      readonly learningRate: readonly number[];
      readonly loss: readonly number[];
      readonly accuracy: readonly number[];
      readonly test?: { readonly loss: readonly (number | null)[]; readonly accuracy: readonly number[] };
    };
    /** The training loss: means of so many updates each, and a fingerprint of every update's as float32. */
    readonly updates: {
      readonly each: number;
      readonly loss: readonly number[];
      readonly fingerprint: string;
    };
  };
  /** Over all training images, unaugmented, and over the test images. */
  readonly metrics: { readonly train: RecordedMetrics; readonly test: RecordedMetrics };
  /** Which test images are classified correctly, in the split's order: base64 of their bits, the first image the highest bit of the first byte. */
  readonly testCorrect: string;
  readonly checkpoint: {
    readonly file: string;
    readonly sha256: string;
    /** A fingerprint of the weights and statistics alone: the same for a run that is trained again to the same bits. */
    readonly weights: string;
  };
  /** SHA-256 of all the rest as canonical JSON. */
  readonly sha256: string;
}
