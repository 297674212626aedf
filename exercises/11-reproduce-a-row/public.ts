// What the notebook checks of a record, and the grader too: that it is whole, consistent and hides nothing.
import { analysis, check } from "residual";

interface Run {
  readonly seed: number;
  readonly testErrors: readonly number[];
  readonly result: number;
  readonly hours: number;
}

/** A record whose form was checked. */
interface ReproductionRecord {
  readonly row: { readonly depth: number; readonly error: number };
  readonly setting: {
    readonly dataset: string;
    readonly trainingImages: number;
    readonly testImages: number;
    readonly batch: number;
    readonly steps: number;
    readonly augmentation: string;
  };
  readonly differences: readonly string[];
  readonly plan: { readonly seeds: readonly number[]; readonly hours: number };
  readonly runs: readonly Run[];
  readonly summary: {
    readonly mean: number;
    readonly deviation: number;
    readonly lower: number;
    readonly upper: number;
  };
  readonly verdict: string;
}

/** Table 6 of the ResNet paper: test errors in percent. */
const table6: Readonly<Record<number, readonly number[]>> = {
  20: [8.75], 32: [7.51], 44: [7.17], 56: [6.97], 110: [6.43, 6.61], 1202: [7.93],
}; // prettier-ignore

/** What each field must be. */
const form = {
  row: { depth: "number", error: "number" },
  setting: {
    dataset: "string", trainingImages: "number", testImages: "number", batch: "number", steps: "number", augmentation: "string",
  },
  plan: { hours: "number" },
  summary: { mean: "number", deviation: "number", lower: "number", upper: "number" },
} as const; // prettier-ignore

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isFinite = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** The first field that is missing or of another kind. */
function malformed(value: check.Plain): string | undefined {
  if (!isObject(value)) return "the record itself";
  for (const [part, fields] of Object.entries(form)) {
    const own = value[part];
    if (!isObject(own)) return part;
    for (const [field, kind] of Object.entries(fields)) {
      const fits = kind === "number" ? isFinite(own[field]) : typeof own[field] === kind;
      if (!fits) return `${part}.${field}`;
    }
  }
  const { differences, plan, runs, verdict } = value;
  if (!Array.isArray(differences) || !differences.every((text) => typeof text === "string"))
    return "differences";
  if (!check.isNumbers((plan as Readonly<Record<string, unknown>>)["seeds"])) return "plan.seeds";
  if (!Array.isArray(runs)) return "runs";
  const at = (runs as readonly unknown[]).findIndex(
    (run) =>
      !isObject(run) ||
      ![run["seed"], run["result"], run["hours"]].every(isFinite) ||
      !check.isNumbers(run["testErrors"]) ||
      run["testErrors"].length === 0,
  );
  if (at >= 0) return `runs[${at}]`;
  return typeof verdict === "string" ? undefined : "verdict";
}

/** A property of a record that has its form. */
function property(
  id: string,
  title: string,
  points: number,
  judge: (record: ReproductionRecord) => check.Finding | undefined,
): check.CaseProperty {
  return {
    id,
    title,
    points,
    cases: () => [null],
    judge(_, output) {
      if ("error" in output) return check.compare(output, null);
      const field = malformed(output.value);
      if (field === undefined) return judge(output.value as unknown as ReproductionRecord);
      return {
        mistake: "wrong-kind",
        message: `the record is not whole: ${field} is missing or of another kind`,
      };
    },
  };
}

const close = (a: number, b: number, by: number) => Math.abs(a - b) <= by;
const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;
const results = ({ runs }: ReproductionRecord) => runs.map(({ result }) => result);

function judgeRow({ row: { depth, error } }: ReproductionRecord): check.Finding | undefined {
  const printed = Object.hasOwn(table6, depth) ? table6[depth]! : [];
  if (printed.includes(error)) return undefined;
  return {
    mistake: "misquotes-the-table",
    message: `Table 6 has no ResNet-${depth} with ${error} %`,
    detail: `the depths in it are ${Object.keys(table6).join(", ")}`,
  };
}

