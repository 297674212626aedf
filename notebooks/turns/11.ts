// Chapter 11's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { analysis, check, type train } from "residual";

function agrees(values: readonly number[], to: number, margin: number, t: number): boolean {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = t * Math.sqrt(variance / n);
  return mean - half > to - margin && mean + half < to + margin;
}

type Law = { readonly mean: number; readonly deviation: number };

function powerOf(
  seeds: number,
  { mean, deviation }: Law,
  holds: (values: number[]) => boolean,
  normal: () => number,
): number {
  const experiments = 4000;
  let found = 0;
  for (let k = 0; k < experiments; k++) {
    const values = Array.from({ length: seeds }, () => mean + deviation * normal());
    if (holds(values)) found++;
  }
  return found / experiments;
}

type Measured = { readonly seed: number; readonly error: number };
type Status = "reproduced" | "not reproduced" | "within noise" | "not run";

function pairedVerdict(
  more: readonly Measured[],
  less: readonly Measured[],
  planned: readonly number[],
  t: number,
): Status {
  const errorOf = (runs: readonly Measured[], seed: number) => runs.find((run) => run.seed === seed)?.error;
  const pairs = planned.map((seed) => [errorOf(more, seed), errorOf(less, seed)]);
  if (pairs.flat().includes(undefined)) return "not run";
  const differences = pairs.map(([one, other]) => one! - other!);
  const n = differences.length;
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  const half = t * Math.sqrt(variance / n);
  if (mean - half > 0) return "reproduced";
  return mean + half < 0 ? "not reproduced" : "within noise";
}

type Outcome = Pick<train.RunRecord, "curves" | "metrics" | "testCorrect" | "checkpoint" | "sha256">;

function sameRun(recorded: Outcome, again: Outcome): boolean {
  return (
    recorded.curves.updates.fingerprint === again.curves.updates.fingerprint &&
    recorded.metrics.train.loss === again.metrics.train.loss &&
    recorded.metrics.test.loss === again.metrics.test.loss &&
    recorded.testCorrect === again.testCorrect &&
    recorded.checkpoint.weights === again.checkpoint.weights
  );
}

type From = Parameters<typeof check.oneOf>[0];
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: readonly number[]): number => analysis.meanInterval(values).deviation;

/** Student's t that leaves so much of both tails together, for 2 to 8 degrees of freedom, from the library's intervals. */
const studentT = (confidence: number, degrees: number): number => {
  const values = Array.from({ length: degrees + 1 }, (_, i) => i);
  const { mean, upper, deviation } = analysis.meanInterval(values, confidence);
  return ((upper - mean) * Math.sqrt(degrees + 1)) / deviation;
};

/** Values moved to exactly this mean and this standard deviation. */
function scattered(drawn: readonly number[], mean: number, deviation: number): number[] {
  const [m, s] = [meanOf(drawn), deviationOf(drawn)];
  return drawn.map((value) => mean + (deviation * (value - m)) / s);
}

/** Experiments: where the mean lies and how far the interval reaches, both in margins. */
const places = [
  { offset: 0.3, half: 0.5 }, // within
  { offset: -0.5, half: 0.4 }, // within, and the interval does not hold the value
  { offset: 0.7, half: 0.5 }, // the mean is within, its interval is not: above
  { offset: -0.7, half: 0.5 }, // below
  { offset: 0.1, half: 1.5 }, // holds the value, and is wider than the margin
  { offset: 0, half: 1.08 }, // within if the variance were divided by n
  { offset: 1.3, half: 0.6 }, // overlaps the margin alone
  { offset: 0, half: 1.09, pattern: [-1, -1, 1, 1] }, // each run is within, and their mean not surely
  { offset: 0, half: 0.9, pattern: [-1, -1, -1, 3] }, // the mean is within, though one run is not
] as const;
type Experiment = {
  readonly values: number[];
  readonly to: number;
  readonly margin: number;
  readonly t: number;
};
const drawExperiments = (from: From): Experiment[] =>
  places.map(({ offset, half, ...place }) => {
    const n = 4;
    const [to, margin] = [5 + 5 * from.uniform(), 0.2 + from.uniform()];
    const t = studentT(0.9, n - 1);
    const drawn = "pattern" in place ? place.pattern : check.oddNumbers(from, n);
    const values = scattered(drawn, to + offset * margin, (half * margin * Math.sqrt(n)) / t);
    return { values, to, margin, t };
  });
