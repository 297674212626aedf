// What a process can tell of what it runs on: the library's code, the machine, its threads.

/** The library's code; `null` where this process cannot tell. */
export interface CodeVersion {
  /** The library's, as in its package.json. */
  readonly version: string;
  /** Of the repository that the library lies in. */
  readonly commit: string | null;
  /** Whether the library's folder differs from that commit. */
  readonly dirty: boolean | null;
  /** A fingerprint of the built library, which is what runs: a build of another commit is another one. */
  readonly built: string | null;
}

/** A processor's class: where all of it is alike, the same code gives the same bits. */
export interface ProcessorClass {
  /** As the system names it. */
  readonly processor: string;
  /** Such as `x64`. */
  readonly architecture: string;
  /** The vector instructions among which kernels choose, where the system tells. */
  readonly instructions: readonly string[];
}

/** What a process is asked about itself, in Node or in a browser. */
export interface Host {
  readonly code: CodeVersion;
  readonly machine: ProcessorClass & { readonly cores: number; readonly system: string };
  /** How many threads an operation may use, where it was told. */
  readonly threads: number | null;
}
