// "Your turn": a part of a chapter that its reader writes, judged on the spot, with the chapter's own in its place until it passes.
import * as tf from "@tensorflow/tfjs-core";
import { show, type Displayable } from "../display/display.js";
import { integerWithin, numberWithin, onlyKnown } from "../options.js";
import type { RandomStream } from "../random/index.js";
import { compare, type CompareOptions } from "./compare.js";
import { stream } from "./draw.js";
import { examine, outputOf, reportWith, type Report } from "./examine.js";
import { given, plainOf } from "./given.js";
import type { Plain } from "./plain.js";
import { withBoundedPrints } from "./printed.js";
import { publicSeed } from "./published.js";
import { notWritten, type CaseProperty, type Finding, type Output } from "./question.js";

/** One thing that the reader's part must do: on random inputs it gives what another way of computing gives, or a law that must hold. */
export interface Trait<Answer, Case extends Plain> {
  /** Draws one input as plain data, from 0 on the `i`th. */
  readonly draw: (from: RandomStream, i: number) => Case;
  /** How many inputs are drawn; 3 unless said. */
  readonly times?: number;
  /** Calls the part and gives what is looked at: numbers, lists, tensors, or a promise of them. What it makes of tensors is disposed. */
  readonly see: (answer: Answer, input: Case) => unknown;
  /** What must be seen, by code that does not share the part's. */
  readonly right: (input: Case) => unknown;
  /** How far off a number may be, in its own unit; see `compare`. */
  readonly within?: number;
}

/** A trait of a turn, its title beside it. Made by {@link trait}. */
export interface TurnTrait<Answer> extends Trait<Answer, Plain> {
  readonly title: string;
}

/** A part that a reader writes. */
export interface Turn<Answer> {
  /** A right part, with which the chapter goes on where the reader wrote none. */
  readonly ours: Answer;
  /** What the part must do, the simplest first. */
  readonly traits: readonly TurnTrait<Answer>[];
  /** At least two parts that are wrong in ways that readers are, the likeliest first: an answer that gives what one of them gives is told so. */
  readonly wrong: readonly {
    readonly mistake: string;
    /** The mistake in one sentence that teaches. */
    readonly message: string;
    readonly answer: Answer;
  }[];
}

/**
 * What a part of a chapter must do, for a turn's list.
 *
 * @param title such as `it adds where a value was used twice`: readers see it
 *
 * @example
 * ```ts
 * const doubles = check.trait("it doubles", {
 *   draw: (from) => from.normal(),
 *   see: (double: (x: number) => number, x) => double(x),
 *   right: (x) => x + x,
 * });
 * doubles.title; // "it doubles"
 * ```
 */
export function trait<Answer, Case extends Plain>(
  title: string,
  options: Trait<Answer, Case>,
): TurnTrait<Answer> {
  onlyKnown("trait", options, ["draw", "times", "see", "right", "within"], ["draw", "see", "right"]);
  if (options.times !== undefined) integerWithin("trait: times", options.times, 1, 1000);
  if (options.within !== undefined) numberWithin("trait: within", options.within, 0, Infinity);
  return { ...(options as unknown as Trait<Answer, Plain>), title };
}

/**
 * Stands in a part that its reader has not written yet. It takes the part's parameters, which are unused until then.
 * @throws Error always, and the check takes it for an open question and not for a mistake
 *
 * @example
 * ```ts
 * const double = (x: number): number => check.unwritten(x);
 * ```
 */
export function unwritten(...parameters: readonly unknown[]): never {
  throw new Error(`not written yet: it takes ${parameters.length} parameters`);
}