const seeAgrees = (answer: typeof agrees, all: Experiment[]): number[] =>
  all.map(({ values, to, margin, t }) => Number(answer(values, to, margin, t)));
const agreesByTests = (all: Experiment[]): number[] =>
  all.map(({ values, to, margin }) => Number(analysis.equivalence(values, { to, margin }).isEquivalent));

/** Runs about a value that they are to be shown to agree with. */
type Plan = {
  readonly seeds: number;
  readonly deviation: number;
  /** Both in deviations. */
  readonly difference: number;
  readonly margin: number;
  readonly from: number;
};
const drawPlan = (from: From, i: number): Plan =>
  check.drawUntil(
    () => ({
      seeds: [5, 8, 6, 9][i]!,
      deviation: [0.4, 1.7, 0.6, 0.3][i]!,
      difference: [0.5, 0, 0.4, 0.2][i]!,
      margin: 1.15 + 0.1 * from.uniform(),
      from: from.integer(1000),
    }),
    (plan) => seePower(once, plan)[0] === 1,
    "a first experiment in which the rule holds",
  );
const once: typeof powerOf = (seeds, { mean, deviation }, holds, normal) =>
  Number(holds(Array.from({ length: seeds }, () => mean + deviation * normal())));
/** The power, and whether it was counted in 4,000 experiments or more. */
function seePower(answer: typeof powerOf, { seeds, deviation, difference, margin, from }: Plan): number[] {
  const numbers = check.stream(from, "runs");
  const t = studentT(0.9, seeds - 1);
  const holds = (values: number[]) => agrees(values, 7, margin * deviation, t);
  let drawn = 0;
  const normal = () => {
    drawn++;
    return numbers.normal();
  };
  const share = answer(seeds, { mean: 7 + difference * deviation, deviation }, holds, normal);
  return [share, Number(drawn >= 4000 * seeds)];
}

/** Two networks' runs, and which seeds were planned. */
type Runs = {
  readonly more: Measured[];
  readonly less: Measured[];
  readonly planned: number[];
  readonly t: number;
};
/** Differences with this mean, in halves of their interval, of runs whose seeds matter more than the networks do. */
function drawRuns(
  from: From,
  place: number,
  change: "none" | "order" | "lost" | "lost below" | "extra",
): Runs {
  const n = 4;
  const t = studentT(0.95, n - 1);
  const planned = Array.from({ length: n }, (_, i) => 11 + i);
  const differences = scattered(check.oddNumbers(from, n), place, Math.sqrt(n) / t);
  const common = [21, 35, 26, 42].map((value) => value + from.uniform());
  const less = planned.map((seed, i) => ({ seed, error: common[i]! }));
  const more = planned.map((seed, i) => ({ seed, error: common[i]! + differences[i]! }));
  if (change === "order") more.reverse();
  if (change === "lost") more.pop();
  if (change === "lost below") less.shift();
  if (change === "extra") {
    less.push({ seed: 90, error: 20 });
    more.push({ seed: 90, error: place > 0 ? 0 : 45 });
  }
  return { more, less, planned, t };
}
const seeVerdicts = (answer: typeof pairedVerdict, all: Runs[]): string[] =>
  all.map(({ more, less, planned, t }) => answer(more, less, planned, t));
function verdictsByInterval(all: Runs[]): string[] {
  return all.map(({ more, less, planned }) => {
    const differences = planned.flatMap((seed) => {
      const [one, other] = [more, less].map((runs) => runs.filter((run) => run.seed === seed));
      return one!.length * other!.length === 1 ? [one![0]!.error - other![0]!.error] : [];
    });
    if (differences.length < planned.length) return "not run";
    const { lower, upper } = analysis.meanInterval(differences);
    return lower > 0 ? "reproduced" : upper < 0 ? "not reproduced" : "within noise";
  });
}

