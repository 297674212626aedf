// Compares gradients with finite differences, element by element or along one direction, and says where a function has a kink.
import { numberWithin, oneOf, onlyKnown, seedWithin } from "../options.js";
import { randomStream } from "../random/index.js";
import { jupyterDisplay, type Displayable } from "../display/display.js";
import { table } from "../display/table.js";
import { backward, requireScalar, trace, type BackwardOptions, type Program } from "./gradient.js";
import { full, indexOf, shapeText, type NdArray, type Operand, type Shape } from "./nd-array.js";
import { slopeOf, type Sample, type Slope, type SlopeOptions } from "./slope.js";

/** How a gradient is checked. */
export interface CheckOptions extends BackwardOptions {
  /** `full`: each element. `directional`: one random direction through all inputs at once. Default: `full`. */
  readonly along?: "full" | "directional";
  /** The relative error that still counts as agreement. Default: 1e-6 in float64, 2e-3 in float32. */
  readonly tolerance?: number;
  /** The inputs' names. Default: `input 1`, … */
  readonly names?: readonly string[];
  /** Of the random direction. Default: 1. */
  readonly seed?: number;
}

/** Those that every check of a gradient has, by name. */
export const checkOptions = ["along", "tolerance", "names", "seed"] as const;

/** The element of an input in which the two values differ most. */
export interface Worst {
  readonly index: readonly number[];
  readonly gradient: number;
  readonly differences: number;
  readonly relativeError: number;
  /** What the difference quotient may be off by. */
  readonly error: number;
}

/** An element at which the function has a kink, so that it has no derivative. */
export interface Kink {
  readonly index: readonly number[];
  readonly left: number;
  readonly right: number;
  /** What the gradient says there; between the two slopes it is a subgradient. */
  readonly gradient: number;
}

/**
 * What was found of one input. `agrees`: every element to the tolerance, or at a kink between the two slopes. `unsure`: some element is
 * farther off than that, or may be, and the difference quotient's own error explains it, so finite differences cannot tell here.
 */
export interface InputReport {
  readonly name: string;
  readonly elements: number;
  readonly verdict: "agrees" | "differs" | "unsure";
  /** Undefined where every element is a kink. */
  readonly worst: Worst | undefined;
  readonly kinks: readonly Kink[];
}

/** What was found of all inputs; shows itself as a table. */
export interface GradientReport extends Displayable {
  /** Whether every input agrees. */
  readonly agrees: boolean;
  readonly inputs: readonly InputReport[];
  readonly text: string;
}

/** How the numbers of a kind are compared. */
export interface Precision extends Pick<SlopeOptions, "halvings" | "rounding" | "goal"> {
  readonly step: number;
  readonly tolerance: number;
}

const float64: Precision = { step: 1e-2, halvings: 13, rounding: 2 ** -52, goal: 1e-9, tolerance: 1e-6 };