/**
 * Judges a reader's part, shows the verdict below the cell, and gives the part with which the chapter goes on: the reader's where it has all
 * traits, else ours. So a notebook runs to its end untouched, and works with the reader's own code from the moment it is right.
 *
 * @example
 * ```ts
 * const turn: check.Turn<(x: number) => number> = {
 *   ours: (x) => 2 * x,
 *   traits: [
 *     check.trait("it doubles", {
 *       draw: (from) => from.normal(),
 *       see: (double, x) => double(x),
 *       right: (x) => x + x,
 *     }),
 *   ],
 *   wrong: [{ mistake: "squares", message: "this is the square", answer: (x) => x * x }],
 * };
 * const double = await check.yourTurn((x) => check.unwritten(x), turn);
 * double(21); // 42
 * ```
 */
export async function yourTurn<Answer>(mine: Answer, turn: Turn<Answer>): Promise<Answer> {
  const report = await judgeTurn(mine, turn);
  show(report);
  return report.passed ? mine : turn.ours;
}

/**
 * The verdict alone, without showing it. It never throws for a wrong part.
 *
 * @example
 * ```ts
 * const doubles = check.trait<(x: number) => number, number>("it doubles", {
 *   draw: (from) => from.normal(),
 *   see: (double, x) => double(x),
 *   right: (x) => x + x,
 * });
 * const turn = { ours: (x: number) => 2 * x, traits: [doubles], wrong: [] };
 * (await check.judgeTurn((x) => x + x, turn)).passed; // true
 * ```
 */
export async function judgeTurn<Answer>(mine: Answer, turn: Turn<Answer>): Promise<Report & Displayable> {
  onlyKnown("judgeTurn", turn, ["ours", "traits", "wrong"], ["ours", "traits", "wrong"]);
  const results = await withBoundedPrints(async () => {
    const found = [];
    for (const one of turn.traits) {
      found.push(await examine(propertyOf(one, turn), driveOf(one), { answer: mine }, publicSeed));
    }
    return found;
  });
  return reportWith(results, summaryOf);
}

/** Calls an answer, which stands under the name `answer`, as the trait says; its tensors are disposed. */
function driveOf<Answer>({ see }: TurnTrait<Answer>) {
  return (names: Readonly<Record<string, unknown>>, input: Plain): Promise<Plain> =>
    given(input, () => scoped(() => see(names["answer"] as Answer, input)));
}

/** What a call gives as plain data; the tensors that it makes are disposed. */
async function scoped(call: () => unknown): Promise<Plain> {
  tf.engine().startScope();
  try {
    return await plainOf(await call());
  } finally {
    tf.engine().endScope();
  }
}

function propertyOf<Answer>(one: TurnTrait<Answer>, { wrong }: Turn<Answer>): CaseProperty {
  const { title, draw, times = 3, right, within } = one;
  const drive = driveOf(one);
  /** What each wrong part gives on an input; one that throws gives nothing to compare with. */
  const slipsOn = async (input: Plain) => {
    const slips = [];
    for (const { mistake, message, answer } of wrong) {
      const output = await outputOf(drive, { answer }, input);
      if ("value" in output) slips.push({ mistake, message, gives: () => output.value });
    }
    return slips;
  };
  const judge = async (input: Plain, output: Output): Promise<Finding | undefined> => {
    const expected = await scoped(() => right(input));
    const options: CompareOptions = within === undefined ? {} : { within };
    const finding = compare(output, expected, options);
    // The wrong parts run only where something is wrong.
    if (!finding || finding.mistake === notWritten) return finding;
    return compare(output, expected, { ...options, slips: await slipsOn(input) });
  };
  const cases = (seed: number): Plain[] => {
    const from = stream(seed, title);
    return Array.from({ length: times }, (_, i) => draw(from, i));
  };
  return { id: title, title, points: 1, cases, judge };
}

function summaryOf(failed: number, waiting: number, all: number): string {
  if (failed + waiting === 0) return "It holds. From here on the chapter works with yours.";
  if (waiting === all)
    return "Not written yet, so the chapter goes on with ours. Write yours, then run this cell again.";
  return "Not yet, so the chapter goes on with ours. Change yours, then run this cell again.";
}
