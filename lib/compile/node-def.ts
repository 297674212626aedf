// One recorded operation as TensorFlow's NodeDef.
import type { Binding, OpAttribute } from "./engine.js";
import type { OpTable } from "./op-def.js";
import type { RecordedConstant, RecordedNode } from "./recorded.js";
import { bytesField, entryField, floatField, integerField, join, messageField } from "./wire.js";

/** Why a recording cannot become a function; a sentence for the caller. */
export class NotCompilable extends Error {
  override readonly name = "NotCompilable";
}

/** A node and where its outputs are found. */
export interface NodeDef {
  readonly bytes: Uint8Array;
  /** By output: `name:argument:index`. */
  readonly outputs: readonly string[];
}

/** How a node stands in its function. */
export interface NodePlace {
  readonly name: string;
  /** What it takes: `name:argument:index` or an input's name. */
  readonly inputs: readonly string[];
  /** Element types of what it takes. */
  readonly types: readonly number[];
  /** The node that must run before it, for an operation with effects. */
  readonly after: string | undefined;
}

/** A TensorShapeProto. */
export function shapeProto(shape: readonly number[]): Uint8Array {
  return join(shape.map((length) => messageField(2, integerField(1, length))));
}

/** The NodeDef of an operation. */
export function operationNode(
  binding: Binding,
  table: OpTable,
  node: RecordedNode,
  place: NodePlace,
): NodeDef {
  const { operation } = node;
  const definition = table(operation);
  if (!definition) throw new NotCompilable(`TensorFlow has no operation ${operation}`);
  const attributes = new Map<string, Uint8Array>();
  const counts = new Map<string, number>();
  for (const attribute of node.attributes) {
    if (!definition.attributes.has(attribute.name)) continue;
    attributes.set(attribute.name, attributeValue(binding, attribute));
    if (Array.isArray(attribute.value)) counts.set(attribute.name, attribute.value.length);
    else if (attribute.type === binding.TF_ATTR_INT) counts.set(attribute.name, attribute.value as number);
  }
  // What TensorFlow.js leaves to eager execution to infer from the inputs. At most one argument has a length of its own choice.
  const several = definition.inputs.filter((input) => input.numberAttribute ?? input.typeListAttribute);
  const spare = place.types.length - (definition.inputs.length - several.length);
  let at = 0;
  for (const { typeAttribute, numberAttribute, typeListAttribute } of definition.inputs) {
    const listed = numberAttribute ?? typeListAttribute;
    const count = listed === undefined ? 1 : (counts.get(listed) ?? spare);
    const types = place.types.slice(at, at + count);
    at += count;
    const infer = (name: string | undefined, value: () => Uint8Array) => {
      if (name !== undefined && !attributes.has(name)) attributes.set(name, value());
    };
    infer(typeAttribute, () => integerField(6, types[0]!));
    infer(numberAttribute, () => integerField(3, count));
    infer(typeListAttribute, () => messageField(1, ...types.map((type) => integerField(6, type))));
    if (listed !== undefined) counts.set(listed, count);
  }
  for (const [name, fallback] of definition.attributes) {
    if (attributes.has(name)) continue;
    if (!fallback)
      throw new NotCompilable(`the operation ${operation} was run without its attribute ${name}`);
    attributes.set(name, fallback);
  }
  const outputs = definition.outputs.flatMap(({ name, numberAttribute, typeListAttribute }) => {
    const listed = numberAttribute ?? typeListAttribute;
    const count = listed === undefined ? 1 : (counts.get(listed) ?? 1);
    return Array.from({ length: count }, (_, i) => `${place.name}:${name}:${i}`);
  });
  const inputs = [...place.inputs, ...(place.after === undefined ? [] : [`^${place.after}`])];
  return { bytes: nodeBytes(place.name, operation, inputs, attributes), outputs };
}

/** The NodeDef of a constant. One whose elements are all alike is kept as one element. */
export function constantNode(binding: Binding, constant: RecordedConstant, name: string): NodeDef {
  const { dtype, shape, values } = constant;
  const content = Array.isArray(values)
    ? join((values as readonly Uint8Array[]).map((text) => bytesField(8, text)))
    : (uniform(binding, dtype, values as Uint8Array) ?? bytesField(4, values as Uint8Array));
  const tensor = join([integerField(1, dtype), messageField(2, shapeProto(shape)), content]);
  const attributes = new Map([
    ["dtype", integerField(6, dtype)],
    ["value", bytesField(8, tensor)],
  ]);
  return { bytes: nodeBytes(name, "Const", [], attributes), outputs: [`${name}:output:0`] };
}

function nodeBytes(
  name: string,
  operation: string,
  inputs: readonly string[],
  attributes: ReadonlyMap<string, Uint8Array>,
) {
  return join([
    bytesField(1, name),
    bytesField(2, operation),
    ...inputs.map((input) => bytesField(3, input)),
    ...[...attributes].map(([key, value]) => entryField(5, key, value)),
  ]);
}

/** An AttrValue. */
function attributeValue(binding: Binding, { name, type, value }: OpAttribute): Uint8Array {
  // AttrValue and AttrValue.ListValue number their fields alike.
  const one = (item: unknown): Uint8Array => {
    switch (type) {
      case binding.TF_ATTR_STRING: return bytesField(2, item as string);
      case binding.TF_ATTR_INT: return integerField(3, item as number);
      case binding.TF_ATTR_FLOAT: return floatField(4, item as number);
      case binding.TF_ATTR_BOOL: return integerField(5, item === true ? 1 : 0);
      case binding.TF_ATTR_TYPE: return integerField(6, item as number);
      case binding.TF_ATTR_SHAPE: return messageField(7, shapeProto(item as readonly number[]));
      default: throw new NotCompilable(`the attribute ${name} is of the unknown type ${type}`);
    }
  }; // prettier-ignore
  const isList = Array.isArray(value) && type !== binding.TF_ATTR_SHAPE;
  return isList ? messageField(1, ...value.map(one)) : one(value);
}

/** A TensorProto repeats the last of the values that it is given. */
function uniform(binding: Binding, dtype: number, bytes: Uint8Array): Uint8Array | undefined {
  const size =
    dtype === binding.TF_BOOL ? 1 : dtype === binding.TF_FLOAT || dtype === binding.TF_INT32 ? 4 : undefined;
  if (size === undefined || bytes.length <= size) return undefined;
  for (let at = size; at < bytes.length; at++) if (bytes[at] !== bytes[at - size]) return undefined;
  const first = new DataView(bytes.buffer, bytes.byteOffset, size);
  if (dtype === binding.TF_FLOAT) return bytesField(5, bytes.subarray(0, 4)); // packed, so that NaN and -0 keep their bits
  return dtype === binding.TF_INT32
    ? integerField(7, first.getInt32(0, true))
    : integerField(11, first.getUint8(0));
}
