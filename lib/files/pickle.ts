// Reads Python's pickles without executing anything: a small machine that knows some opcodes, and the globals that it is given.
//
// A pickle is a program for a stack machine (CPython, Lib/pickletools.py lists its opcodes). Python's own machine imports and calls
// whatever the program names, so that a file can run any command. This one knows only the opcodes that data and tensors need, and a
// GLOBAL is a word that it looks up in a table. What is not there stays a word, `PickleUnknown`, and so does an object that would be made
// of it, because training scripts put their arguments and meters beside the tensors. A call of it is what an attack is made of, and is
// refused by name. Nothing here nests calls, and no opcode makes more than it has bytes, so that memory is bounded by the file.
import { opcodeName } from "./pickle-opcodes.js";
import { kindOf, PickleFunction, PickleTuple, PickleUnknown, setItem, shown, type Refuse } from "./pickle-values.js"; // prettier-ignore
import { quote } from "./quote.js";

/** What the machine knows and how it reports. */
export interface UnpickleOptions {
  /** By module and name, `collections.OrderedDict`: a `PickleFunction`, or a value that the pickle may only hand on; others are unknown. */
  readonly globals: ReadonlyMap<string, unknown>;
  /** What a persistent id stands for. Default: they are refused. */
  readonly persistent?: (id: unknown, refuse: Refuse) => unknown;
  /** Where the pickle begins. Default: 0. */
  readonly start?: number;
  /** Makes the error; the reason begins with the position. */
  readonly refuse: Refuse;
}

/** Operations of one pickle: a tensor needs about forty, the deepest published network has seven thousand tensors. */
const mostOperations = 2_000_000;
/** Marks that are open at once; PyTorch's own pickles have at most five. */
const mostMarks = 100;
/** Values that are on the stack at once; Python writes dictionaries by the thousand. */
const mostWaiting = 100_000;
/** Bytes of one line of text: a module's or a global's name. */
const longestLine = 256;

/**
 * The value of the pickle that begins at `start`, and where it ends. None, booleans, numbers and strings are their own, whole numbers
 * beyond 2^53 are bigint, lists are arrays, tuples `PickleTuple`, dictionaries Maps, and the rest `PickleUnknown`.
 *
 * @throws what `refuse` makes of the first opcode or operand that is not known, or call of a global that is not, with its position.
 */
export function unpickle(bytes: Uint8Array, options: UnpickleOptions): { value: unknown; end: number } {
  const machine = new Machine(bytes, options);
  return { value: machine.run(), end: machine.position };
}

class Machine {
  position: number;
  readonly memo = new Map<number, unknown>();
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #options: UnpickleOptions;
  #at: number;

  constructor(bytes: Uint8Array, options: UnpickleOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#options = options;
    this.position = options.start ?? 0;
    this.#at = this.position;
  }

  /** Runs to STOP, and gives the one value that it leaves. */
  run(): unknown {
    for (let count = 0; count < mostOperations; count++) {
      this.#at = this.position;
      const code = this.unsigned(1);
      if (code === stop) {
        const value = this.pop();
        if (this.#stack.length > 0) throw this.refuse(`STOP leaves ${this.#stack.length} values behind`);
        return value;
      }
      const operation = operations.get(code);
      if (!operation) throw this.refuse(`the opcode ${opcodeName(code)} is not among those that data needs`);
      operation(this);
    }
    throw this.refuse(`it has more than ${mostOperations} operations`);
  }

  /** Takes the argument tuple and the function below it, and leaves what the function makes. */
  reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    if (callee instanceof PickleUnknown) {
      throw this.refuse(
        `the global ${quote(callee.name)} is not among those that data may call; nothing of it was run. ` +
          "Write the tensors alone, in Python: torch.save(model.state_dict(), path)",
      );
    }
    if (!(callee instanceof PickleFunction) || !(args instanceof PickleTuple)) {
      throw this.refuse(
        `REDUCE needs a known function and a tuple; got ${kindOf(callee)} and ${kindOf(args)}`,
      );
    }
    this.push(callee.call(args.items, this.refuse));
  }

  /** Takes an argument tuple and a class, and leaves a word for the object. */
  newObject(): void {
    this.pop();
    const made = this.pop();
    if (!(made instanceof PickleUnknown)) throw this.refuse(`NEWOBJ needs a class; got ${kindOf(made)}`);
    this.push(made);
  }

  /** Leaves what the table has under a global's name, or a word for it. */
  global(module: unknown, name: unknown): void {
    if (typeof module !== "string" || typeof name !== "string") {
      throw this.refuse(`a global is named by two texts; got ${kindOf(module)} and ${kindOf(name)}`);
    }
    if (module.length > longestLine || name.length > longestLine)
      throw this.refuse(`a global's module and name have at most ${longestLine} letters`);
    const full = `${module}.${name}`;
    const { globals } = this.#options;
    this.push(globals.has(full) ? globals.get(full) : new PickleUnknown(module, name));
  }

