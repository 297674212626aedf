// `input()`: a cell asks the person at the notebook for a line of text.
import type { Message } from "./wire";

interface Question {
  resolve(answer: string): void;
  reject(error: Error): void;
}

/** The questions that wait for an answer, in their order. */
export class Input {
  readonly #send: (request: Message, content: Readonly<Record<string, unknown>>) => void;
  readonly #open: { readonly question: Question; readonly send: () => void }[] = [];

  /** @param send sends an `input_request` to the front end that requested a cell */
  constructor(send: (request: Message, content: Readonly<Record<string, unknown>>) => void) {
    this.#send = send;
  }

  /** Asks on behalf of the cell that `request` asked to run. */
  ask(request: Message | undefined, prompt: string, password: boolean): Promise<string> {
    if (request?.content["allow_stdin"] !== true)
      return Promise.reject(
        new Error("input() needs somebody to ask; this notebook runs without: put the value into the cell"),
      );
    return new Promise((resolve, reject) => {
      const send = (): void => {
        this.#send(request, { prompt, password });
      };
      this.#open.push({ question: { resolve, reject }, send });
      // A front end shows one field at a time.
      if (this.#open.length === 1) send();
    });
  }

  /** Takes the content of an `input_reply`. */
  reply(content: Readonly<Record<string, unknown>>): void {
    const answered = this.#open.shift();
    const { value } = content;
    answered?.question.resolve(typeof value === "string" ? value : "");
    this.#open[0]?.send();
  }

  /** Gives up every question. */
  cancel(): void {
    for (const { question } of this.#open.splice(0))
      question.reject(Object.assign(new Error("the cell was interrupted"), { name: "KeyboardInterrupt" }));
  }
}
