// One account of the Hub, as a browser uses it: its token, its server, files, kernels and nbgrader's list of assignments.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { joined, type Cell, type Notebook, type Output } from "../notebooks/notebook";
import type { Hub } from "./hub";

/** A class that all starts at once on few processors takes its time; more than this hangs. */
const LONGEST = 1_800_000;

/** What became of a cell. */
export interface Executed {
  readonly status: string;
  readonly outputs: readonly Output[];
}

/** What nbgrader's list of assignments says of one. */
export interface Assignment {
  readonly assignment_id: string;
  readonly status: string;
  readonly path?: string;
  readonly submissions?: readonly { readonly feedback_updated?: boolean; readonly has_exchange_feedback?: boolean; readonly local_feedback_path?: string }[]; // prettier-ignore
}

/** An account and its token. */
export class Account {
  constructor(
    readonly hub: Hub,
    readonly name: string,
    readonly token: string,
  ) {}

  /** Makes the account known to the Hub, and a token with its owner's own rights and no others. */
  static async make(hub: Hub, name: string): Promise<Account> {
    const office = new Account(hub, "office", hub.officeToken);
    await office.ok("POST", `/hub/api/users/${name}`);
    const { token } = (await office.ok("POST", `/hub/api/users/${name}/tokens`, {})) as { token: string };
    return new Account(hub, name, token);
  }