  /** Leaves what a persistent id stands for. */
  persistent(): void {
    const { persistent } = this.#options;
    if (!persistent) throw this.refuse("a persistent id has no meaning here");
    this.push(persistent(this.pop(), this.refuse));
  }

  /** The state of an object: PyTorch gives a state dict its `_metadata`, which nothing here needs. */
  build(): void {
    const state = this.pop();
    const target = this.pop();
    if (target instanceof PickleUnknown) {
      this.push(target);
      return;
    }
    const attributes = state instanceof Map ? [...state.keys()] : [];
    if (!(target instanceof Map) || attributes.length !== 1 || attributes[0] !== "_metadata") {
      const given = attributes.length > 0 ? attributes.slice(0, 5).map(shown).join(", ") : kindOf(state);
      throw this.refuse(
        `BUILD may only give a dictionary its "_metadata"; it gives ${kindOf(target)} ${given}`,
      );
    }
    this.push(target);
  }

  setItems(keysAndValues: readonly unknown[]): void {
    const target = this.pop();
    if (target instanceof PickleUnknown) {
      this.push(target);
      return;
    }
    if (!(target instanceof Map) || keysAndValues.length % 2 !== 0) {
      throw this.refuse(
        `items need a dictionary, and a value for each key; got ${keysAndValues.length} values for ${kindOf(target)}`,
      );
    }
    for (let i = 0; i < keysAndValues.length; i += 2) {
      setItem(target, keysAndValues[i], keysAndValues[i + 1], this.refuse);
    }
    this.push(target);
  }

  append(items: readonly unknown[]): void {
    const target = this.pop();
    if (Array.isArray(target)) for (const item of items) target.push(item);
    else if (!(target instanceof PickleUnknown)) {
      throw this.refuse(`only a list can be appended to; got ${kindOf(target)}`);
    }
    this.push(target);
  }

