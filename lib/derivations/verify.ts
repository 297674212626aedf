// Evaluates every line of a derivation and names the first that does not follow from the one before.
import { ready } from "../runtime/index.js";
import { integerWithin, onlyKnown, seedWithin } from "../options.js";
import { indexOf, sameShape, shapeText, type NdArray } from "../autodiff/nd-array.js";
import type { Slope } from "../autodiff/slope.js";
import { DerivationError, quantityText, type Derivation, type Line, type Quantity, type Scope } from "./derivation.js"; // prettier-ignore
import { byDifferences, byTape, byTensorFlow, run, type Run } from "./oracles.js";
import { everyWitness, reportOf, type DerivationReport, type Deviation, type LineReport, type Witness } from "./report.js"; // prettier-ignore
import { highest } from "../numeric.js";

/** How a derivation is verified. */
export interface VerifyOptions {
  /** Of the odd random values. Default: 1. */
  readonly seed?: number;
  /** How many sets of values. Default: 2. */
  readonly cases?: number;
  /** Whom to ask. Default: all three. The tape alone answers at once, and starts no backend. */
  readonly witnesses?: readonly Witness[];
}

export const verifyOptions = ["seed", "cases", "witnesses"] as const;

/** The relative errors that still count as agreement. */
const tolerances: Readonly<Record<Witness, number>> = {
  tape: 1e-9,
  "finite differences": 1e-6,
  "TensorFlow.js": 1e-3, // float32
};

/** Below this, numbers are compared with it and not with themselves: a gradient that is 0 is 0 only up to rounding. */
const smallest = 1e-4;

/**
 * Evaluates every line on odd random values, with the true values for the symbols on its right side, and compares it with the tape,
 * with finite differences and with TensorFlow.js (on the active backend).
 *
 * @example
 * ```ts
 * (await autodiff.verify(autodiff.derive("relu"), { witnesses: ["tape"] })).holds; // true
 * ```
 *
 * @throws DerivationError that names the line and its rule if it throws, gives a wrong shape or a value that is not finite.
 */
export async function verify(derivation: Derivation, options: VerifyOptions = {}): Promise<DerivationReport> {
  onlyKnown("verify", options, verifyOptions);
  const { witnesses = everyWitness } = options;
  const seed = seedWithin("verify: seed", options.seed ?? 1);
  const cases = integerWithin("verify: cases", options.cases ?? 2, 1, 1000);
  if (witnesses.includes("TensorFlow.js")) await ready();
  const found: LineReport[][] = [];
  for (let k = 0; k < cases; k++) found.push(await verifyOnce(derivation, seed + k, witnesses));
  const lines = derivation.lines.map((_, i) => found.map((reports) => reports[i]!).reduce(worse));
  return reportOf(derivation, lines);
}

async function verifyOnce(
  derivation: Derivation,
  seed: number,
  asked: readonly Witness[],
): Promise<LineReport[]> {
  const once = run(derivation, seed);
  const tape = byTape(once);
  const witnesses = new Map<string, Witnesses>();
  const before = new Map<string, NdArray>();
  const reports: LineReport[] = [];
  for (const [i, line] of derivation.lines.entries()) {
    const key = quantityText(line.of);
    const known = witnesses.get(key) ?? (await ask(once, line.of, tape.quantity(line.of), asked));
    witnesses.set(key, known);
    const got = evaluate(line, i + 1, tape, known.tape.shape);
    reports.push(judge(line, i + 1, got, known, before.get(key), { seed, inputs: once.inputs }));
    before.set(key, got);
  }
  return reports;
}

/** What the witnesses say of a quantity. */
interface Witnesses {
  readonly tape: NdArray;
  readonly differences: readonly Slope[] | undefined;
  readonly tensorflow: NdArray | undefined;
}

async function ask(
  once: Run,
  wanted: Quantity,
  tape: NdArray,
  asked: readonly Witness[],
): Promise<Witnesses> {
  return {
    tape,
    differences: asked.includes("finite differences") ? byDifferences(once, wanted) : undefined,
    tensorflow: asked.includes("TensorFlow.js") ? await byTensorFlow(once, wanted) : undefined,
  };
}

/**
 * A line's right side.
 * @throws DerivationError that names the line and its rule.
 */
