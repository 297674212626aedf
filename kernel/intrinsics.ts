// JavaScript's own library as it was before any cell: a cell may change it for itself, and the kernel works with what it was.

/* eslint-disable @typescript-eslint/prefer-for-of -- a loop over an array asks for its iterator, which a cell may have changed */
// Taken before any cell runs, and used without help of what a cell may have changed: no iterators, no methods.
const { defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys, setPrototypeOf } = Reflect;
const getPrototypeOf = (object: object): object | null => Reflect.getPrototypeOf(object);

// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the set that it is asked about
const has = Function.prototype.call.bind(Set.prototype.has) as (
  set: ReadonlySet<unknown>,
  key: unknown,
) => boolean;

/** What a cell may have changed: all constructors, their prototypes, and the iterators' prototypes. */
function guardedObjects(): object[] {
  const found = new Set<object>();
  const take = (value: unknown): void => {
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    if (isObject && value !== globalThis) found.add(value);
  };
  for (const name of "Object Function Array String Number Boolean Symbol BigInt Math JSON Reflect Promise RegExp Error TypeError RangeError Map Set WeakMap WeakSet Date Proxy ArrayBuffer Uint8Array Int32Array Float32Array Float64Array Buffer".split(
    " ",
  )) {
    const value = (globalThis as Record<string, unknown>)[name];
    take(value);
    take((value as { prototype?: object }).prototype);
  }
  take(getPrototypeOf(Uint8Array.prototype));
  for (const iterator of [
    [][Symbol.iterator](),
    new Map().keys(),
    new Set().keys(),
    ""[Symbol.iterator](),
    (function* () {
      yield 1;
    })(),
  ])
    for (let at = getPrototypeOf(iterator); at && at !== Object.prototype; at = getPrototypeOf(at)) take(at);
  return [...found];
}

interface Known {
  readonly object: object;
  readonly prototype: object | null;
  /** All that it had, and of that what can be changed. */
  readonly names: Set<PropertyKey>;
  readonly keys: readonly PropertyKey[];
  readonly values: readonly PropertyDescriptor[];
}

/** One thing that cells have made otherwise; the next one was made before it. Not in an array: its elements may be a cell's accessors. */
interface Change {
  readonly object: object;
  /** Undefined where it is the prototype that was changed. */
  readonly key: PropertyKey | undefined;
  readonly prototype: object | null;
  /** What cells made of a property; undefined where they took it away. */
  readonly descriptor: PropertyDescriptor | undefined;
  readonly next: Change | undefined;
}

/** How stacks are written stays as the kernel or a cell has set it: stacks are read between cells too. */
const ofStacks = ["stackTraceLimit", "prepareStackTrace"];

/** A descriptor that inherits nothing: `Object.prototype.get` would be a part of it. */
function bare(descriptor: PropertyDescriptor): PropertyDescriptor {
  setPrototypeOf(descriptor, null);
  return descriptor;
}

const standard = (object: object, own: readonly PropertyKey[]): Known => {
  const keys = own.filter(
    (key) => !ofStacks.includes(String(key)) && getOwnPropertyDescriptor(object, key)?.configurable === true,
  );
  const values = keys.map((key) => bare(getOwnPropertyDescriptor(object, key)!));
  return { object, prototype: getPrototypeOf(object), names: new Set([...own, ...ofStacks]), keys, values };
};

/** The library's state: that of the kernel, or, while a cell runs, that which cells have made of it. */
export class Intrinsics {
  readonly #known: readonly Known[];
  #changes: Change | undefined;
  /** Whether a cell runs. */
  #isCells = false;
  /** Whether the kernel works meanwhile. */
  #isPutBack = false;

  constructor() {
    const objects = guardedObjects();
    // Node keeps what is assigned to these where nobody can see it.
    for (const key of ["Buffer", "process"])
      defineProperty(globalThis, key, {
        value: globalThis[key as "Buffer"],
        writable: true,
        configurable: true,
      });
    // Of the global object only what is JavaScript's own, and these: the rest is what cells have.
    const names = ownKeys(globalThis).filter((name) => /^([A-Z]|process$)/.test(String(name)));
    this.#known = [...objects.map((one) => standard(one, ownKeys(one))), standard(globalThis, names)];
  }

  /** Gives a cell what cells have made of the library. */
  begin(): void {
    this.#reapply();
    this.#isCells = true;
    this.#isPutBack = false;
  }

  /** Puts the library back when a cell has ended. */
  end(): void {
    if (this.#isCells && !this.#isPutBack) this.#restore();
    this.#isCells = false;
  }

  /** Runs work of the kernel's own, which a cell's code has called or that comes while it waits, with the library as it was. */
  during<T>(work: () => T): T {
    if (!this.#isCells || this.#isPutBack) return work();
    this.#restore();
    this.#isPutBack = true;
    try {
      return work();
    } finally {
      this.#isPutBack = false;
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the work may have ended the cell
      if (this.#isCells) this.#reapply();
    }
  }

  #note(object: object, key: PropertyKey | undefined, descriptor?: PropertyDescriptor): void {
    const prototype = key === undefined ? getPrototypeOf(object) : null;
    if (descriptor) bare(descriptor);
    this.#changes = { object, key, prototype, descriptor, next: this.#changes };
  }

  /** Notes what cells have changed, and puts it back. */
  #restore(): void {
    for (let i = 0; i < this.#known.length; i++) {
      const { object, prototype } = this.#known[i]!;
      if (getPrototypeOf(object) === prototype) continue;
      this.#note(object, undefined);
      setPrototypeOf(object, prototype);
    }
    for (let i = 0; i < this.#known.length; i++) {
      const { object, names } = this.#known[i]!;
      if (object === globalThis) continue;
      // First what was added: the descriptors below must not inherit from it.
      const now = ownKeys(object);
      for (let k = 0; k < now.length; k++) {
        const key = now[k]!;
        if (has(names, key)) continue;
        const descriptor = getOwnPropertyDescriptor(object, key);
        if (descriptor?.configurable !== true) continue;
        this.#note(object, key, descriptor);
        deleteProperty(object, key);
      }
    }
    for (let i = 0; i < this.#known.length; i++) {
      const { object, keys, values } = this.#known[i]!;
      for (let k = 0; k < keys.length; k++) {
        const key = keys[k]!;
        const was = values[k]!;
        const descriptor = getOwnPropertyDescriptor(object, key);
        if (
          descriptor &&
          descriptor.value === was.value &&
          descriptor.get === was.get &&
          descriptor.set === was.set
        )
          continue;
        if (descriptor && !descriptor.configurable) continue;
        this.#note(object, key, descriptor);
        defineProperty(object, key, was);
      }
    }
  }

  #reapply(): void {
    for (let change = this.#changes; change; change = change.next) {
      const { object, key, prototype, descriptor } = change;
      if (key === undefined) setPrototypeOf(object, prototype);
      else if (descriptor) defineProperty(object, key, descriptor);
      else deleteProperty(object, key);
    }
    this.#changes = undefined;
  }
}

/** The library of this process. */
export const library = new Intrinsics();

/** A map and a set with methods of their own, which stay what they are while a cell's code runs. */
export class KeptMap<K, V> extends Map<K, V> {}
export class KeptSet<T> extends Set<T> {}

for (const { prototype } of [KeptMap, KeptSet]) {
  const base = getPrototypeOf(prototype)!;
  for (const key of ownKeys(base))
    if (key !== "constructor") defineProperty(prototype, key, getOwnPropertyDescriptor(base, key)!);
}
