// The sessions of a run: a run that is stopped or killed goes on later, perhaps on another machine or with other code, and its record says so.
import { exists, readBytes, writeBytesAtomically } from "#files";
import { cpuSeconds } from "#host";
import { surroundings, type Surroundings } from "./surroundings.js";

/** One process's part of a run. After a kill, the next one begins where its checkpoint was: updates in between were done twice. */
export interface Session extends Surroundings {
  /** The updates that the run had at its beginning, and at its end. */
  readonly from: number;
  readonly to: number;
  /** When, in UTC as ISO 8601 writes it. Of a session that was killed the end is that of its last epoch. */
  readonly start: string;
  readonly end: string;
  /** What this process used of the processor meanwhile, on all cores; `null` where it cannot tell. */
  readonly cpuSeconds: number | null;
}

/** Keeps the sessions of one run in a file beside its checkpoint. */
export class SessionLog {
  readonly #path: string;
  readonly #earlier: readonly Session[];
  readonly #around: Surroundings;
  readonly #start = new Date().toISOString();
  readonly #cpuBefore = cpuSeconds();
  #from: number | undefined;
  #current: Session | undefined;

  /** Reads what earlier sessions left, and begins one. */
  static async open(path: string): Promise<SessionLog> {
    const earlier = (await exists(path))
      ? (JSON.parse(new TextDecoder().decode(await readBytes(path))) as Session[])
      : [];
    return new SessionLog(path, earlier, await surroundings());
  }

  private constructor(path: string, earlier: readonly Session[], around: Surroundings) {
    this.#path = path;
    this.#earlier = earlier;
    this.#around = around;
  }

  /** The sessions in which updates were made, this one too. Whoever begins anew, because the checkpoint is gone, owes nothing to earlier ones. */
  get all(): readonly Session[] {
    if (!this.#current) return this.#earlier;
    return this.#from === 0 ? [this.#current] : [...this.#earlier, this.#current];
  }

  /** Before the first update of this session, and harmless later. */
  begin(from: number): void {
    this.#from ??= from;
  }

  /** Writes how far this session has come; nothing where it has made no update. */
  async reached(to: number): Promise<void> {
    if (this.#from === undefined) return;
    const [before, now] = [this.#cpuBefore, cpuSeconds()];
    this.#current = {
      from: this.#from,
      to,
      start: this.#start,
      end: new Date().toISOString(),
      cpuSeconds: before === null || now === null ? null : Number((now - before).toFixed(3)),
      ...this.#around,
    };
    await writeBytesAtomically(this.#path, new TextEncoder().encode(JSON.stringify(this.all, null, 1)));
  }
}