function judgeSeeds({ plan, runs }: ReproductionRecord): check.Finding | undefined {
  const seeds = runs.map(({ seed }) => seed);
  if (runs.length < 3) {
    return {
      mistake: "too-few-runs",
      message: `${runs.length} runs say next to nothing of how far runs stray: three are the least`,
    };
  }
  const odd = [...seeds, ...plan.seeds].find((seed) => !Number.isSafeInteger(seed));
  if (odd !== undefined) {
    return { mistake: "impossible-seed", message: `a seed is a whole number; got ${odd}` };
  }
  if (new Set(seeds).size < seeds.length) {
    return { mistake: "reuses-a-seed", message: "two runs have one seed: they are one run, done twice" };
  }
  const curves = runs.map(({ testErrors }) => testErrors.join());
  if (runs[0]!.testErrors.length > 1 && new Set(curves).size < curves.length) {
    return {
      mistake: "copies-a-run",
      message:
        "two runs with different seeds have the same errors at every evaluation: one is a copy of the other",
    };
  }
  if ([...plan.seeds].sort().join() !== [...seeds].sort().join()) {
    return {
      mistake: "leaves-runs-out",
      message:
        "the runs' seeds are not those that were planned: a run that is left out needs a reason, and one that came later is a choice made after looking",
      detail: `planned ${check.show(plan.seeds)}, run ${check.show(seeds)}`,
    };
  }
  return undefined;
}

function judgeErrors({ setting, runs }: ReproductionRecord): check.Finding | undefined {
  const { testImages } = setting;
  if (!isCount(testImages)) {
    return {
      mistake: "impossible-setting",
      message: `errors are shares of the test images, a whole number of them and more than 0; got ${testImages}`,
    };
  }
  const images = (error: number) => (error * testImages) / 100;
  // An error may come from an accuracy in float32, which is off by a share of all images.
  const within = Math.max(1e-3, testImages * 2 ** -22);
  for (const { seed, testErrors, result } of runs) {
    const odd = [...testErrors, result].find(
      (error) => !(error >= 0 && error <= 100 && close(images(error), Math.round(images(error)), within)),
    );
    if (odd !== undefined) {
      return {
        mistake: "impossible-error",
        message: `seed ${seed}: ${odd} % of ${testImages} images is no whole number of images`,
      };
    }
    const last = testErrors.at(-1)!;
    // The same number of images: one of the two may have been rounded.
    if (Math.round(images(result)) !== Math.round(images(last))) {
      return close(images(result), images(Math.min(...testErrors)), 0.5)
        ? {
            mistake: "chooses-by-test-error",
            message: `seed ${seed}: the result is the lowest of the run's test errors. It was found by looking at the test set; the result is the error after the last step`,
          }
        : {
            mistake: "result-is-not-the-last",
            message: `seed ${seed}: the result is not the last test error`,
          };
    }
  }
  return undefined;
}