/** One input: where it stands, its gradient, and its name. */
export interface Checked {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * Checks a program's gradients by the tape against central differences in float64.
 *
 * @example
 * ```ts
 * autodiff.checkGradient((x) => autodiff.sum(autodiff.multiply(x, x)), [autodiff.array([1, 2])]).agrees; // true
 * ```
 *
 * @param program gives one number
 */
export function checkGradient(
  program: Program,
  inputs: readonly Operand[],
  options: CheckOptions = {},
): GradientReport {
  onlyKnown("checkGradient", options, [...checkOptions, "rules"]);
  const { rules, names = inputs.map((_, i) => `input ${i + 1}`) } = options;
  const traced = trace(program, inputs, names);
  requireScalar(traced.output);
  const gradients = backward(traced.output, full(traced.output.shape, 1), rules && { rules });
  const checked = traced.inputs.map((input, i) => ({
    name: names[i] ?? `input ${i + 1}`,
    shape: input.shape,
    data: input.data,
    gradient: (gradients.get(input) ?? full(input.shape, 0)).data,
  }));
  const steps = compare(checked, options, float64, Math.abs(traced.output.item()));
  let asked = steps.next();
  while (!asked.done) {
    const arrays = asked.value.map((data, i): NdArray => ({ shape: checked[i]!.shape, data }));
    asked = steps.next(trace(program, arrays).output.item());
  }
  return asked.value;
}

/**
 * The comparison itself: `yield`s the inputs at which it needs the function's value, gets the value, and returns the report. So the
 * same comparison serves functions that answer at once and those that answer later.
 */
export function* compare(
  inputs: readonly Checked[],
  options: CheckOptions,
  precision: Precision,
  magnitude: number,
): Generator<readonly Float64Array[], GradientReport, number> {
  const along = oneOf("along", options.along ?? "full", ["full", "directional"]);
  const tolerance = numberWithin("tolerance", options.tolerance ?? precision.tolerance, 0, Infinity);
  const seed = seedWithin("seed", options.seed ?? 1);
  const reports: InputReport[] = [];
  if (along === "directional") {
    const random = randomStream(seed, "direction");
    const direction = inputs.map(({ data }) => data.map(() => random.normal()));
    const slope = yield* slopeAlong(inputs, direction, precision, magnitude);
    const gradient = inputs.reduce((sum, input, i) => sum + dot(input.gradient, direction[i]!), 0);
    const size = inputs.reduce((sum, input) => sum + dot(input.gradient, input.gradient), 0);
    const floor = Math.sqrt(size) * 1e-3;
    reports.push(judge("one random direction", [], [slope], Float64Array.of(gradient), tolerance, floor));
  } else {
    for (const [i, { name, shape, data, gradient }] of inputs.entries()) {
      const slopes: Slope[] = [];
      for (let flat = 0; flat < data.length; flat++) {
        const direction = inputs.map((input) => new Float64Array(input.data.length));
        direction[i]![flat] = 1;
        slopes.push(yield* slopeAlong(inputs, direction, precision, magnitude));
      }
      const largest = slopes.reduce((most, { value }) => Math.max(most, Math.abs(value) || 0), 0);
      reports.push(judge(name, shape, slopes, gradient, tolerance, 1e-3 * largest));
    }
  }
  return reportOf(reports);
}

/** The slope along a direction, in samples of the function. */
function* slopeAlong(
  inputs: readonly Checked[],
  direction: readonly Float64Array[],
  precision: Precision,
  magnitude: number,
): Generator<readonly Float64Array[], Slope, number> {
  const round = precision.rounding > 2 ** -30 ? Math.fround : (value: number) => value;
  const length = direction.reduce((sum, part) => sum + dot(part, part), 0);
  // The step is relative to the inputs that move.
  const size = Math.sqrt(
    inputs.reduce(
      (sum, { data }, i) => sum + data.reduce((s, x, j) => s + (x * direction[i]![j]!) ** 2, 0),
      0,
    ) / length,
  );
  const asking = slopeOf({
    ...precision,
    step: (precision.step * Math.max(1, size)) / Math.sqrt(length),
    magnitude,
  });
  let asked = asking.next();
  while (!asked.done) {
    const at = asked.value;
    const moved = inputs.map(({ data }, i) => data.map((x, j) => round(x + at * direction[i]![j]!)));
    // What rounding made of the step, along the direction.
    const really = inputs.reduce(
      (sum, { data }, i) => sum + data.reduce((s, x, j) => s + (moved[i]![j]! - x) * direction[i]![j]!, 0),
      0,
    );
    const sample: Sample = { at: really / length, value: yield moved };
    asked = asking.next(sample);
  }
  return asked.value;
}

/** Puts an input's gradients beside its slopes. `floor` is the size below which a difference is measured against it. */
function judge(
  name: string,
  shape: Shape,
  slopes: readonly Slope[],
  gradient: Float64Array,
  tolerance: number,
  floor: number,
): InputReport {
  const kinks: Kink[] = [];
  let worst: Worst | undefined;
  let verdict: InputReport["verdict"] = "agrees";
  slopes.forEach(({ value, error, kink }, flat) => {
    const index = indexOf(flat, shape);
    const given = gradient[flat]!;
    const size = Math.max(Math.abs(value), Math.abs(given), floor, Number.MIN_VALUE);
    if (kink) {
      kinks.push({ index, ...kink, gradient: given });
      const [low, high] = [Math.min(kink.left, kink.right), Math.max(kink.left, kink.right)];
      const slack = 1e-3 * Math.max(Math.abs(low), Math.abs(high));
      if (given >= low - slack && given <= high + slack) return;
    }
    const relativeError = Math.abs(value - given) / size;
    if (!worst || !(relativeError <= worst.relativeError)) {
      worst = { index, gradient: given, differences: value, relativeError, error };
    }
    if (relativeError <= tolerance && error <= 10 * tolerance * size) return;
    // A difference that the error explains says nothing, and neither does an agreement within a large error: both are unsure.
    const explained = !kink && Math.abs(value - given) <= 3 * error;
    if (!explained) verdict = "differs";
    else if (verdict === "agrees") verdict = "unsure";
  });
  return { name, elements: slopes.length, verdict, worst, kinks };
}

function reportOf(inputs: readonly InputReport[]): GradientReport {
  const rows = inputs.map(({ name, elements, verdict, worst, kinks }) => ({
    input: name,
    elements,
    verdict,
    "worst at": worst ? shapeText(worst.index) : "–",
    gradient: worst?.gradient,
    differences: worst?.differences,
    "relative error": worst?.relativeError,
    kinks:
      kinks.length === 0
        ? "none"
        : kinks.slice(0, 3).map(kinkText).join("; ") + (kinks.length > 3 ? "; …" : ""),
  }));
  const exact = (value: number) => value.toPrecision(8);
  const shown = table(rows, {
    columns: [
      "input",
      "elements",
      "verdict",
      "worst at",
      { key: "gradient", format: exact },
      { key: "differences", format: exact },
      { key: "relative error", format: (value) => value.toExponential(1) },
      "kinks",
    ],
  });
  return {
    agrees: inputs.every(({ verdict }) => verdict === "agrees"),
    inputs,
    text: shown.text,
    [jupyterDisplay]: () => shown[jupyterDisplay](),
  };
}

const kinkText = ({ index, left, right, gradient }: Kink): string =>
  `${shapeText(index)}: slopes ${left.toPrecision(4)} and ${right.toPrecision(4)}, gradient ${gradient.toPrecision(4)}`;

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
