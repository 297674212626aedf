// Protocol buffers as far as TensorFlow's definitions need them: a few kinds of field, written and read.

const utf8 = new TextEncoder();

/** Several parts as one. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value)); // negative numbers take ten bytes
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...out, Number(rest)]);
}

/** A field of an integer, an enum or a truth value. */
export function integerField(field: number, value: number): Uint8Array {
  return join([varint(field << 3), varint(value)]);
}

/** A field of text, bytes, or a message. */
export function bytesField(field: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? utf8.encode(content) : content;
  return join([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

/** A field of a message made of parts. */
export function messageField(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return bytesField(field, join(parts));
}

/** A field of a float. */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([varint((field << 3) | 5), bytes]);
}

/** An entry of a map from text. */
export function entryField(field: number, key: string, value: string | Uint8Array): Uint8Array {
  return messageField(field, bytesField(1, key), bytesField(2, value));
}

/** True where two byte strings are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Calls `visit` for each field of a message: with a number for an integer, else with the bytes. */
export function readMessage(
  message: Uint8Array,
  visit: (field: number, value: number | Uint8Array) => void,
): void {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = next();
    const kind = tag & 7;
    if (kind === 0) {
      visit(tag >>> 3, next());
    } else {
      const length = kind === 2 ? next() : kind === 5 ? 4 : 8;
      visit(tag >>> 3, message.subarray(at, at + length));
      at += length;
    }
  }
}

/** The text of bytes. */
export function textOf(value: number | Uint8Array): string {
  return typeof value === "number" ? String(value) : new TextDecoder().decode(value);
}
