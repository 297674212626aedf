// What cells show while they run: the hooks of the library, and the functions `display`, `clearOutput`, `help`, `install` and `progress`.
import { randomUUID } from "node:crypto";
import * as plot from "residual/plot";
import { makeHelp } from "./help";
import { makeInstall } from "./install";
import { library } from "./intrinsics";
import { represent, toJson, type Bundle } from "./mime";

/** The messages by which outputs appear, change and go. */
export type OutputType = "display_data" | "update_display_data" | "clear_output";

type Send = (type: OutputType, content: Readonly<Record<string, unknown>>) => void;

/** The displays of one kernel. */
export class Displays {
  readonly #send: Send;
  readonly #pending = new Set<Promise<void>>();
  /** What `display` gave: as a cell's last expression it shows nothing more. */
  readonly #given = new WeakSet<object>();

  constructor(send: Send) {
    this.#send = send;
  }

  /** Gives cells and the library their ways to show things. */
  install(target: object): void {
    const show: plot.DisplayHook = (bundle, { displayId, update, transient }) => {
      this.#show(bundle, { id: displayId, update, transient });
    };
    const clearOutput = ({ wait = false }: plot.ClearOutputOptions = {}): void => {
      this.#send("clear_output", { wait });
    };
    Object.assign(target, {
      [Symbol.for("residual.display")]: show,
      [Symbol.for("residual.clearOutput")]: clearOutput,
      clearOutput,
      display: (value: unknown, options: DisplayValueOptions = {}) => {
        const shown = this.#display(value, options);
        this.#given.add(shown);
        return shown;
      },
      help: makeHelp(process.cwd(), (bundle) => {
        this.#show(bundle, {});
      }),
      install: makeInstall(process.cwd()),
      progress: plot.progress,
    });
  }

  /** Whether a value is what `display` gave. */
  gave(value: unknown): boolean {
    return typeof value === "object" && value !== null && this.#given.has(value);
  }

  /** Resolves when every value shown so far stands in its place. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  #show(
    bundle: Bundle,
    {
      id,
      update,
      transient,
    }: { id?: string | undefined; update?: boolean | undefined; transient?: boolean | undefined },
  ): void {
    library.during(() => {
      this.#send(update === true ? "update_display_data" : "display_data", {
        data: toJson(bundle),
        // What is marked so is progress: it is shown, but a published notebook leaves it out.
        metadata: transient === true ? { residual: { transient: true } } : {},
        transient: id === undefined ? {} : { display_id: id },
      });
    });
  }

  #display(value: unknown, { id, update }: DisplayValueOptions): Promise<void> {
    const bundle = library.during(() => represent(value));
    if (!(bundle instanceof Promise)) {
      this.#show(bundle, { id, update });
      return Promise.resolve();
    }
    // The place is taken at once, so that what the cell shows next stands below it.
    const place = id ?? `residual.display.${randomUUID()}`;
    this.#show({ "text/plain": "…" }, { id: place, update });
    const filled = bundle.then((arrived) => {
      this.#show(arrived, { id: place, update: true });
    });
    const settled = filled.catch(() => undefined).finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
    return filled;
  }
}
