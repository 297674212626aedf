// Drops the outputs of a notebook's cells while it is read, so that 500 MB of them never become text in memory.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const COMMA = 0x2c;
const COLON = 0x3a;
/** `{ "cells": [ { "outputs": … } ] }`: the depth at which a cell's keys stand. */
const CELL_DEPTH = 3;

/** Takes JSON in pieces and gives it back with every value of a cell's `outputs` replaced by `[]`. It does not judge the JSON. */
export class OutputStripper {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The bytes of the last string at the cells' depth: it may be a key. */
  #key = "";
  #skipping = false;

  /** What remains of the next piece. */
  write(piece: Uint8Array): Uint8Array {
    const slices: Uint8Array[] = [];
    let from = this.#skipping ? -1 : 0;
    const stop = (end: number): void => {
      if (from >= 0) slices.push(piece.subarray(from, end));
      from = -1;
    };
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
        if (this.#inString && this.#depth === CELL_DEPTH && this.#key.length < 16)
          this.#key += String.fromCharCode(byte);
      } else if (byte === QUOTE) {
        this.#inString = true;
        if (this.#depth === CELL_DEPTH && !this.#skipping) this.#key = "";
      } else if (OPEN.has(byte)) {
        this.#depth++;
      } else if (CLOSE.has(byte)) {
        this.#depth--;
        if (this.#skipping && this.#depth < CELL_DEPTH) {
          this.#skipping = false;
          from = at;
        }
      } else if (byte === COLON && this.#depth === CELL_DEPTH && this.#key === "outputs" && !this.#skipping) {
        stop(at + 1);
        slices.push(EMPTY);
        this.#skipping = true;
        this.#key = "";
      } else if (byte === COMMA && this.#depth === CELL_DEPTH && this.#skipping) {
        this.#skipping = false;
        from = at;
      }
    }
    stop(piece.length);
    return Buffer.concat(slices);
  }
}

const EMPTY = new TextEncoder().encode("[]");
