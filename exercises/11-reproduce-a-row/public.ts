// What the notebook checks of a hand-in, and the grader too: records as the program wrote them, the rule's verdict, one run trained again.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analysis, check, nn, train } from "residual";

/** A hand-in whose form was checked. */
interface HandIn {
  readonly row: { readonly depth: number; readonly error: number };
  readonly plan: { readonly seeds: readonly number[]; readonly hours: number };
  readonly differences: readonly string[];
  readonly records: string;
  readonly verdict: string;
}

type Finding = check.Finding;
type RunRecord = train.RunRecord;

/** Table 6 of the ResNet paper: test errors in percent. */
const table6: Readonly<Record<number, readonly number[]>> = {
  20: [8.75], 32: [7.51], 44: [7.17], 56: [6.97], 110: [6.43, 6.61], 1202: [7.93],
}; // prettier-ignore

/** How far a mean may lie from a row's error and count as the same, in points: the margins of the project's own claims. */
const margins: Readonly<Record<number, number>> = {
  20: 0.5, 32: 0.27, 44: 0.27, 56: 0.27, 110: 0.18, 1202: 0.5,
}; // prettier-ignore

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFinite = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isCount = (value: unknown, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= most;

/** The first field that is missing or of another kind. */
function malformed(value: check.Plain): string | undefined {
  if (!isObject(value)) return "the hand-in itself";
  const { row, plan, differences, records, verdict } = value;
  if (!isObject(row) || !isFinite(row["depth"]) || !isFinite(row["error"])) return "row";
  if (!isObject(plan) || !isFinite(plan["hours"]) || !check.isNumbers(plan["seeds"])) return "plan";
  if (!Array.isArray(differences) || !differences.every((text) => typeof text === "string"))
    return "differences";
  if (typeof records !== "string") return "records";
  return typeof verdict === "string" ? undefined : "verdict";
}

/** A property of a hand-in that has its form. */
function property(
  id: string,
  title: string,
  points: number,
  judge: (handIn: HandIn, input: check.Plain) => Finding | undefined | Promise<Finding | undefined>,
  cases: check.CaseProperty["cases"] = () => [null],
): check.CaseProperty {
  return {
    id,
    title,
    points,
    cases,
    judge(input, output) {
      if ("error" in output) return check.compare(output, null);
      const field = malformed(output.value);
      if (field === undefined) return judge(output.value as unknown as HandIn, input);
      return { mistake: "wrong-kind", message: `the hand-in is not whole: ${field} is missing or of another kind` }; // prettier-ignore
    },
  };
}

/** A property of records that are as the program wrote them; where they are not, "records" says so, and nothing follows from them. */
const ofRecords =
  (
    judge: (
      records: readonly RunRecord[],
      handIn: HandIn,
      input: check.Plain,
    ) => Finding | undefined | Promise<Finding | undefined>,
  ) =>
  // prettier-ignore
  async (handIn: HandIn, input: check.Plain): Promise<Finding | undefined> => {
    const read = await readOnce(handIn.records);
    if (Array.isArray(read)) return judge(read, handIn, input);
    return { mistake: "rests-on-no-record", message: "nothing follows from records that are not as the program wrote them" }; // prettier-ignore
  };

const texts = new Map<string, Promise<readonly RunRecord[] | Finding>>();
function readOnce(text: string): Promise<readonly RunRecord[] | Finding> {
  const known = texts.get(text) ?? readAll(text);
  texts.set(text, known);
  return known;
}

async function readAll(text: string): Promise<readonly RunRecord[] | Finding> {
  const noRecord = (why: string): Finding => ({
    mistake: "is-no-record",
    message: `records must be the JSON that the program wrote, a list of runs' records: ${why}`,
  });
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return noRecord("it is not JSON");
  }
  if (!Array.isArray(list) || list.length > 100) return noRecord("it is no list, or one of more than 100");
  const folder = await mkdtemp(join(tmpdir(), "handed-in-"));
  try {
    const records: RunRecord[] = [];
    for (const [i, one] of (list as readonly unknown[]).entries()) {
      if (!isBounded(one)) return noRecord(`number ${i + 1} is none`);
      const path = join(folder, `${i}.json`);
      await writeFile(path, JSON.stringify(one));
      const read = await train.readRecord(path).catch((error: unknown) => (error as Error).message);
      if (typeof read === "string") return faultOf(i, read.slice(path.length + 2));
      records.push(read);
    }
    return records;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Whether a record has the parts that are read here, and counts that cost little. */
function isBounded(value: unknown): boolean {
  if (!isObject(value) || !isObject(value["data"]) || !isObject(value["config"])) return false;
  const { config, data, sessions, seed, steps } = value;
  const { network, data: images, recipe } = config;
  const { train: training, test } = data;
  return (
    isCount(steps, 1_000_000) &&
    Number.isSafeInteger(seed) &&
    [training, test].every((split) => isObject(split) && isCount(split["images"], 100_000)) &&
    [network, images, recipe, (network as { options?: unknown } | undefined)?.options].every(isObject) &&
    typeof (images as { name?: unknown }).name === "string" &&
    Array.isArray(sessions) &&
    sessions.every((one) => isObject(one) && [one["code"], one["machine"], one["engine"]].every(isObject))
  );
}

const faultOf = (i: number, rule: string): Finding =>
  rule.includes("it was changed")
    ? { mistake: "changes-a-record", message: `record ${i + 1} was changed after the program wrote it: its sha256 is not that of its content` } // prettier-ignore
    : { mistake: "contradicts-itself", message: `record ${i + 1} contradicts itself: ${rule.slice(0, 200)}` };

/** In percent, after the last update. */
const testError = ({ metrics }: RunRecord): number => 100 * (1 - metrics.test.accuracy);

function judgeRow({ row: { depth, error } }: HandIn): Finding | undefined {
  const printed = Object.hasOwn(table6, depth) ? table6[depth]! : [];
  if (printed.includes(error)) return undefined;
  return {
    mistake: "misquotes-the-table",
    message: `Table 6 has no ResNet-${depth} with ${error} %`,
    detail: `the depths in it are ${Object.keys(table6).join(", ")}`,
  };
}

async function judgeRecords({ records }: HandIn): Promise<Finding | undefined> {
  const read = await readOnce(records);
  return Array.isArray(read) ? undefined : (read as Finding);
}

/** Options of a network that do not make it another than the paper's but for its size. */
const sizes = ["depth", "widths", "inputShape", "classes", "shortcut"];

function judgeOneQuestion(records: readonly RunRecord[], { row }: HandIn): Finding | undefined {
  for (const { config } of records) {
    const { network } = config;
    const options: Readonly<Record<string, unknown>> = network.options;
    const isOfRow =
      "model" in network &&
      network.model === "cifarResNet" &&
      options["depth"] === row.depth &&
      (options["shortcut"] ?? "A") === "A" &&
      Object.keys(options).every((name) => sizes.includes(name));
    if (!isOfRow) {
      return {
        mistake: "trains-another-network",
        message: `a record is not of ResNet-${row.depth} with identity shortcuts (option A), which is the row's network`,
      };
    }
  }
  if (new Set(records.map(({ configHash }) => configHash)).size > 1) {
    return {
      mistake: "mixes-recipes",
      message: "the records are not of one network, one data set and one recipe: their mean is of nothing that was planned",
    }; // prettier-ignore
  }
  if (new Set(records.flatMap(({ sessions }) => sessions.map(({ code }) => code.built))).size > 1) {
    return {
      mistake: "mixes-builds",
      message: "the records come from more than one build of the library: a change of the code between runs is a difference that nobody planned",
    }; // prettier-ignore
  }
  return undefined;
}

function judgeSeeds(records: readonly RunRecord[], { plan }: HandIn): Finding | undefined {
  const seeds = records.map(({ seed }) => seed);
  if (new Set(seeds).size < seeds.length || new Set(plan.seeds).size < plan.seeds.length) {
    return { mistake: "reuses-a-seed", message: "two runs have one seed: they are one run, done twice" };
  }
  const detail = `planned ${check.show(plan.seeds)}, recorded ${check.show(seeds)}`;
  if (plan.seeds.some((seed) => !seeds.includes(seed))) {
    return {
      mistake: "leaves-a-run-out",
      message: "a planned seed has no record: until all are there, nothing is decided",
      detail,
    };
  }
  if (seeds.some((seed) => !plan.seeds.includes(seed))) {
    return {
      mistake: "adds-a-seed",
      message: "a record is of a seed that was not planned: a run that came later is a choice made after looking",
      detail,
    }; // prettier-ignore
  }
  if (records.length >= 3) return undefined;
  return {
    mistake: "too-few-runs",
    message: `${records.length} runs say next to nothing of how far runs stray: three are the least`,
  };
}

/** How much may be trained again: multiply-adds of a run, about ten seconds of one core. */
const mostWork = 1e11;

/** Fields of a record's data by which nothing but the course's own images can be named. */
const ownData = ["name", "perClass", "downsample", "normalise", "augment"];

const isTriple = (list: unknown): boolean =>
  Array.isArray(list) && list.length === 3 && list.every((size) => isCount(size, 512));

/** Why a run is not trained again here, or undefined. @throws RangeError or TypeError where the network is none */
function tooMuch({ config, steps, data }: RunRecord): string | undefined {
  const { network, data: images, recipe } = config;
  if (!("model" in network) || network.model !== "cifarResNet") return "its network is none of the row's";
  if (images.name !== "fashion-mnist-sample")
    return `the data set ${images.name.slice(0, 40)} is not handed out with the course`;
  const foreign = Object.keys(images).find((name) => !ownData.includes(name));
  if (foreign !== undefined) return `its data have the field ${foreign.slice(0, 40)}`;
  const { depth, widths = [16, 32, 64], inputShape = [32, 32, 3] } = network.options as Partial<nn.CifarResNetOptions>; // prettier-ignore
  const isSmall = isCount(depth, 1202) && isTriple(widths) && isTriple(inputShape);
  if (!isSmall) return "its network is too large";
  const architecture = nn.cifarArchitecture(network.options as unknown as nn.CifarResNetOptions);
  const ofImages = 3 * steps * (recipe.batchSize ?? 128) + data.train.images + data.test.images;
  const work = nn.multiplyAdds(architecture) * ofImages;
  return work > mostWork || steps > 400
    ? `a run takes ${work.toPrecision(2)} multiply-adds and ${steps} updates, where ${mostWork.toPrecision(1)} and 400 are the most`
    : undefined;
}

const replays = new Map<string, Promise<RunRecord>>();
function trainAgain(record: RunRecord): Promise<RunRecord> {
  const key = `${record.configHash} ${record.seed}`;
  const known = replays.get(key) ?? replay(record);
  replays.set(key, known);
  return known;
}

/** Trains what a record describes, in a folder of its own, so that nothing is taken from before. */
async function replay({ config: { network, data, recipe }, seed }: RunRecord): Promise<RunRecord> {
  const folder = await mkdtemp(join(tmpdir(), "trained-again-"));
  try {
    const sweep = { networks: [network as train.SweptSpec], data, recipe, seeds: [seed] };
    const { runs } = await train.sweep(sweep, { folder, progress: "none", workers: 1 });
    return runs[0]!.record!;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function judgeReplay(
  records: readonly RunRecord[],
  _: HandIn,
  drawn: check.Plain,
): Promise<Finding | undefined> {
  if (records.length === 0) return { mistake: "leaves-a-run-out", message: "there is no record" };
  const inOrder = [...records].sort((a, b) => a.seed - b.seed);
  const recorded = inOrder[(drawn as number) % inOrder.length]!;
  let again: RunRecord;
  try {
    const why = tooMuch(recorded);
    if (why !== undefined)
      return { mistake: "cannot-be-trained-again", message: `the run of seed ${recorded.seed} is not trained again here: ${why}` }; // prettier-ignore
    again = await trainAgain(recorded);
  } catch (error) {
    const isItsOwn =
      error instanceof RangeError ||
      error instanceof TypeError ||
      (error instanceof train.SweepFailed && /^(RangeError|TypeError)|finite/.test(error.failed[0]!.reason));
    if (!isItsOwn) throw error;
    return { mistake: "cannot-be-trained-again", message: `what a record describes cannot be trained: ${(error as Error).message.slice(0, 200)}` }; // prettier-ignore
  }
  return differs(recorded, again, records);
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => isObject(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner); // prettier-ignore
const cameOut = ({ curves, metrics, testCorrect, checkpoint }: RunRecord): string =>
  canonical([curves.updates.fingerprint, metrics, testCorrect, checkpoint.weights]);
/** On what a run's bits depend, beside its configuration and its seed. */
const surroundings = ({ sessions }: RunRecord): string[] =>
  sessions.map(({ code, engine, machine: { processor, architecture, instructions, system } }) =>
    canonical([code.built, engine, processor, architecture, instructions, system]),
  );

/** Bits where processor, engine and build are the same; else the first losses to a thousandth, and the test error as seeds scatter. */
function differs(recorded: RunRecord, again: RunRecord, all: readonly RunRecord[]): Finding | undefined {
  if (cameOut(recorded) === cameOut(again)) return undefined;
  const which = `the run of seed ${recorded.seed}, trained again from what its record says,`;
  const [first, fresh] = [recorded, again].map(({ curves }) => curves.updates.loss.slice(0, 5));
  const isNear = fresh!.every((loss, i) => Math.abs(first![i]! - loss) <= 1e-3 * loss);
  if (!isNear || canonical(recorded.data) !== canonical(again.data)) {
    return {
      mistake: "begins-otherwise",
      message: `${which} has other images or other losses from its first updates on: it was trained by another recipe, code or seed`,
    };
  }
  const isSamePlace = new Set([recorded, again].flatMap(surroundings)).size === 1;
  // Student's t times the deviation of a difference of two runs.
  const ofMean = all.length > 1 ? analysis.meanInterval(all.map(testError)) : { mean: 0, upper: 0, count: 1 };
  const bound = (ofMean.upper - ofMean.mean) * Math.sqrt(2 * ofMean.count);
  const points = Math.abs(testError(recorded) - testError(again));
  if (!isSamePlace && points <= bound) return undefined;
  return {
    mistake: "ends-otherwise",
    message: `${which} begins as recorded and ends elsewhere: its test error is ${points.toFixed(2)} points off`,
  };
}

/** The verdict of chapter 11's rule, and the words that give its reason. */
function decided(records: readonly RunRecord[], { row }: HandIn): readonly [verdict: string, why: string] {
  const margin = margins[row.depth] ?? 0.5;
  const errors = records.map(testError);
  const { mean, deviation, count, lower, upper, isEquivalent } = analysis.equivalence(errors, {
    to: row.error,
    margin,
  });
  const within = `within ${check.show(margin)} of ${check.show(row.error)}`;
  const interval = `the 90 % interval of the mean, ${check.show(lower)} to ${check.show(upper)},`;
  if (isEquivalent) return ["reproduced", `${interval} lies ${within}`];
  // Half of the 95 % interval in standard errors is Student's t; the row is one run, which scatters as these do.
  const t = ((analysis.meanInterval(errors).upper - mean) * Math.sqrt(count)) / deviation;
  const isExplained = Math.abs(mean - row.error) <= t * deviation * Math.sqrt(1 / count + 1);
  return isExplained
    ? ["undecided", `${interval} does not lie ${within}, and the scatter of single runs explains the difference`]
    : ["not reproduced", `${interval} does not lie ${within}, and the difference is more than the scatter of single runs explains`]; // prettier-ignore
}

function judgeVerdict(records: readonly RunRecord[], handIn: HandIn): Finding | undefined {
  if (records.length < 2) return { mistake: "too-few-runs", message: "one run decides nothing" };
  const [right, why] = decided(records, handIn);
  const { verdict } = handIn;
  if (verdict === right) return undefined;
  return {
    mistake: "uses-another-rule",
    message: `the verdict says "${verdict.slice(0, 40)}", but ${why}: ${right}`,
  };
}

/** Whether a sentence has one of the words, or one of the numbers, written 64000 or 64,000. */
const saying =
  (words: RegExp, ...numbers: readonly number[]) =>
  (text: string): boolean =>
    words.test(text) ||
    [...text.matchAll(/\d+(?:[,_ ']\d{3})*/g)].some(([digits]) =>
      numbers.includes(Number(digits.replace(/\D/g, ""))),
    );

function judgeDifferences(records: readonly RunRecord[], { differences }: HandIn): Finding | undefined {
  if (records.length === 0) return { mistake: "leaves-a-run-out", message: "there is no record" };
  const { config, steps, data } = records[0]!;
  const { batchSize = 128 } = config.recipe;
  const { widths = [16, 32, 64] } = config.network.options as Partial<nn.CifarResNetOptions>;
  const paperData = config.data.name === "cifar-10";
  const all: readonly [differs: boolean, what: string, said: (text: string) => boolean][] = [
    [!paperData, "the data", saying(/data|image|picture|photo|mnist/i)],
    [paperData && ![45_000, 50_000].includes(data.train.images), "the number of training images", saying(/train|data|subset|split/i, data.train.images)],
    [steps !== 64_000, "the number of steps", saying(/step|iteration|update|epoch|short/i, steps, 64_000)],
    [batchSize !== 128, "the batch", saying(/batch/i, batchSize, 128)],
    [canonical(widths) !== "[16,32,64]", "the networks' width", saying(/width|channel|filter|narrow/i, ...widths)],
    [(config.data.augment ?? "none") === "none", "the augmentation", saying(/augment|crop|flip|mirror|translat|shift|reflect/i)],
  ]; // prettier-ignore
  const hidden = all.find(([isOther, , said]) => isOther && !differences.some(said));
  return (
    hidden && {
      mistake: "hides-a-difference",
      message: `by the records ${hidden[1]} is not the paper's, and no sentence of differences says so`,
    }
  );
}

function judgePlan(records: readonly RunRecord[], { plan }: HandIn): Finding | undefined {
  const used = records.reduce((sum, { trainingSeconds }) => sum + trainingSeconds, 0) / 3600;
  if (used <= plan.hours * 1.1) return undefined;
  return {
    mistake: "overruns-the-budget",
    message: `by the records the runs took ${check.show(used)} hours, and the plan has ${plan.hours}`,
  };
}

/** The properties. */
export const properties: readonly check.CaseProperty[] = [
  property("row", "it names a row of Table 6 as the paper has it", 1, judgeRow),
  property("records", "its records are as the program wrote them", 2, judgeRecords),
  property("question", "they are of the row's network, by one recipe and one code", 2, ofRecords(judgeOneQuestion)), // prettier-ignore
  property("seeds", "every planned seed has its record, and no other", 2, ofRecords(judgeSeeds)),
  property("replay", "one of the runs, drawn by the grader, comes out the same when it is trained again", 3, ofRecords(judgeReplay),
    (seed) => [check.stream(seed, "replay").integer(1000)]), // prettier-ignore
  property("verdict", "the verdict follows from the records by the rule", 1, ofRecords(judgeVerdict)),
  property("differences", "it says how its setting differs from the paper's", 2, ofRecords(judgeDifferences)),
  property("plan", "the runs kept to the planned hours", 1, ofRecords(judgePlan)),
];
