// Joins a cell's pieces of text for a moment: they leave the main thread as they are written, and reach clients as few messages.
import type { Message } from "./wire";

/** How long a text waits for more, in milliseconds. */
const longestWait = 40;
/** A text of so many UTF-16 units waits no more. */
const mostUnits = 1 << 15;

/** Lives on the thread of the sockets, where a timer runs also while a cell computes without yielding. */
export class HeldText {
  readonly #send: (message: Message) => void;
  #held: Message | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (message: Message) => void) {
    this.#send = send;
  }

  /** Takes a `stream` message. It leaves soon, joined with what follows on the same stream of the same cell. */
  take(message: Message): void {
    let held = this.#held;
    if (held && isSameStream(held, message)) {
      held = { ...held, content: { ...held.content, text: textOf(held) + textOf(message) } };
    } else {
      this.release();
      held = message;
      this.#timer = setTimeout(() => {
        this.release();
      }, longestWait);
    }
    this.#held = held;
    if (textOf(held).length >= mostUnits) this.release();
  }

  /** Sends what is held. To be called before any other message, so that outputs keep their order. */
  release(): void {
    clearTimeout(this.#timer);
    const held = this.#held;
    this.#held = undefined;
    if (held) this.#send(held);
  }
}

const textOf = ({ content }: Message): string => content["text"] as string;

const isSameStream = (a: Message, b: Message): boolean =>
  a.content["name"] === b.content["name"] && a.parent.msg_id === b.parent.msg_id;
