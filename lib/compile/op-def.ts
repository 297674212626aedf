// TensorFlow's own definitions of its operations: what inputs, outputs and attributes each has.
import type { Binding } from "./engine.js";
import { readMessage, textOf } from "./wire.js";

/** An input or output of an operation: one tensor, or as many as an attribute says. */
export interface OpArgument {
  readonly name: string;
  /** The attribute that holds the element type. */
  readonly typeAttribute?: string;
  /** The attribute that holds how many tensors of one type there are. */
  readonly numberAttribute?: string;
  /** The attribute that lists the types of tensors. */
  readonly typeListAttribute?: string;
}

/** An operation. */
export interface OpDefinition {
  readonly inputs: readonly OpArgument[];
  readonly outputs: readonly OpArgument[];
  /** By name: the default as a serialised AttrValue, or undefined where there is none. */
  readonly attributes: ReadonlyMap<string, Uint8Array | undefined>;
  /** Has an effect or a state of its own: it must neither be left out nor change places with another. */
  readonly stateful: boolean;
}

/** Looks operations up by name. */
export type OpTable = (name: string) => OpDefinition | undefined;

/** The table of one engine; a definition is read when it is first asked for. */
export function opTable(binding: Pick<Binding, "getOpList">): OpTable {
  const serialised = new Map<string, Uint8Array>();
  readMessage(binding.getOpList(), (_, operation) => {
    const bytes = operation as Uint8Array;
    let name: string | undefined;
    readMessage(bytes, (field, value) => {
      if (field === 1) name ??= textOf(value);
    });
    if (name !== undefined) serialised.set(name, bytes);
  });
  const read = new Map<string, OpDefinition>();
  return (name) => {
    const bytes = serialised.get(name);
    if (bytes && !read.has(name)) read.set(name, readDefinition(bytes));
    return read.get(name);
  };
}

function readDefinition(bytes: Uint8Array): OpDefinition {
  const inputs: OpArgument[] = [];
  const outputs: OpArgument[] = [];
  const attributes = new Map<string, Uint8Array | undefined>();
  let stateful = false;
  readMessage(bytes, (field, value) => {
    if (field === 2) inputs.push(readArgument(value as Uint8Array));
    else if (field === 3) outputs.push(readArgument(value as Uint8Array));
    else if (field === 4) attributes.set(...readAttribute(value as Uint8Array));
    else if (field === 17) stateful = value !== 0;
  });
  return { inputs, outputs, attributes, stateful };
}

const argumentFields = new Map([
  [1, "name"],
  [4, "typeAttribute"],
  [5, "numberAttribute"],
  [6, "typeListAttribute"],
] as const);

function readArgument(bytes: Uint8Array): OpArgument {
  const argument: { -readonly [Key in keyof OpArgument]: OpArgument[Key] } = { name: "" };
  readMessage(bytes, (field, value) => {
    const key = argumentFields.get(field as 1);
    if (key) argument[key] = textOf(value);
  });
  return argument;
}

function readAttribute(bytes: Uint8Array): [name: string, fallback: Uint8Array | undefined] {
  let name = "";
  let fallback: Uint8Array | undefined;
  readMessage(bytes, (field, value) => {
    if (field === 1) name = textOf(value);
    else if (field === 3) fallback = value as Uint8Array;
  });
  return [name, fallback];
}