function judgeSummary(record: ReproductionRecord): check.Finding | undefined {
  if (record.runs.length < 2) {
    return {
      mistake: "too-few-runs",
      message: "a spread needs two runs at least, and three to mean something",
    };
  }
  const { mean, deviation, lower, upper } = analysis.meanInterval(results(record));
  const { summary } = record;
  const n = record.runs.length;
  const rounded = 0.006;
  if (!close(summary.mean, mean, rounded)) {
    return close(summary.mean, Math.min(...results(record)), 1e-9)
      ? { mistake: "reports-the-best-run", message: "the mean is the best run's result: report them all" }
      : { mistake: "wrong-mean", message: "the mean is not that of the runs' results" };
  }
  if (!close(summary.deviation, deviation, rounded)) {
    return close(summary.deviation, deviation * Math.sqrt((n - 1) / n), rounded)
      ? {
          mistake: "divides-by-n",
          message: "the standard deviation divides by n: from a few runs it is n - 1",
        }
      : { mistake: "wrong-deviation", message: "the standard deviation is not that of the runs' results" };
  }
  if (close(summary.lower, lower, rounded) && close(summary.upper, upper, rounded)) return undefined;
  const half = summary.upper - summary.mean;
  if (close(half, deviation, rounded)) {
    return {
      mistake: "interval-of-one-deviation",
      message: "the interval is mean ± one standard deviation: it should be the 95 % interval of the mean",
    };
  }
  return close(half, (1.96 * deviation) / Math.sqrt(n), rounded)
    ? {
        mistake: "takes-the-normal-quantile",
        message: "the interval uses 1.96: with a few runs the quantile is Student's, which is larger",
      }
    : { mistake: "wrong-interval", message: "the interval is not the 95 % interval of the mean" };
}

/** How far a mean may lie from a row's error and count as the same, in points: the margins of the project's own claims. */
const margins: Readonly<Record<number, number>> = {
  20: 0.5, 32: 0.27, 44: 0.27, 56: 0.27, 110: 0.18, 1202: 0.5,
}; // prettier-ignore

/** The verdict of chapter 11's rule, and the words that give its reason. */
function decided(record: ReproductionRecord): readonly [verdict: string, why: string] {
  const { depth, error } = record.row;
  const margin = margins[depth] ?? 0.5;
  const { mean, deviation, count, lower, upper, isEquivalent } = analysis.equivalence(results(record), {
    to: error,
    margin,
  });
  const within = `within ${check.show(margin)} of ${check.show(error)}`;
  const interval = `the 90 % interval of the mean, ${check.show(lower)} to ${check.show(upper)},`;
  if (isEquivalent) return ["reproduced", `${interval} lies ${within}`];
  // Half of the 95 % interval in standard errors is Student's t; the row is one run, which scatters as these do.
  const ours = analysis.meanInterval(results(record));
  const t = ((ours.upper - mean) * Math.sqrt(count)) / deviation;
  const isExplained = Math.abs(mean - error) <= t * deviation * Math.sqrt(1 / count + 1);
  return isExplained
    ? ["undecided", `${interval} does not lie ${within}, and the scatter of single runs explains the difference`]
    : ["not reproduced", `${interval} does not lie ${within}, and the difference is more than the scatter of single runs explains`]; // prettier-ignore
}

function judgeVerdict(record: ReproductionRecord): check.Finding | undefined {
  if (record.runs.length < 2) return undefined; // the summary says so
  const [right, why] = decided(record);
  const { verdict } = record;
  if (verdict === right) return undefined;
  const message = `the verdict says "${verdict.slice(0, 40)}", but ${why}: ${right}`;
  return right === "undecided"
    ? { mistake: "decides-the-undecided", message }
    : { mistake: "verdict-against-the-interval", message };
}