export function evaluate(
  line: Pick<Line, "rule" | "evaluate" | "of">,
  number: number,
  scope: Scope,
  shape: readonly number[],
): NdArray {
  const place = `line ${number} (${line.rule})`;
  let got: NdArray;
  try {
    got = line.evaluate(without(line.of, scope));
  } catch (error) {
    throw new DerivationError(`${place} cannot be evaluated: ${(error as Error).message}`, { cause: error });
  }
  // A learner's function may be JavaScript: what it returns is not what its type says.
  if (!((got as Partial<NdArray> | undefined)?.data instanceof Float64Array)) {
    throw new DerivationError(`${place} must give an array, as tabulate() makes one; got ${typeof got}`);
  }
  if (!sameShape(got.shape, shape)) {
    throw new DerivationError(
      `${place} must give ${quantityText(line.of)} in its shape ${shapeText(shape)}; got ${shapeText(got.shape)}`,
    );
  }
  const wrong = got.data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new DerivationError(
      `${place} must give finite numbers; got ${got.data[wrong]!} at index ${shapeText(indexOf(wrong, shape))}`,
    );
  }
  return got;
}

/** A scope that does not give away a line's left side: a right side has to compute it. */
function without(left: Quantity, scope: Scope): Scope {
  const own = quantityText(left);
  const refuse = (asked: Quantity): void => {
    if (quantityText(asked) === own)
      throw new RangeError(`its right side must not use its left side, ${own}`);
  };
  return {
    value(symbol) {
      refuse({ kind: "value", of: symbol });
      return scope.value(symbol);
    },
    gradient(symbol) {
      refuse({ kind: "gradient", of: symbol });
      return scope.gradient(symbol);
    },
    jacobian(of, by) {
      refuse({ kind: "jacobian", of, by });
      return scope.jacobian(of, by);
    },
  };
}

function judge(
  line: Line,
  number: number,
  got: NdArray,
  known: Witnesses,
  before: NdArray | undefined,
  place: Pick<Deviation, "seed" | "inputs">,
): LineReport {
  const isKink = (i: number): boolean => known.differences?.[i]?.kink !== undefined;
  const size = got.data.reduce((most, _, i) => Math.max(most, Math.abs(known.tape.data[i]!)), smallest);
  let deviation: Deviation | undefined;
  const against = (witness: Witness, expected: (i: number) => number) => {
    let most = 0;
    got.data.forEach((value, i) => {
      if (isKink(i)) return;
      const difference = Math.abs(value - expected(i));
      const relativeError = difference / size;
      most = Math.max(most, relativeError);
      if (
        !(relativeError <= tolerances[witness]) && // a witness that is not a number agrees with nothing
        (!deviation || (deviation.with === witness && relativeError > deviation.relativeError))
      ) {
        deviation = { ...place, index: indexOf(i, got.shape), got: value, expected: expected(i), relativeError, with: witness }; // prettier-ignore
      }
    });
    return most;
  };
  const { tape, differences, tensorflow } = known;
  const errors = {
    tape: against("tape", (i) => tape.data[i]!),
    "finite differences": differences && against("finite differences", (i) => differences[i]!.value),
    "TensorFlow.js": tensorflow && against("TensorFlow.js", (i) => tensorflow.data[i]!),
  };
  return {
    line: number,
    rule: line.rule,
    of: quantityText(line.of),
    holds: deviation === undefined,
    errors,
    fromLineBefore: before && highest(got.data.map((value, i) => Math.abs(value - before.data[i]!))) / size,
    kinks: differences?.filter(({ kink }) => kink).length ?? 0,
    deviation,
  };
}

/** The worse of two reports of a line. */
function worse(a: LineReport, b: LineReport): LineReport {
  const most = (x: number | undefined, y: number | undefined) =>
    x === undefined || y === undefined ? x : Math.max(x, y);
  return {
    ...a,
    holds: a.holds && b.holds,
    errors: {
      tape: most(a.errors.tape, b.errors.tape),
      "finite differences": most(a.errors["finite differences"], b.errors["finite differences"]),
      "TensorFlow.js": most(a.errors["TensorFlow.js"], b.errors["TensorFlow.js"]),
    },
    fromLineBefore: most(a.fromLineBefore, b.fromLineBefore),
    kinks: Math.max(a.kinks, b.kinks),
    deviation: a.deviation ?? b.deviation,
  };
}