  /** Asks the Hub or a server behind it; an account asks for what it likes. */
  request(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.hub.url}${path}`, {
      method,
      redirect: "manual",
      headers: { Authorization: `token ${this.token}`, "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** As {@link request}. @throws Error where the answer is no success */
  async ok(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${this.name}: ${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  }

  /** A path of the account's own server. */
  own = (path: string): string => `/user/${this.name}/${path}`;

  /** Starts the account's server, and waits until it answers. */
  async startServer(): Promise<void> {
    await this.ok("POST", `/hub/api/users/${this.name}/server`);
    await this.until("its server", async () => {
      const { servers } = (await this.ok("GET", `/hub/api/users/${this.name}`)) as { servers?: Record<string, { ready: boolean }> }; // prettier-ignore
      return servers?.[""]?.ready === true;
    });
  }

  /** The names of the account's servers that the Hub thinks are there. */
  async servers(): Promise<string[]> {
    const user = (await this.ok("GET", `/hub/api/users/${this.name}`)) as { servers?: object };
    return Object.keys(user.servers ?? {});
  }

  /** Waits until something holds. @throws Error naming it where it does not */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const limit = performance.now() + LONGEST;
    while (!(await holds())) {
      if (performance.now() > limit) throw new Error(`${this.name}: ${what}: not within ${LONGEST / 60_000} minutes`);
      await wait(500);
    } // prettier-ignore
  }

  async readNotebook(path: string): Promise<Notebook> {
    const { content } = (await this.ok("GET", this.own(`api/contents/${path}`))) as { content: Notebook };
    return content;
  }

  /** Saves a notebook as JupyterLab does. */
  async saveNotebook(path: string, notebook: Notebook): Promise<void> {
    await this.ok("PUT", this.own(`api/contents/${path}`), { type: "notebook", content: notebook });
  }

  /** Opens a notebook's kernel; the notebook need not be there. */
  async openKernel(path: string): Promise<Kernel> {
    const session = (await this.ok("POST", this.own("api/sessions"), {
      path,
      name: path.split("/").at(-1),
      type: "notebook",
      kernel: { name: "residual" },
    })) as { id: string; kernel: { id: string } };
    const address = `${this.hub.url.replace("http", "ws")}${this.own(`api/kernels/${session.kernel.id}/channels`)}`;
    return Kernel.connect(session, `${address}?session_id=${randomUUID()}&token=${this.token}`);
  }

  async closeKernel(kernel: Kernel): Promise<void> {
    kernel.disconnect();
    await this.ok("DELETE", this.own(`api/sessions/${kernel.sessionId}`));
  }

  /** Presses a button of nbgrader's list of assignments; gives the list as it is then. */
  async assignments(
    action?: "fetch" | "submit" | "fetch_feedback",
    assignment_id?: string,
  ): Promise<readonly Assignment[]> {
    // prettier-ignore
    const answer = (await (action === undefined
      ? this.ok("GET", this.own("assignments?course_id=residual"))
      : this.ok("POST", this.own(`assignments/${action}`), { assignment_id, course_id: "residual" }))) as { success: boolean; value: unknown }; // prettier-ignore
    if (!answer.success)
      throw new Error(`${this.name}: ${action ?? "list"}: ${JSON.stringify(answer.value)}`);
    return answer.value as readonly Assignment[];
  }
}

/** A kernel behind the Hub, by its WebSocket. */
export class Kernel {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, { outputs: Output[]; idle: boolean; status?: string; done: (executed: Executed) => void; fail: (error: Error) => void }>(); // prettier-ignore

  private constructor(
    readonly id: string,
    readonly sessionId: string,
    socket: WebSocket,
  ) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      this.#take(String(data));
    });
    socket.addEventListener("close", () => {
      for (const { fail } of this.#waiting.values())
        fail(new Error("the connection to the kernel was closed"));
      this.#waiting.clear();
    });
  }

  static connect(session: { id: string; kernel: { id: string } }, address: string): Promise<Kernel> {
    const socket = new WebSocket(address);
    return new Promise((done, fail) => {
      socket.addEventListener("open", () => {
        done(new Kernel(session.kernel.id, session.id, socket));
      });
      socket.addEventListener("error", () => {
        fail(new Error(`no connection to the kernel at ${address.replace(/token=.*/, "token=...")}`));
      });
    });
  }

  /** Runs a cell. @throws Error where the connection is lost before the kernel answers */
  execute(code: string): Promise<Executed> {
    const msg_id = randomUUID();
    return new Promise((done, fail) => {
      this.#waiting.set(msg_id, { outputs: [], idle: false, done, fail });
      this.#socket.send(
        JSON.stringify({
          channel: "shell",
          header: { msg_id, msg_type: "execute_request", username: "", session: this.id, date: new Date().toISOString(), version: "5.3" }, // prettier-ignore
          parent_header: {},
          metadata: {},
          content: { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true }, // prettier-ignore
          buffers: [],
        }),
      );
    });
  }

  disconnect(): void {
    this.#socket.close();
  }

  #take(text: string): void {
    const { header, parent_header, content } = JSON.parse(text) as {
      header: { msg_type: Output["output_type"] | "status" | "execute_reply" | "stream" };
      parent_header: { msg_id?: string };
      content: Record<string, unknown>;
    };
    const request = this.#waiting.get(parent_header.msg_id ?? "");
    if (request === undefined) return;
    if (header.msg_type === "status") request.idle ||= content["execution_state"] === "idle";
    else if (header.msg_type === "execute_reply") request.status = String(content["status"]);
    else if (["stream", "display_data", "execute_result", "error"].includes(header.msg_type)) {
      const output = { ...content, output_type: header.msg_type };
      // Of the message and not of the notebook.
      delete (output as { transient?: unknown }).transient;
      request.outputs.push(output);
    }
    if (request.idle && request.status !== undefined) {
      this.#waiting.delete(parent_header.msg_id!);
      request.done({ status: request.status, outputs: request.outputs });
    }
  }
}

/** What a cell printed and its result, as text. */
export const textOf = ({ outputs }: Executed): string =>
  outputs
    .map(({ text, data, ...error }) =>
      joined(text ?? (data?.["text/plain"] as string[] | undefined) ?? JSON.stringify(error)),
    )
    .join("");

/** Runs a notebook's code cells from top to bottom; gives it with their outputs. @throws Error at the first cell that fails without being meant to */
export async function runNotebook(
  kernel: Kernel,
  notebook: Notebook,
  done: (cells: number, of: number) => void = () => undefined,
): Promise<Notebook> {
  // prettier-ignore
  const cells: Cell[] = [];
  const codeCells = notebook.cells.filter(({ cell_type }) => cell_type === "code").length;
  let count = 0;
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") {
      cells.push(cell);
      continue;
    }
    const source = joined(cell.source);
    const executed = await kernel.execute(source);
    const mayFail = (cell.metadata["tags"] as string[] | undefined)?.includes("raises-exception") === true;
    if (executed.status !== "ok" && !mayFail)
      throw new Error(`cell ${cells.length} ended with ${executed.status}:\n${source}\n${textOf(executed)}`);
    count += 1;
    cells.push({ ...cell, execution_count: count, outputs: [...executed.outputs] });
    done(count, codeCells);
  }
  return { ...notebook, cells };
}
