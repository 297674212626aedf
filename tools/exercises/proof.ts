// The proof of the grader: every known answer against its exercise, and the page that shows the matrix.
import { check } from "residual";
import {
  drawn,
  listAnswers,
  loadDrive,
  loadPublic,
  loadQuestion,
  placeOf,
  runAnswer,
  type Answer,
  type Asked,
} from "./answers";
import { readMaster, slugs, type About } from "./master";
import { readRecord, type MutantRecord } from "./mutation/record";
import { misnamed } from "./told-apart";
import { typeFindings, type TypeCase } from "./types";

/** What one answer came to. */
export interface Trial {
  readonly slug: string;
  readonly answer: Answer;
  readonly points: number;
  /** The findings of the hidden properties that failed, by property. */
  readonly findings: readonly (check.Finding & { readonly property: string })[];
  /** The mistakes that the notebook's public check names. */
  readonly publicMistakes: readonly string[];
  /** The mistakes of this exercise's other wrong answers that are named too. */
  readonly others: ReadonlySet<string>;
  /** Why this is not what was expected; undefined where it is. */
  readonly problem?: string;
}

/** One exercise and its trials. */
export interface Proof {
  readonly slug: string;
  readonly about: About;
  readonly question: check.Question;
  readonly trials: readonly Trial[];
  /** How many small changes of the right answers lose points. */
  readonly mutants: MutantRecord | "stale" | undefined;
  /** What the exercise lacks: too few other right answers, too few wrong ones. */
  readonly problems: readonly string[];
}

/** How many answers of each kind an exercise must have. */
const least = { alsoRight: 4, wrong: 5 };

/** The seeds of so many learners. */
export const seedsOf = (learners: number): number[] => Array.from({ length: learners }, (_, i) => 11 + i);

/** Tries every known answer of the exercises, each with the cases of so many learners: no verdict may hang on one learner's draw. */
export async function prove(
  root: string,
  wanted: readonly string[] = slugs(root),
  learners = 2,
): Promise<Proof[]> {
  const seeds = seedsOf(learners);
  const types = typeFindings(typeCases(root, wanted));
  const proofs: Proof[] = [];
  for (const slug of wanted) {
    const question = loadQuestion(root, slug);
    const trials: Trial[] = [];
    const answers = listAnswers(root, slug);
    const publicly = drawn(loadPublic(root, slug), check.publicSeed);
    const learners = seeds.map((seed) => drawn(question.properties, seed));
    const exam = { slug, question, publicly, learners };
    for (const answer of answers)
      trials.push(await attempt(root, exam, answer, types, othersOf(answer, answers)));
    const count = (prefix: string) => trials.filter(({ answer }) => answer.name.startsWith(prefix)).length;
    const lacks = [
      [count("also-right/"), least.alsoRight, "other right answers"],
      [count("wrong/"), least.wrong, "wrong answers"],
    ] as const;
    const asked = new Set(publicly.properties.map(({ id }) => id));
    const kept = question.properties.filter(({ id }) => !asked.has(id)).map(({ id }) => id);
    const problems = [
      ...lacks.flatMap(([found, needed, what]) =>
        found < needed ? [`${slug} needs at least ${needed} ${what}; got ${found}`] : [],
      ),
      ...neverNamed(slug, trials),
      ...misnamed(slug, answers, learners),
      ...question.properties.flatMap((property) =>
        !("types" in property)
          ? []
          : untypedAnswers(root, slug)
              .filter(({ name }) => !types.has(`${slug}/${name}/${property.id}`))
              .map(({ source }) => `${slug}, ${property.id} gives its points for types to ${source}`),
      ),
    ];
    if (kept.length > 0)
      problems.push(`${slug}: the public check must ask all that is graded; it lacks ${kept.join(", ")}`);
    const mutants = readRecord(root, slug);
    if (mutants === "stale")
      problems.push(`${slug}/mutants.json is stale: run npm run exercises -- ${slug} --mutate`);
    proofs.push({ slug, about: readMaster(root, slug).about, question, trials, mutants, problems });
  }
  return proofs;
}

function typeCases(root: string, wanted: readonly string[]): TypeCase[] {
  return wanted.flatMap((slug) =>
    loadQuestion(root, slug).properties.flatMap((property) =>
      "types" in property
        ? [...listAnswers(root, slug), ...untypedAnswers(root, slug)].map(({ name, source }) => ({
            key: `${slug}/${name}/${property.id}`,
            place: placeOf(root, slug),
            property,
            source,
          }))
        : [],
    ),
  );
}

