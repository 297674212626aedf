// What a backend of TensorFlow.js is to this library: a name, a way to start it, and what it says about itself.

/** The backends, fastest first. `webgl` exists in browsers only, `tensorflow` in Node only. */
export const backendNames = ["tensorflow", "webgpu", "webgl", "wasm", "cpu"] as const;

/** The name of a backend. */
export type BackendName = (typeof backendNames)[number];

/** How a backend is asked to start. */
export interface StartOptions {
  /** True when this backend was asked for by name: then a slow device is better than none. */
  readonly forced: boolean;
  /** Where the WebAssembly files of TensorFlow.js lie, in a browser: a URL that ends in `/`. */
  readonly wasmPath: string | undefined;
}

/** What a started backend says about itself. */
export interface Started {
  /** Where it computes: `CPU, 2 cores` or the name of a GPU. */
  readonly device: string;
  /** Why it could start, as half a sentence: `the native engine is installed`. */
  readonly because: string;
  /** Versions of what it brings, by name. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Frees the device. */
  readonly dispose?: () => void;
}

/** A backend that this platform may have. */
export interface Candidate {
  readonly name: BackendName;
  /** Loads the backend and makes it the active one; rejects with {@link Unavailable} when the machine lacks something. */
  readonly start: (options: StartOptions) => Promise<Started>;
}

/** Why a backend cannot start on this machine, and what to do about it. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";

  constructor(
    problem: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(problem, options);
  }
}
