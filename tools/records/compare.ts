// Two records of one run: whether they have the same bits, whether they should have, and else whether they differ as seeds do.
import { analysis, type train } from "residual";
import { studentQuantile } from "../../lib/analysis/student";
import { canonicalJson } from "../../lib/files/canonical-json";

/** What a replay shows. */
export interface Comparison {
  /** `same`: bit for bit. `like another seed`: other bits, where the machine or the code explains them, and errors as close as two seeds' are. */
  readonly outcome: "same" | "like another seed" | "different" | "undecided";
  readonly because: string;
}

/**
 * Compares a run that was trained again with its record.
 *
 * @param others errors in percent of other seeds' records of the same configuration: by their scatter it is judged where bits may differ
 */
export function compareRuns(
  recorded: train.RunRecord,
  again: train.RunRecord,
  others: readonly train.RunRecord[],
): Comparison {
  const place = firstDifference(recorded, again);
  if (place === undefined)
    return { outcome: "same", because: "every update's loss, both splits' metrics, every test image and all weights are the same bits" }; // prettier-ignore
  if (areOther(recorded.data, again.data))
    return { outcome: "different", because: "the images are other ones: compare the two records' data" };
  const reasons = whatDiffers(recorded, again);
  if (reasons.length === 0)
    return { outcome: "different", because: `${place} differs, though processor, engine and build are the same: the record was changed, or something is not seeded` }; // prettier-ignore
  const explained = `${place} differs, which may be so since ${reasons.join(" and ")} ${reasons.length > 1 ? "are others" : "is another"}`;
  const errors = [recorded, ...others].map(testError);
  const difference = Math.abs(testError(recorded) - testError(again));
  if (errors.length < 3)
    return { outcome: "undecided", because: `${explained}; the test errors are ${difference.toFixed(2)} points apart, and it takes 3 seeds to say whether that is much` }; // prettier-ignore
  const { deviation, count } = analysis.meanInterval(errors);
  const bound = studentQuantile(0.95, count - 1) * deviation * Math.SQRT2;
  const measured = `the test errors are ${difference.toFixed(2)} points apart, where two seeds are less than ${bound.toFixed(2)} in 95 % of cases`;
  return { outcome: difference <= bound ? "like another seed" : "different", because: `${explained}; ${measured}` }; // prettier-ignore
}

const testError = ({ metrics }: train.RunRecord): number => 100 * (1 - metrics.test.accuracy);

function firstDifference(a: train.RunRecord, b: train.RunRecord): string | undefined {
  const places: [string, (record: train.RunRecord) => unknown][] = [
    ["the loss of some update", ({ curves }) => curves.updates],
    ["an epoch's mean", ({ curves }) => curves.epochs],
    ["the weights", ({ checkpoint }) => checkpoint.weights],
    ["a metric", ({ metrics }) => metrics],
    ["a test image's class", ({ testCorrect }) => testCorrect],
  ];
  return places.find(([, of]) => areOther(of(a), of(b)))?.[0];
}

/** Whether two values differ, in whatever order their keys stand: a record from a file has them sorted. */
const areOther = (a: unknown, b: unknown): boolean => canonicalJson(a) !== canonicalJson(b);

/** What may change bits and is not the same in all sessions of both. */
function whatDiffers(a: train.RunRecord, b: train.RunRecord): readonly string[] {
  const sessions = [...a.sessions, ...b.sessions];
  const aspects: [string, (session: train.RunRecord["sessions"][number]) => unknown][] = [
    ["the processor", ({ machine: { processor, architecture, instructions, system } }) => [processor, architecture, instructions, system]], // prettier-ignore
    ["the engine", ({ engine }) => engine],
    ["the build of the library", ({ code }) => code.built],
  ];
  return aspects.filter(([, of]) => new Set(sessions.map((one) => canonicalJson(of(one)))).size > 1).map(([name]) => name); // prettier-ignore
}