/** Answers without types of their own, which fit whatever is asked: no points for types are theirs. */
function untypedAnswers(root: string, slug: string): { name: string; source: string }[] {
  const { needs } = loadQuestion(root, slug);
  const all = (write: (name: string) => string): string => needs.map(write).join("\n");
  return [
    { name: "any", source: all((name) => `var ${name}: (...given: any[]) => any = () => 0;`) },
    {
      name: "whatever-is-wanted",
      source: all((name) => `function ${name}<T>(...given: any[]): T { return given[0]; }`),
    },
  ];
}

/** What all answers to an exercise are asked, with the cases drawn. */
interface Exam {
  readonly slug: string;
  readonly question: check.Question;
  readonly publicly: Asked;
  readonly learners: readonly Asked[];
}

/** The mistakes of other wrong answers, by which this one must not be called. */
function othersOf({ expected }: Answer, all: readonly Answer[]): ReadonlySet<string> {
  const own = typeof expected === "object" ? [expected.mistake, ...expected.also.keys()] : [];
  return new Set(
    all.flatMap((other) =>
      typeof other.expected === "object" && !own.includes(other.expected.mistake)
        ? [other.expected.mistake]
        : [],
    ),
  );
}

/** The trial by the first learner with whom it does not come out as expected, or by the first. */
async function attempt(
  root: string,
  { slug, question, publicly, learners }: Exam,
  answer: Answer,
  types: ReadonlyMap<string, check.Finding>,
  others: ReadonlySet<string>,
): Promise<Trial> {
  const names = await runAnswer(root, slug, answer.source, question.needs);
  const drive = loadDrive(root, slug);
  const findingsOf = async ({ seed, properties }: Asked) => {
    const findings: (check.Finding & { property: string })[] = [];
    for (const property of properties) {
      const finding =
        "types" in property
          ? types.get(`${slug}/${answer.name}/${property.id}`)
          : (await check.examine(property, drive, names, seed)).finding;
      if (finding) findings.push({ ...finding, property: property.id });
    }
    return findings;
  };
  const publicMistakes = (await findingsOf(publicly)).map(({ mistake }) => mistake);
  let first: (Trial & { readonly lost: ReadonlySet<string> }) | undefined;
  for (const asked of learners) {
    const findings = await findingsOf(asked);
    const lost = new Set(findings.map(({ property }) => property));
    const points = totalPoints({ properties: question.properties.filter(({ id }) => !lost.has(id)) });
    const trial = { slug, answer, points, findings, publicMistakes, others, lost };
    const problem = problemOf(trial, question) ?? (first && unlike(first, trial));
    if (problem !== undefined) return { ...trial, problem: `${problem} (the cases of seed ${asked.seed})` };
    first ??= trial;
  }
  return first!;
}

/** The same answer is worth the same to everybody: a property that sees its mistake with one learner's cases sees it with all. */
function unlike(
  { slug, answer, lost }: Trial & { readonly lost: ReadonlySet<string> },
  { lost: other }: { readonly lost: ReadonlySet<string> },
): string | undefined {
  const differing = [...lost, ...other].filter((id) => lost.has(id) !== other.has(id));
  return differing.length === 0
    ? undefined
    : `${slug}, ${answer.name} loses ${unique(differing)} with the cases of some learners only: draw cases that always show the mistake, or never`;
}

function problemOf(
  { slug, answer, points, findings, publicMistakes, others }: Trial,
  question: check.Question,
): string | undefined {
  const full = totalPoints(question);
  const named = findings.map(({ mistake, message }) => `${mistake} (${message})`).join("; ");
  const which = `${slug}, ${answer.name}`;
  if (answer.expected === "right") {
    if (points < full) return `${which} is right and gets ${points} of ${full}: ${named}`;
    return publicMistakes.length > 0
      ? `${which} is right and the public check says ${publicMistakes.join()}`
      : undefined;
  }
  if (answer.expected === "stub")
    return points > 0 ? `${which} gets ${points} points for nothing` : undefined;
  if (points === full) return `${which} survives: it is wrong and gets all ${full} points`;
  if (publicMistakes.length === 0)
    return `${which} is wrong and the public check has no complaint: a learner would take it for solved`;
  const { mistake } = answer.expected;
  if (!findings.some((finding) => finding.mistake === mistake))
    return `${which} fails, but not by its name: ${named}`;
  const other = [...findings.map((finding) => finding.mistake), ...publicMistakes].find((name) =>
    others.has(name),
  );
  return other === undefined
    ? undefined
    : `${which} is called by another's name, ${other}: draw cases that tell them apart, or say why it is true too by a line "// Also ${other}: ..."`;
}

