// Gradient traces in safetensors files: three tensors a unit, and their names and order as text. What a file says is checked.
import { readBytes, writeBytesAtomically } from "#files";
import { parseExactly, stringifyExactly } from "../files/exact-json.js";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../files/safetensors.js";
import type { GradientTrace, UnitTrace } from "./gradient-split.js";

/** The name of the trace's description among a file's metadata. */
const traceKey = "residual.gradientTrace";
/** Raised when the description's meaning changes. */
const format = 1;
/** More units than the deepest network of the papers has. */
const mostUnits = 2000;
const longestText = 200;

const parts = ["gradient", "carried", "residual"] as const;

/**
 * Writes a trace to a safetensors file, atomically.
 * @throws RangeError for whatever `readTrace` would refuse, such as a name that is too long or a gradient that is not finite; Error if the
 * file cannot be written.
 *
 * @example
 * ```ts
 * const unit = {
 *   name: "unit",
 *   shortcut: "identity",
 *   shape: [2],
 *   gradient: Float32Array.of(1, 2),
 *   carried: Float32Array.of(1, 0),
 *   residual: Float32Array.of(0, 2),
 * };
 * await analysis.saveTrace({ network: "net", moment: "now", units: [unit], topNorm: 1 }, "trace.safetensors");
 * ```
 */
export async function saveTrace(trace: GradientTrace, path: string): Promise<void> {
  await writeBytesAtomically(path, encodeTrace(trace));
}

/**
 * Reads a trace. The file may come from anyone: its description, names, shapes and numbers are checked here, and `splitTrace` checks
 * that its terms add up.
 * @throws Error with the file's name and the one thing that is wrong with it.
 *
 * @example
 * ```ts
 * const unit = {
 *   name: "unit",
 *   shortcut: "identity",
 *   shape: [2],
 *   gradient: Float32Array.of(1, 2),
 *   carried: Float32Array.of(1, 0),
 *   residual: Float32Array.of(0, 2),
 * };
 * await analysis.saveTrace(
 *   { network: "net", moment: "now", units: [unit], topNorm: 1 },
 *   "read-trace.safetensors",
 * );
 * (await analysis.readTrace("read-trace.safetensors")).units[0].carried; // [1, 0]
 * ```
 */
export async function readTrace(path: string): Promise<GradientTrace> {
  return decodeTrace(await readBytes(path), path);
}

/**
 * The bytes of a trace's file.
 * @throws RangeError as {@link saveTrace}.
 */
export function encodeTrace({ network, moment, units, topNorm }: GradientTrace): Uint8Array {
  const refuse = (reason: string) => new RangeError(`a trace ${reason}`);
  const names = units.map(({ name, shortcut }) => ({ name, shortcut }));
  const described = { format, network, moment, topNorm, units: names };
  checkDescription(described, (rule, got) => refuse(`must ${rule}; got ${quoted(got)}`));
  const tensors = new Map<string, StoredTensor>();
  for (const unit of units) {
    for (const part of parts) {
      if (!unit[part].every(Number.isFinite))
        throw refuse(`must hold finite numbers only; the ${part} of ${quoted(unit.name)} does not`);
      tensors.set(`${unit.name}/${part}`, { dtype: "F32", shape: unit.shape, data: unit[part] });
    }
  }
  return encodeSafetensors({ tensors, metadata: { [traceKey]: stringifyExactly(described) } });
}

/**
 * The trace in a file's bytes.
 * @throws Error as {@link readTrace}.
 */
export function decodeTrace(bytes: Uint8Array, file: string): GradientTrace {
  const refuse = (reason: string) => new Error(`${file}: ${reason}`);
  const { tensors, metadata } = decodeSafetensors(bytes, { name: file });
  const { network, moment, topNorm, units: described } = description(metadata[traceKey], refuse);
  const units = described.map(({ name, shortcut }): UnitTrace => {
    const [gradient, carried, residual] = parts.map((part) => {
      const tensor = tensors.get(`${name}/${part}`);
      if (tensor?.dtype !== "F32") {
        throw refuse(
          `must hold the F32 tensor ${quoted(`${name}/${part}`)}; it is ${tensor?.dtype ?? "missing"}`,
        );
      }
      if (!tensor.data.every(Number.isFinite)) {
        throw refuse(`tensor ${quoted(`${name}/${part}`)} must hold finite numbers only`);
      }
      return tensor;
    }) as [Floats, Floats, Floats];
    for (const { shape } of [carried, residual]) {
      if (shape.join() !== gradient.shape.join()) {
        throw refuse(
          `the tensors of unit ${quoted(name)} must have one shape; got [${gradient.shape.join(", ")}] and [${shape.join(", ")}]`,
        );
      }
    }
    return {
      name,
      shortcut,
      shape: gradient.shape,
      gradient: gradient.data,
      carried: carried.data,
      residual: residual.data,
    };
  });
  if (tensors.size !== parts.length * units.length) {
    throw refuse(
      `must hold ${parts.length} tensors a unit, ${parts.length * units.length}; it holds ${tensors.size}`,
    );
  }
  return { network, moment, topNorm, units };
}

type Floats = Extract<StoredTensor, { dtype: "F32" }>;

interface Description {
  readonly network: string;
  readonly moment: string;
  readonly topNorm: number;
  readonly units: readonly { readonly name: string; readonly shortcut: string }[];
}

function description(text: string | undefined, refuse: (reason: string) => Error): Description {
  if (text === undefined) throw refuse(`not a gradient trace: it has no metadata called ${traceKey}`);
  let value: unknown;
  try {
    value = parseExactly(text);
  } catch {
    throw refuse(`its ${traceKey} is not valid JSON: ${quoted(text)}`);
  }
  return checkDescription(value, (rule, got) => refuse(`its ${traceKey} must ${rule}; got ${quoted(got)}`));
}

/** What a file says, or is going to say: the same rules for both, so that whatever is written can be read. */
function checkDescription(value: unknown, wrong: (rule: string, got: unknown) => Error): Description {
  if (!isRecord(value)) throw wrong("be an object", value);
  const { format: found, network, moment, topNorm, units } = value;
  if (found !== format) throw wrong(`have format ${format}, which this version of the library reads`, found);
  if (!isText(network) || !isText(moment)) {
    throw wrong(`name network and moment in up to ${longestText} characters`, { network, moment });
  }
  if (typeof topNorm !== "number" || !Number.isFinite(topNorm) || topNorm < 0) {
    throw wrong("give topNorm as a number from 0 up", topNorm);
  }
  if (!Array.isArray(units) || units.length < 1 || units.length > mostUnits) {
    throw wrong(`list 1 to ${mostUnits} units`, units);
  }
  const named = units.map((unit: unknown) => {
    if (!isRecord(unit) || !isText(unit["name"]) || !isText(unit["shortcut"])) {
      throw wrong("give each unit a name and a shortcut", unit);
    }
    return { name: unit["name"], shortcut: unit["shortcut"] };
  });
  const twice = named.find(({ name }, i) => named.findIndex((other) => other.name === name) !== i);
  if (twice) throw wrong("list each unit once", twice.name);
  return { network, moment, topNorm, units: named };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length >= 1 && value.length <= longestText;
}

/** Something from the file, on one line and of bounded length. */
function quoted(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
