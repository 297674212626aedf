// JavaScript's own library as it was before any cell: a cell may change it for itself, and the kernel works with what it was.

/* eslint-disable @typescript-eslint/prefer-for-of -- a loop over an array asks for its iterator, which a cell may have changed */
// Taken before any cell runs, and used without help of what a cell may have changed: no iterators, no methods.
const { defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
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
  /** All that it had, and of that what can be changed. */
  readonly names: Set<PropertyKey>;
  readonly keys: readonly PropertyKey[];
  readonly values: readonly PropertyDescriptor[];
}

interface Change {
  readonly object: object;
  readonly key: PropertyKey;
  /** What the cell made of it; undefined where it took it away. */
  readonly descriptor: PropertyDescriptor | undefined;
}

/** How stacks are written stays as the kernel or a cell has set it: stacks are read between cells too. */
const ofStacks = ["stackTraceLimit", "prepareStackTrace"];

const standard = (object: object, own: readonly PropertyKey[]): Known => {
  const keys = own.filter(
    (key) => !ofStacks.includes(String(key)) && getOwnPropertyDescriptor(object, key)?.configurable === true,
  );
  const names = new Set([...own, ...ofStacks]);
  return { object, names, keys, values: keys.map((key) => getOwnPropertyDescriptor(object, key)!) };
};

/** The library's state: that of the kernel, or that which cells have made of it. */
export class Intrinsics {
  readonly #known: readonly Known[];
  readonly #changes: Change[] = [];

  constructor() {
    const objects = guardedObjects();
    // Of the global object only what is JavaScript's own: the rest is what cells have.
    const names = ownKeys(globalThis).filter((name) => /^[A-Z]/.test(String(name)));
    this.#known = [...objects.map((one) => standard(one, ownKeys(one))), standard(globalThis, names)];
  }

  /** Notes what cells have changed, and puts the library back. */
  restore(): void {
    const changes = this.#changes;
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
        changes[changes.length] = { object, key, descriptor };
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
        changes[changes.length] = { object, key, descriptor };
        defineProperty(object, key, was);
      }
    }
  }

  /** Gives cells what they have made of the library. */
  reapply(): void {
    for (let i = this.#changes.length - 1; i >= 0; i--) {
      const { object, key, descriptor } = this.#changes[i]!;
      if (descriptor) defineProperty(object, key, descriptor);
      else deleteProperty(object, key);
    }
    this.#changes.length = 0;
  }
}