  push(value: unknown): void {
    if (this.#stack.length >= mostWaiting)
      throw this.refuse(`more than ${mostWaiting} values wait on the stack`);
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0))
      throw this.refuse("it takes a value from an empty stack");
    return this.#stack.pop();
  }

  /** The last `count` values, the first one first. */
  popSeveral(count: number): unknown[] {
    if (this.#stack.length - (this.#marks.at(-1) ?? 0) < count)
      throw this.refuse("it takes a value from an empty stack");
    return this.#stack.splice(-count);
  }

  mark(): void {
    if (this.#marks.length >= mostMarks)
      throw this.refuse(`more than ${mostMarks} marks are open: it nests too deep`);
    this.#marks.push(this.#stack.length);
  }

  popToMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.refuse("it goes back to a mark, and none is open");
    return this.#stack.splice(mark);
  }

  remember(index: number): void {
    const value = this.pop();
    this.memo.set(index, value);
    this.push(value);
  }

  recall(index: number): void {
    if (!this.memo.has(index)) throw this.refuse(`the memo has no value ${index}`);
    this.push(this.memo.get(index));
  }

  /** The next bytes. */
  take(length: number): Uint8Array {
    const left = this.#bytes.length - this.position;
    if (length > left) throw this.refuse(`it needs ${length} more bytes, and ${Math.max(0, left)} follow: the file is cut off`); // prettier-ignore
    this.position += length;
    return this.#bytes.subarray(this.position - length, this.position);
  }

  unsigned(size: 1 | 2 | 4 | 8): number {
    this.take(size);
    const at = this.position - size;
    if (size === 8) return Number(this.#view.getBigUint64(at, true));
    return size === 1 ? this.#view.getUint8(at) : size === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true); // prettier-ignore
  }

  signed(): number {
    this.take(4);
    return this.#view.getInt32(this.position - 4, true);
  }

  double(): number {
    this.take(8);
    return this.#view.getFloat64(this.position - 8);
  }

  /** A whole number in `length` bytes, two's complement, the lowest byte first. */
  long(length: number): number | bigint {
    const hexadecimal = Array.from(this.take(length), (byte) => byte.toString(16).padStart(2, "0")).reverse();
    const value = BigInt.asIntN(8 * length, BigInt(`0x0${hexadecimal.join("")}`));
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  text(length: number): string {
    try {
      return utf8.decode(this.take(length));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw this.refuse("a text is not valid UTF-8");
    }
  }

  /** Bytes that no tensor is made of. */
  bytes(length: number): PickleUnknown {
    this.take(length);
    return aSequenceOfBytes;
  }

  /** What Python 2 called `str`: text, or the bytes of a number of numpy's. */
  textOrBytes(length: number): unknown {
    const bytes = this.take(length);
    const isAscii = bytes.every((byte) => byte < 0x80);
    this.position -= length;
    return isAscii ? this.text(length) : this.bytes(length);
  }

  /** Text up to the end of the line. */
  line(): string {
    const end = this.#bytes.subarray(this.position, this.position + longestLine).indexOf(0x0a);
    if (end < 0) throw this.refuse(`a name must end within ${longestLine} bytes`);
    const text = this.text(end);
    this.position += 1;
    return text;
  }

  readonly refuse = (reason: string): Error => this.#options.refuse(`byte ${this.#at}: ${reason}`);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const aSequenceOfBytes = new PickleUnknown("bytes");
const stop = 0x2e;
const byteOf = (character: string) => character.charCodeAt(0);

/** What each opcode does; the others are refused. */
// prettier-ignore
const operations: ReadonlyMap<number, (machine: Machine) => void> = new Map<number, (m: Machine) => void>([
  // PROTO: 2 is what torch.save writes unless told.
  [0x80, (m) => {
    const version = m.unsigned(1);
    if (version < 2 || version > 5) throw m.refuse(`the pickle protocol must be 2 to 5; it is ${version}`);
  }],
  [0x95, (m) => void m.take(8)], // FRAME, a hint for buffered reading
  [byteOf("("), (m) => { m.mark(); }],
  [byteOf("}"), (m) => { m.push(new Map()); }],
  [byteOf("]"), (m) => { m.push([]); }],
  [byteOf(")"), (m) => { m.push(new PickleTuple([])); }],
  [byteOf("a"), (m) => { m.append([m.pop()]); }],
  [byteOf("e"), (m) => { m.append(m.popToMark()); }],
  [byteOf("s"), (m) => { m.setItems(m.popSeveral(2)); }],
  [byteOf("u"), (m) => { m.setItems(m.popToMark()); }],
  [byteOf("t"), (m) => { m.push(new PickleTuple(m.popToMark())); }],
  [0x85, (m) => { m.push(new PickleTuple(m.popSeveral(1))); }],
  [0x86, (m) => { m.push(new PickleTuple(m.popSeveral(2))); }],
  [0x87, (m) => { m.push(new PickleTuple(m.popSeveral(3))); }],
  [byteOf("N"), (m) => { m.push(null); }],
  [0x88, (m) => { m.push(true); }],
  [0x89, (m) => { m.push(false); }],
  [byteOf("J"), (m) => { m.push(m.signed()); }],
  [byteOf("K"), (m) => { m.push(m.unsigned(1)); }],
  [byteOf("M"), (m) => { m.push(m.unsigned(2)); }],
  [0x8a, (m) => { m.push(m.long(m.unsigned(1))); }],
  [byteOf("G"), (m) => { m.push(m.double()); }],
  [byteOf("X"), (m) => { m.push(m.text(m.unsigned(4))); }],
  [0x8c, (m) => { m.push(m.text(m.unsigned(1))); }],
  [byteOf("U"), (m) => { m.push(m.textOrBytes(m.unsigned(1))); }],
  [byteOf("T"), (m) => { m.push(m.textOrBytes(m.unsigned(4))); }],
  [byteOf("C"), (m) => { m.push(m.bytes(m.unsigned(1))); }],
  [byteOf("B"), (m) => { m.push(m.bytes(m.unsigned(4))); }],
  [0x8e, (m) => { m.push(m.bytes(m.unsigned(8))); }],
  [0x96, (m) => { m.push(m.bytes(m.unsigned(8))); }],
  // Sets: empty, with more items, and frozen with all of its items.
  [0x8f, (m) => { m.push(new PickleUnknown("set")); }],
  [0x90, (m) => { m.append(m.popToMark()); }],
  [0x91, (m) => { m.popToMark(); m.push(new PickleUnknown("frozenset")); }],
  [byteOf("q"), (m) => { m.remember(m.unsigned(1)); }],
  [byteOf("r"), (m) => { m.remember(m.unsigned(4)); }],
  [0x94, (m) => { m.remember(m.memo.size); }],
  [byteOf("h"), (m) => { m.recall(m.unsigned(1)); }],
  [byteOf("j"), (m) => { m.recall(m.unsigned(4)); }],
  [byteOf("c"), (m) => { m.global(m.line(), m.line()); }],
  [0x93, (m) => { const [module, name] = m.popSeveral(2); m.global(module, name); }],
  [byteOf("R"), (m) => { m.reduce(); }],
  [0x81, (m) => { m.newObject(); }],
  [byteOf("b"), (m) => { m.build(); }],
  [byteOf("Q"), (m) => { m.persistent(); }],
]);
