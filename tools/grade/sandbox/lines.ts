// Turns bytes that come in pieces into lines, each byte looked at once, however many lines or pieces there are.

const NEWLINE = 0x0a;

/** Bytes that wait to be read as lines. */
export class LineBuffer {
  /** How many bytes wait. */
  bytes = 0;
  readonly #pieces: Buffer[] = [];
  /** Pieces from the first on that are known to hold no end of a line. */
  #searched = 0;
  /** Where the first line ends in the piece after those; -1 if it does not. */
  #end = -1;

  /** Takes a piece. */
  push(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.bytes += piece.length;
    this.#search();
  }

  /** Whether a whole line waits. */
  get hasLine(): boolean {
    return this.#end >= 0;
  }

  /** The next line, without its end, or undefined where none is whole. */
  take(): string | undefined {
    if (this.#end < 0) return undefined;
    const whole = this.#pieces.splice(0, this.#searched + 1);
    const last = whole.pop()!;
    const line = Buffer.concat([...whole, last.subarray(0, this.#end)]);
    const rest = last.subarray(this.#end + 1);
    if (rest.length > 0) this.#pieces.unshift(rest);
    this.bytes -= line.length + 1;
    this.#searched = 0;
    this.#end = -1;
    this.#search();
    return line.toString("utf8");
  }

  #search(): void {
    while (this.#end < 0 && this.#searched < this.#pieces.length) {
      this.#end = this.#pieces[this.#searched]!.indexOf(NEWLINE);
      if (this.#end < 0) this.#searched++;
    }
  }
}
