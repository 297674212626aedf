// The names of a pickle's opcodes that the reader refuses, for messages (CPython, Lib/pickletools.py).

const byteOf = (character: string) => character.charCodeAt(0);

const refusedNames: Readonly<Record<number, string>> = {
  [byteOf("0")]: "POP",
  [byteOf("1")]: "POP_MARK",
  [byteOf("2")]: "DUP",
  [byteOf("F")]: "FLOAT",
  [byteOf("I")]: "INT",
  [byteOf("L")]: "LONG",
  [byteOf("S")]: "STRING",
  [byteOf("V")]: "UNICODE",
  [byteOf("P")]: "PERSID",
  [byteOf("d")]: "DICT",
  [byteOf("g")]: "GET",
  [byteOf("i")]: "INST",
  [byteOf("l")]: "LIST",
  [byteOf("o")]: "OBJ",
  [byteOf("p")]: "PUT",
  0x82: "EXT1",
  0x83: "EXT2",
  0x84: "EXT4",
  0x8b: "LONG4",
  0x8d: "BINUNICODE8",
  0x92: "NEWOBJ_EX",
  0x97: "NEXT_BUFFER",
  0x98: "READONLY_BUFFER",
};

/** An opcode in words: `INST (0x69)`. */
export function opcodeName(code: number): string {
  const hexadecimal = `0x${code.toString(16).padStart(2, "0")}`;
  return refusedNames[code] === undefined ? hexadecimal : `${refusedNames[code]} (${hexadecimal})`;
}