/** What is another in the second of two records. */
const fields = ["nothing", "losses", "test loss", "test images", "weights", "everything"] as const;
type Pair = { readonly changed: (typeof fields)[number]; readonly loss: number };
const drawPairs =
  (which: readonly (typeof fields)[number][]) =>
  (from: From): Pair[] =>
    which.map((changed) => ({ changed, loss: 0.3 + from.uniform() }));
function outcome(loss: number, changed: Pair["changed"], which: "first" | "second"): Outcome {
  const isOther = (field: Pair["changed"]) =>
    which === "second" && (changed === field || changed === "everything");
  return {
    curves: {
      epochs: { step: [78], learningRate: [0.1], loss: [loss], accuracy: [0.7] },
      updates: { each: 1, loss: [loss], fingerprint: isOther("losses") ? "5fe1" : "09ab" },
    },
    metrics: {
      train: { loss, accuracy: 0.75 },
      test: {
        loss: isOther("test loss") ? loss + 0.100001 : loss + 0.1,
        accuracy: isOther("everything") ? 0.6 : 0.7,
      },
    },
    testCorrect: isOther("test images") ? "uQ==" : "uA==",
    checkpoint: {
      file: `${which}.safetensors`,
      sha256: which === "first" ? "77c0" : "e31d", // a file says when it was written
      weights: isOther("weights") ? "c2d4" : "1b6e",
    },
    sha256: which === "first" ? "aa10" : "f00c", // a record says when it was made
  };
}
const seeSame = (answer: typeof sameRun, pairs: Pair[]): number[] =>
  pairs.map(({ changed, loss }) =>
    Number(answer(outcome(loss, changed, "first"), outcome(loss, changed, "second"))),
  );

function halfOf(values: readonly number[], t: number): number {
  return (t * deviationOf(values)) / Math.sqrt(values.length);
}
function byEnds(mean: number, half: number): Status {
  if (mean - half > 0) return "reproduced";
  return mean + half < 0 ? "not reproduced" : "within noise";
}
/** By seeds, or undefined where one of them has no run. */
function differencesOf(
  more: readonly Measured[],
  less: readonly Measured[],
  seeds: readonly number[],
): number[] | undefined {
  const found = seeds.flatMap((seed) => {
    const [one, other] = [more, less].map((runs) => runs.find((run) => run.seed === seed));
    return one && other ? [one.error - other.error] : [];
  });
  return found.length < seeds.length ? undefined : found;
}
function ofDifferences(differences: readonly number[] | undefined, t: number): Status {
  return differences ? byEnds(meanOf(differences), halfOf(differences, t)) : "not run";
}