/** The lines of wrong answers that say that another's name is true of them, which nothing ever names. */
function neverNamed(slug: string, trials: readonly Trial[]): string[] {
  return trials.flatMap(({ answer, findings, publicMistakes }) => {
    if (typeof answer.expected !== "object") return [];
    const said = new Set([...findings.map(({ mistake }) => mistake), ...publicMistakes]);
    return [...answer.expected.also.keys()]
      .filter((name) => !said.has(name))
      .map((name) => `${slug}, ${answer.name} says that it is also ${name}, which nobody calls it`);
  });
}

/** What a right answer gets. */
export function totalPoints({ properties }: Pick<check.Question, "properties">): number {
  return properties.reduce((sum, { points }) => sum + points, 0);
}

/** Every problem of the proofs, a line each; none when the grader can be trusted with every known answer. */
export function problemsOf(proofs: readonly Proof[]): string[] {
  return proofs.flatMap(({ problems, trials }) => [
    ...problems,
    ...trials.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
  ]);
}

/** The page: one table for each exercise, one row for each answer. */
export function proofPage(proofs: readonly Proof[]): string {
  const answers = proofs.flatMap(({ trials }) => trials);
  const wrong = answers.filter(({ answer }) => answer.name.startsWith("wrong/")).length;
  const right = answers.filter(({ answer }) => answer.expected === "right").length;
  return [
    "# What the grader accepts and refuses",
    "",
    "Written by `npm run exercises -- --prove`; a test fails where this page is stale or an answer comes out otherwise.",
    "",
    `${proofs.length} exercises, ${right} right answers with full points, ${wrong} wrong ones that fail by the name of their mistake.`,
    "The stub gets no points. The public check asks the same properties with public numbers, and every wrong answer draws a complaint",
    "there too.",
    ...mutantsOf(proofs),
    ...proofs.flatMap(sectionOf),
    "",
  ].join("\n");
}

function mutantsOf(proofs: readonly Proof[]): string[] {
  const tried = proofs.flatMap(({ slug, mutants }) =>
    typeof mutants === "object" ? [{ slug, ...mutants }] : [],
  );
  const untried = proofs.filter(({ mutants }) => mutants === undefined).map(({ slug }) => slug);
  const sum = (key: "mutants" | "killed" | "equivalent") =>
    tried.reduce((total, record) => total + record[key], 0);
  return [
    "",
    "## Small changes of right answers",
    "",
    "`npm run exercises -- --mutate` changes the reference and the other right answers in every small way, one at a time. Each of these mutants",
    "loses points with the cases of every learner tried, or stands with its reason in `solutions/NN-slug/equivalent-mutants.json`: no judge that is",
    "right can tell it from the answer.",
    "",
    "| exercise | mutants | lose points | equivalent |",
    "| --- | --- | --- | --- |",
    ...tried.map(
      ({ slug, mutants, killed, equivalent }) => `| ${slug} | ${mutants} | ${killed} | ${equivalent} |`,
    ),
    `| all | ${sum("mutants")} | ${sum("killed")} | ${sum("equivalent")} |`,
    ...(untried.length === 0 ? [] : ["", `Not counted yet: ${untried.join(", ")}.`]),
  ];
}

function sectionOf({ slug, about, question, trials }: Proof): string[] {
  const full = totalPoints(question);
  return [
    "",
    `## ${slug}: ${about.title}`,
    "",
    "| answer | points | the grader says | the public check says |",
    "| --- | --- | --- | --- |",
    ...trials.map(
      ({ answer, points, findings, publicMistakes }) =>
        `| ${answer.name} | ${points} of ${full} | ${unique(findings.map(({ mistake }) => mistake))} | ${unique(publicMistakes)} |`,
    ),
  ];
}

const unique = (items: readonly string[]): string => [...new Set(items)].join(", ");
