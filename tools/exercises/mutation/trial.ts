// Judges the mutants of one answer as its grader would: by every learner's cases.
import { check, runtime } from "residual";
import { compileAnswer, drawn, loadDrive, loadQuestion } from "../answers";
import type { Compiled, Names } from "../run-answer";
import { mutantsOf, type Mutant } from "./mutants";

/** An answer whose mutants are tried. */
export interface Task {
  readonly root: string;
  readonly slug: string;
  readonly name: string;
  readonly source: string;
  /** Each mutant meets the cases of these learners, and must lose points with every one. */
  readonly seeds: readonly number[];
  /** Only so many of the mutants, drawn by the seed. */
  readonly sample?: { readonly count: number; readonly seed: number };
}

/** A mutant that got all points. */
export interface Survivor {
  readonly mutant: string;
  readonly line: string;
  /** The learner who gave it all points. */
  readonly seed: number;
}

/** A mutant with its place among its answer's, and the learner with whom it survives, if any. */
export interface Verdict {
  readonly index: number;
  readonly survivor?: Survivor;
}

/** An answer's mutants, ready to be tried in turn. */
export interface Trials {
  readonly count: number;
  /** What the unchanged answer took, in milliseconds. */
  readonly milliseconds: number;
  readonly verdict: (index: number) => Promise<Verdict>;
}

/** For one case a mutant may take so many times the turns of the unchanged answer's longest, and a few more. */
const patience = { times: 10, more: 1000 };

/** Makes an answer's mutants. @throws Error where the unchanged answer does not get all points */
export async function prepare({ root, slug, name, source, seeds, sample }: Task): Promise<Trials> {
  const { needs, properties } = loadQuestion(root, slug);
  const driveOf = loadDrive(root, slug);
  const asked = seeds.map((seed) => ({
    seed,
    properties: drawn(properties, seed).properties.filter((property) => "cases" in property),
  }));
  let [turns, longest, most] = [0, 0, Infinity];
  const atEachTurn = () => {
    if (++turns > most) throw new Error("an endless loop");
    longest = Math.max(longest, turns);
  };
  /** Each case has its own turns: what one took is not another's, so that an endless loop is known soon. */
  const drive: check.Drive = (names, input) => {
    turns = 0;
    return driveOf(names, input);
  };
  const compile = (text: string) => compileAnswer(root, slug, text, needs, { atEachTurn });
  /** The first learner who gives it all points. */
  const fooled = async (names: Names): Promise<number | undefined> => {
    for (const { seed, properties: all } of asked) {
      const lost = await losing(all, drive, names, seed);
      if (lost < 0) return seed;
      // What told one mutant tells most others: asked first, it saves the rest.
      const [telling] = all.splice(lost, 1);
      all.unshift(telling!);
    }
    return undefined;
  };

  const began = performance.now();
  const unchanged = compile(source);
  for (const { seed, properties: all } of asked) {
    if ((await losing(all, drive, await unchanged(), seed)) >= 0)
      throw new Error(
        `${slug}, ${name} loses points as it is: run npm run exercises -- ${slug} --prove first`,
      );
  }
  const milliseconds = performance.now() - began;
  most = patience.times * longest + patience.more;

  const all = await mutantsOf(source);
  const mutants = sample ? sampled(all, sample.count, check.stream(sample.seed, `${slug}/${name}`)) : all;
  return {
    count: mutants.length,
    milliseconds,
    async verdict(index) {
      const { mutant, line, text } = mutants[index]!;
      const engine = runtime.tf.engine();
      engine.startScope();
      try {
        turns = 0;
        const names = await defined(compile, text);
        const seed = names && (await fooled(names));
        return seed === undefined ? { index } : { index, survivor: { mutant, line, seed } };
      } catch (error) {
        throw new Error(`${slug}: a judge throws at ${name} with ${mutant}: ${String(error)}`, {
          cause: error,
        });
      } finally {
        // What a mutant threw away would fill the memory.
        engine.endScope();
      }
    },
  };
}

/** What a text defines; nothing where it does not run, or does not end, as a cell that gets no points. */
async function defined(compile: (text: string) => Compiled, text: string): Promise<Names | undefined> {
  try {
    return await compile(text)();
  } catch {
    return undefined;
  }
}

/** The place of the first property that an answer fails, or -1. */
async function losing(
  properties: readonly check.CaseProperty[],
  drive: check.Drive,
  names: Readonly<Record<string, unknown>>,
  seed: number,
): Promise<number> {
  for (const [index, property] of properties.entries()) {
    if ((await check.examine(property, drive, names, seed)).finding) return index;
  }
  return -1;
}

function sampled(mutants: readonly Mutant[], count: number, from: ReturnType<typeof check.stream>): Mutant[] {
  const rest = [...mutants];
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(from.integer(rest.length), 1)[0]!,
  );
}
