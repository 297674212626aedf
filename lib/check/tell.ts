// Whether cases tell known mistakes apart, so that a learner is told the one that was made.
import { agree, withinOf } from "./compare.js";
import type { RandomStream } from "../random/index.js";
import { drawUntil, stream } from "./draw.js";
import type { Mistake } from "./judge.js";
import type { Plain } from "./plain.js";
import type { CaseProperty, Example } from "./question.js";

/** A judge of `judgeBy`, which publishes what each of its mistakes gives. */
type Judged = Required<Pick<CaseProperty, "publish">>;

/** A mistake that shows, and the name that it is called by. */
export interface Called {
  readonly mistake: string;
  readonly message: string;
  /** Its own name, or that of a mistake that gives the same. */
  readonly name: string;
}

/**
 * The mistakes of a judge that show on a property's cases, each with the name by which the first case calls it on which it shows: that ends the
 * property. Two mistakes count as the same where an answer that makes the second, and rounds, may come within the judge's bound of the first.
 *
 * @example
 * ```ts
 * const doubles = check.judgeBy((input) => 2 * input, [
 *   { mistake: "squares", message: "this is the square", gives: (input) => input ** 2 },
 *   { mistake: "adds-two", message: "this is the sum", gives: (input) => input + 2 },
 * ]);
 * // Of 2 all three give 4; of 1 they give 2, 1 and 3.
 * check.calledOn(doubles, [2]).length; // 0
 * check.calledOn(doubles, [2, 1]).map(({ name }) => name); // ["squares", "adds-two"]
 * ```
 */
export function calledOn({ publish }: Judged, cases: readonly Plain[]): readonly Called[] {
  const called = new Map<number, Called>();
  for (const input of cases) {
    for (const [place, found] of calledBy(publish(input))) {
      if (!called.has(place)) called.set(place, found);
    }
  }
  return [...called.values()];
}

/** The mistakes that show on one example, by their places in the judge's list. */
function calledBy({ right, slips = [], within }: Example): (readonly [number, Called])[] {
  const bound = 2 * withinOf(within, right);
  const seen = [...slips.entries()].filter(([, { gives }]) => !agree(gives, right, bound));
  return seen.map(([place, { mistake, message, gives }]) => {
    const [, first] = seen.find(([, other]) => agree(other.gives, gives, bound))!;
    return [place, { mistake, message, name: first.mistake }];
  });
}

/**
 * Whether cases tell the mistakes of a judge apart: all that are asked for show on them, and each that shows is called by its own name. It is
 * what `drawUntil` asks of cases among which one mistake may look like another.
 *
 * @param judged the judge whose mistakes they are
 * @param cases a property's cases, in their order, or one of them
 * @param shown the mistakes that must show; none unless said
 *
 * @example
 * ```ts
 * const doubles = check.judgeBy((input) => 2 * input, [
 *   { mistake: "triples", message: "this is three times as much", gives: (input) => 3 * input },
 *   { mistake: "adds-six", message: "this is six more", gives: (input) => input + 6 },
 * ]);
 * check.tells(doubles, [3]); // false
 * check.tells(doubles, [1, 3]); // true
 * ```
 */
export function tells<Case>(
  judged: Judged,
  cases: readonly Case[],
  shown: readonly Mistake<Case>[] = [],
): boolean {
  const called = calledOn(judged, cases as readonly Plain[]);
  return (
    called.every(({ mistake, name }) => mistake === name) &&
    shown.every((slip) =>
      called.some(({ mistake, message }) => mistake === slip.mistake && message === slip.message),
    )
  );
}

/**
 * Cases worked by hand, and behind them drawn ones on which no mistake shows that the worked ones do not show. The notebook holds what is right for
 * the worked ones, so a table of its numbers answers these; the drawn ones, which each learner has of their own, it does not. A wrong answer is worth
 * the same to everybody, whatever was drawn.
 *
 * @param judged the judge whose mistakes they are
 * @param draw the drawn ones, of the same kind as the worked ones
 * @throws Error where a thousand draws show a mistake that the worked cases hide
 *
 * @example
 * ```ts
 * const doubles = check.judgeBy((input) => 2 * input, [
 *   { mistake: "ignores-the-sign", message: "it is negative", gives: (input) => 2 * Math.abs(input) },
 * ]);
 * const from = check.stream(1, "doubles");
 * const cases = check.withDrawn(doubles, [1, 2], () => [from.integer(100) - 50]);
 * cases.slice(0, 2); // [1, 2]
 * cases[2] >= 0; // true
 * ```
 */
export function withDrawn<Case>(
  judged: Judged,
  worked: readonly Case[],
  draw: () => readonly Case[],
): readonly Case[] {
  const shown = (cases: readonly Case[]) => calledOn(judged, cases as readonly Plain[]).length;
  const shownByHand = shown(worked);
  return drawUntil(
    () => [...worked, ...draw()],
    (cases) => shown(cases) === shownByHand,
    "cases on which only mistakes show that the worked ones show",
  );
}

/**
 * Properties whose cases are worked by hand, each with drawn ones behind them (`withDrawn`) and the judge that can tell of any case what is right.
 *
 * @param byHand the properties of the notebook, such as `check.worked` makes
 * @param judged the judge of what is graded
 * @param draw the drawn cases, of the same kind as the worked ones, from a stream of the learner's own
 *
 * @example
 * ```ts
 * const judged = check.judgeBy((input: number) => 2 * input, []);
 * const byHand = [{ id: "small", title: "small numbers", points: 1, ...check.worked([{ input: 1, right: 2 }]) }];
 * const [small] = check.alsoDrawn<number>(byHand, judged, (draw) => [2 + draw.integer(100)]);
 * small.cases(7).length; // 2
 * ```
 */
export function alsoDrawn<Case>(
  byHand: readonly CaseProperty[],
  judged: Required<Pick<CaseProperty, "judge" | "publish">>,
  draw: (from: RandomStream, worked: readonly Case[]) => readonly Case[],
): readonly CaseProperty[] {
  return byHand.map((property) => ({
    ...property,
    cases(seed) {
      const worked = property.cases(seed) as readonly Case[];
      const from = stream(seed, `${property.id} by hand`);
      return withDrawn(judged, worked, () => draw(from, worked)) as readonly Plain[];
    },
    judge: judged.judge,
  }));
}
