// `npm run exercises -- --mutate`: every small change of a right answer must lose points.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { check } from "residual";
import { tryAll, type Outcome } from "./pool";
import { outcomeKey, readEquivalents, rightAnswers, settle, writeRecord } from "./record";
import type { Task } from "./trial";

/** How the mutants are tried. */
export interface MutateOptions {
  /** The cases that every mutant must lose points with. */
  readonly seeds: readonly number[];
  /** Only so many mutants, of answers drawn by the seed: nothing is kept of them. */
  readonly sample?: { readonly count: number; readonly seed: number };
}

/** Tries the mutants of these exercises, and says which survive. Gives the exit status. */
export async function mutate(
  root: string,
  slugs: readonly string[],
  { seeds, sample }: MutateOptions,
): Promise<number> {
  const all = slugs.flatMap((slug) =>
    rightAnswers(root, slug).map(({ name, source }): Task => ({ root, slug, name, source, seeds })),
  );
  const tasks = sample ? sampled(all, sample) : all;
  const kept = sample ? undefined : new Kept(root);
  const open = tasks.filter((task) => !kept?.read(task));
  if (open.length < tasks.length)
    console.log(`${tasks.length - open.length} of ${tasks.length} answers are as they were when last tried`);
  const progress = new Progress(open);
  const onInterrupt = (): void => {
    console.error(
      kept
        ? `\ninterrupted: ${progress.answers} answers are kept; the same command goes on from there`
        : "\ninterrupted",
    );
    process.exit(130);
  };
  process.once("SIGINT", onInterrupt);
  const fresh = new Map<Task, Outcome>();
  await tryAll(open, {
    onMutant: () => {
      progress.mutant();
    },
    onOutcome(task, outcome) {
      fresh.set(task, outcome);
      kept?.write(task, outcome);
      progress.answer(task, outcome);
    },
  });
  process.off("SIGINT", onInterrupt);
  const counts = { mutants: 0, equivalent: 0 };
  const problems = slugs.flatMap((slug) => {
    const own = tasks.filter((task) => task.slug === slug);
    const outcomes = new Map(own.map((task) => [task.name, fresh.get(task) ?? kept!.read(task)!]));
    const settled = settle(slug, outcomes, readEquivalents(root, slug), { sampled: sample !== undefined });
    const mutants = [...outcomes.values()].reduce((sum, outcome) => sum + outcome.mutants, 0);
    counts.mutants += mutants;
    counts.equivalent += settled.equivalent;
    if (!sample && settled.problems.length === 0) writeRecord(root, slug, { mutants, ...settled });
    return settled.problems;
  });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0)
    console.error(
      "Ask a case in hidden.ts that tells a survivor from a right answer, or list it in equivalent-mutants.json with the reason why none can.",
    );
  console.log(
    `${counts.mutants} mutants of ${tasks.length} answers to ${slugs.length} exercises, ${counts.equivalent} of them equivalent, ${problems.length} problems; ${progress.pace()}`,
  );
  return problems.length === 0 ? 0 : 1;
}

/** Answers drawn with as many mutants each as they were drawn times. */
function sampled(all: readonly Task[], { count, seed }: { count: number; seed: number }): Task[] {
  const from = check.stream(seed, "mutants");
  const times = new Map<Task, number>();
  for (let i = 0; i < count; i++) {
    const task = check.oneOf(from, all);
    times.set(task, (times.get(task) ?? 0) + 1);
  }
  return [...times].map(([task, own]) => ({ ...task, sample: { count: own, seed } }));
}

/** The outcomes that an interrupt, or a change to another answer, does not undo: in `runs/`, each with what it was made with. */
class Kept {
  readonly #library: string;
  readonly #keys = new Map<Task, string>();

  constructor(private readonly root: string) {
    this.#library = hashOf(join(__dirname, "..", "..", "..", "lib", "dist", "cjs"));
  }

  read(task: Task): Outcome | undefined {
    const path = this.#path(task);
    if (!existsSync(path)) return undefined;
    const { of, ...outcome } = JSON.parse(readFileSync(path, "utf8")) as Outcome & { readonly of: string };
    return of === this.#key(task) ? outcome : undefined;
  }

  write(task: Task, outcome: Outcome): void {
    mkdirSync(dirname(this.#path(task)), { recursive: true });
    writeFileSync(this.#path(task), JSON.stringify({ of: this.#key(task), ...outcome }));
  }

  #path({ slug, name }: Task): string {
    return join(this.root, "runs", "mutants", slug, `${name.replace("/", ".")}.json`);
  }

  /** As it was when first asked: what changes while a task runs does not count for it. */
  #key(task: Task): string {
    const { slug, source, seeds } = task;
    const key = this.#keys.get(task) ?? `${outcomeKey(this.root, slug, source, seeds)}-${this.#library}`;
    this.#keys.set(task, key);
    return key;
  }
}

/** A hash of all files in a folder. */
function hashOf(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** What is said on the way: how many mutants, how fast, and how long it may still take, by the length of the answers that are left. */
class Progress {
  answers = 0;
  #mutants = 0;
  #length = 0;
  readonly #whole: number;
  readonly #began = performance.now();
  #said = 0;

  constructor(private readonly tasks: readonly Task[]) {
    this.#whole = tasks.reduce((sum, { source }) => sum + source.length, 0);
  }

  mutant(): void {
    this.#mutants += 1;
    if (!process.stdout.isTTY || performance.now() - this.#said < 500) return;
    this.#said = performance.now();
    process.stdout.write(
      `\r\x1b[K${this.answers} of ${this.tasks.length} answers, ${this.pace()}${this.#left()}`,
    );
  }

  answer({ slug, name, source }: Task, { mutants, survivors }: Outcome): void {
    this.answers += 1;
    this.#length += source.length;
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    const lost = survivors.length === 0 ? "" : `, ${survivors.length} survive`;
    console.log(
      `${slug}, ${name}: ${mutants} mutants${lost} (${this.answers} of ${this.tasks.length}, ${this.pace()}${this.#left()})`,
    );
  }

  /** So many mutants in so much time. */
  pace(): string {
    const seconds = this.#seconds();
    return `${this.#mutants} mutants in ${spell(seconds)}, ${Math.round(this.#mutants / seconds)} a second`;
  }

  #left(): string {
    if (this.#length === 0) return "";
    const left = (this.#seconds() * (this.#whole - this.#length)) / this.#length;
    return left < 1 ? "" : `, about ${spell(left)} left`;
  }

  #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

function spell(seconds: number): string {
  return seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} minutes`;
}