export const turns = {
  agrees: {
    ours: agrees,
    traits: [
      check.trait("of nine experiments it says the same as two one-sided t-tests", {
        times: 2,
        draw: drawExperiments,
        see: seeAgrees,
        right: agreesByTests,
      }),
    ],
    wrong: [
      {
        mistake: "asks-whether-the-interval-holds-the-value",
        message:
          "it asks whether the interval holds the value: a few runs that scatter wildly hold any value. The whole interval has to lie within the margin",
        answer: (values, to, _, t) => Math.abs(meanOf(values) - to) < halfOf(values, t),
      },
      {
        mistake: "asks-for-the-mean-only",
        message: "it asks for the mean alone: that says nothing of how sure one is of it",
        answer: (values, to, margin) => Math.abs(meanOf(values) - to) < margin,
      },
      {
        mistake: "asks-for-every-run",
        message:
          "it asks whether each run lies within the margin: the claim is about their mean, of which one is surer than of a run, or less sure than it looks",
        answer: (values, to, margin) => values.every((value) => Math.abs(value - to) < margin),
      },
      {
        mistake: "asks-for-an-overlap",
        message:
          "it asks whether interval and margin overlap: a wide interval overlaps everything. No end of it may lie outside",
        answer: (values, to, margin, t) => Math.abs(meanOf(values) - to) < margin + halfOf(values, t),
      },
      {
        mistake: "looks-at-one-side",
        message: "only the upper end is looked at: the mean may also be too far below",
        answer: (values, to, margin, t) => meanOf(values) + halfOf(values, t) < to + margin,
      },
      {
        mistake: "looks-at-the-lower-side",
        message: "only the lower end is looked at: the mean may also be too far above",
        answer: (values, to, margin, t) => meanOf(values) - halfOf(values, t) > to - margin,
      },
      {
        mistake: "forgets-the-root-of-n",
        message: "the interval is that of a single run: the mean of n runs scatters by s / √n",
        answer: (values, to, margin, t) => Math.abs(meanOf(values) - to) + t * deviationOf(values) < margin,
      },
      {
        mistake: "divides-by-n",
        message: "the variance is divided by n: one number is spent on the mean, so n - 1 are left",
        answer: (values, to, margin, t) =>
          Math.abs(meanOf(values) - to) + halfOf(values, t) * Math.sqrt(1 - 1 / values.length) < margin,
      },
    ],
  } satisfies check.Turn<typeof agrees>,

  powerOf: {
    ours: powerOf,
    traits: [
      check.trait("it is the share of at least 4,000 experiments that pass the rule", {
        times: 4,
        draw: drawPlan,
        see: seePower,
        right: ({ seeds, difference, margin }) => [
          analysis.equivalencePower(seeds, { deviation: 1, margin, difference }),
          1,
        ],
        within: 0.05, // a share of a few thousand experiments
      }),
    ],
    wrong: [
      {
        mistake: "gives-the-misses",
        message: "that is how often the rule is missed: power is how often it holds",
        answer: (seeds, law, holds, normal) => 1 - powerOf(seeds, law, holds, normal),
      },
      {
        mistake: "scatters-as-a-mean",
        message:
          "single runs scatter by the deviation itself: only their mean scatters by deviation / √seeds",
        answer: (seeds, { mean, deviation }, holds, normal) =>
          powerOf(seeds, { mean, deviation: deviation / Math.sqrt(seeds) }, holds, normal),
      },
      {
        mistake: "scatters-by-the-variance",
        message:
          "the runs scatter by the square of the deviation: `normal()` is multiplied by the deviation itself",
        answer: (seeds, { mean, deviation }, holds, normal) =>
          powerOf(seeds, { mean, deviation: deviation ** 2 }, holds, normal),
      },
      {
        mistake: "tries-once",
        message: "that is one experiment, which holds or does not: the share of many is wanted",
        answer: once,
      },
      {
        mistake: "forgets-the-mean",
        message: "the runs scatter about 0: they scatter about the mean that is given",
        answer: (seeds, { deviation }, holds, normal) =>
          powerOf(seeds, { mean: 0, deviation }, holds, normal),
      },
    ],
  } satisfies check.Turn<typeof powerOf>,

  pairedVerdict: {
    ours: pairedVerdict,
    traits: [
      check.trait("it tells the three verdicts apart by the interval of the differences", {
        draw: (from) => [1.4, -1.4, 0.7, -0.7, 2.5].map((place) => drawRuns(from, place, "none")),
        see: seeVerdicts,
        right: verdictsByInterval,
      }),
      check.trait("runs belong together by their seeds, and only those that were planned count", {
        draw: (from) => [
          drawRuns(from, 1.4, "none"),
          drawRuns(from, 1.4, "order"),
          drawRuns(from, 1.3, "extra"),
          drawRuns(from, 1.4, "lost"),
          drawRuns(from, 1.4, "lost below"),
          drawRuns(from, -1.4, "order"),
          drawRuns(from, 0.7, "none"),
          drawRuns(from, 1.05, "none"),
          drawRuns(from, 0.95, "none"),
        ],
        see: seeVerdicts,
        right: verdictsByInterval,
      }),
    ],
    wrong: [
      {
        mistake: "asks-for-the-mean-only",
        message: "any mean above 0 counts: the whole interval has to lie above it",
        answer: (more, less, planned) => ofDifferences(differencesOf(more, less, planned), 0),
      },
      {
        mistake: "ignores-the-pairs",
        message:
          "the two networks' own deviations are used: take the difference of each pair first, then the deviation of the differences",
        answer: (more, less, planned, t) => {
          const [a, b] = [more, less].map((runs) => runs.filter(({ seed }) => planned.includes(seed)).map(({ error }) => error)); // prettier-ignore
          if (Math.min(a!.length, b!.length) < planned.length) return "not run";
          const half = (t * Math.hypot(deviationOf(a!), deviationOf(b!))) / Math.sqrt(a!.length);
          return byEnds(meanOf(a!) - meanOf(b!), half);
        },
      },
      {
        mistake: "pairs-by-place",
        message:
          "runs are paired by their place in the lists: records come in any order, so find each by its seed",
        answer: (more, less, planned, t) =>
          Math.min(more.length, less.length) < planned.length
            ? "not run"
            : ofDifferences(
                planned.map((_, i) => more[i]!.error - less[i]!.error),
                t,
              ),
      },
      {
        mistake: "decides-with-fewer",
        message:
          'it decides although a planned run has no record: until all are there the verdict is "not run"',
        answer: (more, less, planned, t) => {
          const both = planned.filter((seed) =>
            [more, less].every((runs) => runs.some((run) => run.seed === seed)),
          );
          return ofDifferences(differencesOf(more, less, both), t);
        },
      },
      {
        mistake: "counts-what-was-not-planned",
        message:
          "a run counts whose seed was not planned: whoever adds runs after looking gives chance many chances",
        answer: (more, less, planned, t) =>
          differencesOf(more, less, planned)
            ? ofDifferences(
                differencesOf(
                  more,
                  less,
                  less.map(({ seed }) => seed),
                ),
                t,
              )
            : "not run",
      },
      {
        mistake: "calls-noise-not-reproduced",
        message: 'an interval that holds 0 shows neither: it is "within noise"',
        answer: (more, less, planned, t) => {
          const status = pairedVerdict(more, less, planned, t);
          return status === "within noise" ? "not reproduced" : status;
        },
      },
      {
        mistake: "forgets-the-root-of-n",
        message: "that is the scatter of one difference: the mean of n of them scatters by s / √n",
        answer: (more, less, planned, t) => ofDifferences(differencesOf(more, less, planned), t * Math.sqrt(planned.length)), // prettier-ignore
      },
      {
        mistake: "turns-the-sign",
        message: "the difference is the wrong way round: it is `more` minus `less`",
        answer: (more, less, planned, t) => pairedVerdict(less, more, planned, t),
      },
    ],
  } satisfies check.Turn<typeof pairedVerdict>,

  sameRun: {
    ours: sameRun,
    traits: [
      check.trait("a run that came out the same is the same, whenever it was made", {
        times: 1,
        draw: drawPairs(["nothing"]),
        see: seeSame,
        right: () => [1],
      }),
      check.trait(
        "the loss of an update, a test image, a test loss or a weight: each tells it from another",
        {
          times: 2,
          draw: drawPairs(fields),
          see: seeSame,
          right: (pairs) => pairs.map(({ changed }) => Number(changed === "nothing")),
        },
      ),
    ],
    wrong: [
      {
        mistake: "compares-the-whole-record",
        message:
          "a hash of the whole record, or of the checkpoint's file, is compared: both hold when the run was made, so no two have the same. Compare what came out; `checkpoint.weights` is of the weights alone",
        answer: (recorded, again) => recorded.sha256 === again.sha256,
      },
      {
        mistake: "compares-the-accuracy",
        message: "accuracies are compared: two runs can err on equally many images and be two runs",
        answer: (recorded, again) => recorded.metrics.test.accuracy === again.metrics.test.accuracy,
      },
      {
        mistake: "compares-the-last-loss",
        message:
          "final metrics are compared: weights, test images and the losses on the way may differ all the same",
        answer: (recorded, again) => recorded.metrics.test.loss === again.metrics.test.loss,
      },
      {
        mistake: "compares-the-weights-only",
        message:
          "the weights alone are compared: the record also holds losses and what was measured with them",
        answer: (recorded, again) => recorded.checkpoint.weights === again.checkpoint.weights,
      },
    ],
  } satisfies check.Turn<typeof sameRun>,
};
