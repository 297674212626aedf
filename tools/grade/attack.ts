// `npm run grade:attack`: grades every attack beside an honest learner, who must lose neither points nor much time.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attackPrograms } from "../../test/attack-programs";
import { answers, finished, given, slug, startGrade, tried } from "../../test/grading-fixture";
import type { KeptAttempt } from "./gradebook";
import { filled } from "./synthetic";

/** Neighbours that take what they can: processors, time, and the grader's attention. */
const neighbours: Readonly<Record<string, string>> = {
  starving:
    'import { spawn } from "node:child_process";\nfor (let i = 0; i < 24; i++) spawn(process.execPath, ["-e", "for (;;) {}"]);\nfor (;;) {}',
  slow: "await new Promise(() => {});",
  flooding: 'import * as fs from "node:fs";\nfor (;;) fs.writeSync(2, "x\\n".repeat(1 << 15));',
};
/** The honest one may take this many times as long as alone, and so many seconds more. */
const PATIENCE = { times: 6, seconds: 20 };

const isRight = (sources: readonly string[]): string => JSON.stringify(filled(given, sources));

function handIn(folder: string, learner: string, text: string): void {
  mkdirSync(join(folder, learner), { recursive: true });
  writeFileSync(join(folder, learner, `${slug}.ipynb`), text);
}

/** What became of one. */
interface Outcome {
  readonly points: number;
  readonly seconds: number;
  /** An attack that does not compile attacks nothing. */
  readonly uncompiled: string | undefined;
}

/** What became of each learner. */
function outcomes(out: string): Map<string, Outcome> {
  const folder = join(out, "attempts");
  return new Map(
    readdirSync(folder).map((name) => {
      const { record, seconds } = JSON.parse(readFileSync(join(folder, name), "utf8")) as KeptAttempt;
      const uncompiled = record.notes.find((note) => note.includes("does not compile"));
      return [record.learner, { points: record.points, seconds, uncompiled }];
    }),
  );
}

async function main(): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), "residual-attack-"));
  const problems: string[] = [];
  const exercises = tried(join(scratch, "exercises"));
  const grade = async (name: string, ...options: string[]) => {
    const out = join(scratch, `${name}-grades`);
    const { status, text } = await finished(
      startGrade(join(scratch, name), out, ["--exercises", exercises, ...options]),
    );
    if (status !== 0) problems.push(`${name}: the grader ended with ${status}\n${text}`);
    return outcomes(out);
  };
  try {
    handIn(join(scratch, "alone"), "honest", isRight(answers[0]!.sources));
    const alone = (await grade("alone")).get("honest")!;

    const beside = join(scratch, "beside");
    handIn(beside, "honest", isRight(answers[0]!.sources));
    for (const [name, source] of Object.entries(neighbours))
      handIn(beside, name, isRight([source, "const unitsOf = 1;"]));
    const crowded = await grade("beside", "--jobs", "4");
    const honest = crowded.get("honest")!;
    const most = alone.seconds * PATIENCE.times + PATIENCE.seconds;
    console.log(`honest learner: ${honest.points} of 6 points, ${honest.seconds.toFixed(1)} s beside a starving, a slow and a flooding one, ${alone.seconds.toFixed(1)} s alone`); // prettier-ignore
    if (honest.points !== 6 || honest.seconds > most)
      problems.push(
        `the honest learner must have 6 points within ${most.toFixed(0)} s beside bad neighbours`,
      );

    const crowd = join(scratch, "attacks");
    // Names that mean something to a language, a shell or a table are honest all the same.
    const honestOnes = ["honest", "__proto__", "constructor", "toString", "-rf", "--out", "index", "a,b"];
    for (const name of honestOnes) handIn(crowd, name, isRight(answers[0]!.sources));
    let count = 0;
    for (const [kind, programs] of attackPrograms()) {
      for (const [name, source] of programs) {
        handIn(crowd, `${kind}-${name}`, isRight([source, ""]));
        count++;
      }
    }
    const all = await grade("attacks", "--memory", "768", "--jobs", "4");
    for (const [learner, { points, uncompiled }] of all) {
      if (uncompiled !== undefined) problems.push(`${learner} attacks nothing: ${uncompiled}`);
      if (points !== (honestOnes.includes(learner) ? 6 : 0)) problems.push(`${learner} has ${points} points`);
    }
    const handed = count + honestOnes.length;
    if (all.size !== handed) problems.push(`${handed} were handed in, ${all.size} graded`);
    for (const folder of ["/", "/usr", "/etc", "/dev", "/tmp", scratch])
      if (existsSync(join(folder, "attack-was-here"))) problems.push(`an attack wrote to ${folder}`);
    console.log(`${count} attacks of ${attackPrograms().size} kinds, ${problems.length} problems`);
    for (const problem of problems) console.error(problem);
    return problems.length === 0 ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  },
);
