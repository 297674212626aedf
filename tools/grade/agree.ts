// `npm run grade:agree`: both graders grade every known answer of the exercises, and must give the same scores.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatSeconds } from "../notebooks/duration";
import { UserError } from "../notebooks/user-error";
import { compareGraders } from "./agreement";
import { findExercises } from "./exercise";

const help = `npm run grade:agree -- [NN-slug...] [--jobs N]

Hands in every known answer of the exercises (the reference, other right ones, wrong ones, the stub), has the course's grader and
nbgrader grade them, and fails where a score differs, a right answer loses a point, a wrong one keeps all or is not named, or the stub
earns something. Without a name it takes all exercises: some seconds for each answer. Twelve exercises at a time; after Ctrl-C name those
that have no line yet.

NN-slug     only these; all unless said
--jobs N    notebooks at once (default ${availableParallelism()})
--help      this text
`;

/** Exercises that go through nbgrader together: each of its commands takes seconds to start. */
const AT_ONCE = 12;

const root = resolve(__dirname, "..", "..");

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      jobs: { type: "string", default: `${availableParallelism()}` },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new UserError(`--jobs must be a whole number, at least 1; got ${values.jobs}`);
  const all = findExercises({ exercises: join(root, "exercises"), solutions: join(root, "solutions") });
  const unknown = positionals.find((name) => !all.some(({ slug }) => slug === name));
  if (unknown !== undefined)
    throw new UserError(`no exercise ${unknown}; there are ${all.map(({ slug }) => slug).join(", ")}`);
  const wanted = all.filter(({ slug }) => positionals.length === 0 || positionals.includes(slug));
  const began = performance.now();
  let compared = 0;
  let problems = 0;
  for (let done = 0; done < wanted.length; done += AT_ONCE) {
    const group = wanted.slice(done, done + AT_ONCE);
    const scratch = mkdtempSync(join(tmpdir(), "residual-agree-"));
    try {
      const agreements = await compareGraders(group, { scratch, jobs });
      for (const { slug } of group) {
        const own = agreements.filter(({ exercise }) => exercise === slug);
        const wrong = own.filter(({ problem }) => problem !== undefined);
        for (const { answer, problem } of wrong) console.error(`${slug}, ${answer}: ${problem!}`);
        console.log(`${slug}: ${own.length} answers, ${wrong.length} problems`);
        compared += own.length;
        problems += wrong.length;
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
    const behind = done + group.length;
    const left = ((performance.now() - began) / 1000 / behind) * (wanted.length - behind);
    if (left > 0) console.log(`${behind}/${wanted.length} exercises, about ${formatSeconds(left)} left`);
  }
  console.log(
    `${compared} answers to ${wanted.length} exercises graded twice in ${formatSeconds((performance.now() - began) / 1000)}, ${problems} problems`,
  );
  return problems === 0 ? 0 : 1;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 2;
  },
);
