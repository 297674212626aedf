// Gates as data: what an architecture's options and a weight file call them.
import { constantGate, exclusiveGate, shortcutOnlyGate, type GateFactory } from "./gate.js";
import { integerWithin, numberWithin, oneOf, onlyKnown, shown } from "./options.js";
import { ownPart, type Named } from "./parts.js";
import { dropoutShortcutGate, stochasticDepthGate } from "./dropout.js";
import { squeezeExcitation } from "./squeeze-excitation.js";

/** A gate by name, with its numbers; JSON. */
export type GateSpec =
  /** Factors on h(x) and on F(x). */
  | { readonly kind: "constant"; readonly shortcut: number; readonly residual: number }
  /** Exclusive gating; b_g starts at `bias`. */
  | { readonly kind: "exclusive"; readonly bias: number }
  /** Shortcut-only gating; b_g starts at `bias`. */
  | { readonly kind: "shortcutOnly"; readonly bias: number }
  /** Squeeze and excitation with channels / reduction numbers in between; 16 in the paper. */
  | { readonly kind: "squeezeExcitation"; readonly reduction: number }
  /** Dropout of the shortcut's output with this probability. */
  | { readonly kind: "dropoutShortcut"; readonly rate: number }
  /** Stochastic depth; the last unit's residual survives with probability `lastSurvival`, 0.5 in the paper. */
  | { readonly kind: "stochasticDepth"; readonly lastSurvival: number };

/** What makes a gate of checked numbers, and how the network's name calls it. */
interface Kind {
  readonly options: readonly string[];
  readonly make: (numbers: Readonly<Record<string, number>>) => GateFactory;
  readonly title: (numbers: Readonly<Record<string, number>>) => string;
}

const kinds: Readonly<Record<GateSpec["kind"], Kind>> = {
  constant: {
    options: ["shortcut", "residual"],
    make:
      ({ shortcut, residual }) =>
      () =>
        constantGate(shortcut!, residual!),
    title: ({ shortcut, residual }) => `${shortcut!} h + ${residual!} F`,
  },
  exclusive: {
    options: ["bias"],
    make:
      ({ bias }) =>
      ({ change }) =>
        exclusiveGate(change, { bias: bias! }),
    title: ({ bias }) => `exclusive gates from ${bias!}`,
  },
  shortcutOnly: {
    options: ["bias"],
    make:
      ({ bias }) =>
      ({ change }) =>
        shortcutOnlyGate(change, { bias: bias! }),
    title: ({ bias }) => `shortcut-only gates from ${bias!}`,
  },
  squeezeExcitation: {
    options: ["reduction"],
    make:
      ({ reduction }) =>
      ({ change }) =>
        squeezeExcitation(change.outChannels, integerWithin("gate.reduction", reduction, 1, 4096)),
    title: ({ reduction }) => `squeeze and excitation by ${reduction!}`,
  },
  dropoutShortcut: {
    options: ["rate"],
    make:
      ({ rate }) =>
      () =>
        dropoutShortcutGate(numberWithin("gate.rate", rate, 0, 1)),
    title: ({ rate }) => `dropout ${rate!} of shortcuts`,
  },
  stochasticDepth: {
    options: ["lastSurvival"],
    make:
      ({ lastSurvival }) =>
      (place) =>
        stochasticDepthGate(place, numberWithin("gate.lastSurvival", lastSurvival, 0, 1)),
    title: ({ lastSurvival }) => `stochastic depth to ${lastSurvival!}`,
  },
};

/** A gate as its option gives it: its part, what a spec stores, and its words in a title. */
export interface ResolvedGate {
  readonly part: GateFactory | undefined;
  /** Fields of the spec's options; none without a gate, so that weight files from before there were gates still fit. */
  readonly spec: { readonly gate?: GateSpec | string };
  readonly title: string;
}

/**
 * The gate that a spec describes, or the caller's own, which a file cannot bring back.
 * @throws RangeError naming the rule that it breaks.
 */
export function resolveGate(choice: GateSpec | GateFactory | Named<GateFactory> | undefined): ResolvedGate {
  if (choice === undefined) return { part: undefined, spec: {}, title: "" };
  if (typeof choice === "function" || (isObject(choice) && "part" in choice)) {
    const { name, part } = ownPart<GateFactory>("gate", choice);
    if (typeof part !== "function")
      throw new RangeError(`a gate of your own must be a function; got ${shown(part)}`);
    return { part, spec: { gate: name }, title: `${name} gates` };
  }
  if (!isObject(choice)) {
    throw new RangeError(`gate must be { kind, ... }; got ${shown(choice)}`);
  }
  const kind = oneOf("gate.kind", (choice as GateSpec).kind, Object.keys(kinds) as GateSpec["kind"][]);
  const { options, make, title } = kinds[kind];
  onlyKnown(`gate ${kind}`, choice, ["kind", ...options]);
  const given = choice as unknown as Record<string, unknown>;
  const numbers = Object.fromEntries(
    options.map((option) => [option, numberWithin(`gate.${option}`, given[option], -100, 4096)]),
  );
  return { part: make(numbers), spec: { gate: { kind, ...numbers } as GateSpec }, title: title(numbers) };
}

/** Whether a value, which may come from a file, is an object and no list. */
function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