/** Whether a sentence has one of the words, or one of the numbers, written 64000 or 64,000. */
const saying =
  (words: RegExp, ...numbers: readonly number[]) =>
  (text: string): boolean =>
    words.test(text) ||
    [...text.matchAll(/\d+(?:[,_ ']\d{3})*/g)].some(([digits]) =>
      numbers.includes(Number(digits.replace(/\D/g, ""))),
    );

/** A way in which a setting is not the paper's, and how a sentence is known to say so. */
interface Departure {
  readonly mistake: "hides-a-difference" | "hides-a-smaller-data-set";
  readonly what: string;
  readonly said: (text: string) => boolean;
}

/** How a setting differs from the paper's. */
function departures({ setting }: ReproductionRecord): readonly Departure[] {
  const { dataset, trainingImages, testImages, steps, batch, augmentation } = setting;
  const paperData = /^cifar[-_ ]?10(?!\d)/i.test(dataset.trim());
  const cropsAndFlips =
    /crop/i.test(augmentation) &&
    /flip|mirror/i.test(augmentation) &&
    !/\b(no|not|without|neither|nor)\s+(\w+\s+)?(crop|flip|mirror)/i.test(augmentation);
  const name = dataset.trim().split(/[ ,;:(]/)[0]!;
  const data = /data|image|picture|photo|cifar|set\b/i;
  const all: readonly (Departure & { readonly differs: boolean })[] = [
    {
      differs: !paperData,
      mistake: "hides-a-difference",
      what: "the data",
      said: (text) => data.test(text) || text.toLowerCase().includes(name.toLowerCase()),
    },
    {
      differs: paperData && ![45_000, 50_000].includes(trainingImages),
      mistake: "hides-a-smaller-data-set",
      what: "the number of training images",
      said: saying(/train|data|subset|split/i, trainingImages),
    },
    {
      differs: paperData && testImages !== 10_000,
      mistake: "hides-a-smaller-data-set",
      what: "the number of test images",
      said: saying(/test|data|subset|split/i, testImages),
    },
    {
      differs: steps !== 64_000,
      mistake: "hides-a-difference",
      what: "the number of steps",
      said: saying(/step|iteration|update|epoch|short/i, steps, 64_000),
    },
    {
      differs: batch !== 128,
      mistake: "hides-a-difference",
      what: "the batch",
      said: saying(/batch/i, batch, 128),
    },
    {
      differs: !cropsAndFlips,
      mistake: "hides-a-difference",
      what: "the augmentation",
      said: saying(/augment|crop|flip|mirror|translat|shift|reflect/i),
    },
  ];
  return all.filter(({ differs }) => differs);
}

function judgeDifferences(record: ReproductionRecord): check.Finding | undefined {
  const { setting, differences } = record;
  if ([setting.dataset, setting.augmentation].some((text) => text.trim() === "")) {
    return {
      mistake: "leaves-the-setting-empty",
      message: 'the setting must name its data and its augmentation, "none" where there is none',
    };
  }
  const odd = (["trainingImages", "testImages", "batch", "steps"] as const).find(
    (name) => !isCount(setting[name]),
  );
  if (odd !== undefined) {
    return {
      mistake: "impossible-setting",
      message: `a setting's numbers must be whole and more than 0; got ${setting[odd]} for ${odd}`,
    };
  }
  const hidden = departures(record).find(({ said }) => !differences.some(said));
  return (
    hidden && {
      mistake: hidden.mistake,
      message: `${hidden.what} is not the paper's, and no sentence of differences says so`,
    }
  );
}

function judgePlan({ plan, runs }: ReproductionRecord): check.Finding | undefined {
  const used = runs.reduce((sum, { hours }) => sum + hours, 0);
  if (plan.hours > 0 && runs.every(({ hours }) => hours > 0)) {
    return used <= plan.hours * 1.1
      ? undefined
      : {
          mistake: "overruns-the-budget",
          message: `the runs took ${check.show(used)} hours and the plan has ${plan.hours}: plan again, or say so by a plan that holds`,
        };
  }
  return { mistake: "no-budget", message: "the plan needs its hours, and each run the hours that it took" };
}

/** The properties. */
export const properties: readonly check.CaseProperty[] = [
  property("row", "it names a row of Table 6 as the paper has it", 1, judgeRow),
  property(
    "seeds",
    "it has at least three runs, those that were planned, each with a seed of its own",
    3,
    judgeSeeds,
  ),
  property(
    "errors",
    "every error is possible, and each result is the one after the last step",
    3,
    judgeErrors,
  ),
  property("summary", "mean, deviation and interval follow from the runs", 3, judgeSummary),
  property("verdict", "the verdict follows from the interval", 1, judgeVerdict),
  property("differences", "it says how its setting differs from the paper's", 2, judgeDifferences),
  property("plan", "the runs kept to the planned hours", 1, judgePlan),
];
