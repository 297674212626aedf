// `npm run grade:load`: grades a synthetic class, kills the grader in the middle, and says what it took.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { answers, folders, given, slug } from "../../test/grading-fixture";
import type { LearnerRecord } from "./record";
import { writeSynthetic } from "./synthetic";

const help = `npm run grade:load -- [--count N] [--corrupted N]

Makes a class of N submissions (default 300, 20 of them damaged) of known worth, grades it in one go, then again with a SIGKILL in the
middle, and fails unless every score is right and both gradebooks are the same. Prints submissions a minute and peak memory.
`;

const root = resolve(__dirname, "..", "..");

function grade(submissions: string, out: string, killAfter?: number): Promise<number | null> {
  const options = Object.entries(folders).flatMap(([name, folder]) => [`--${name}`, folder]);
  const args = [
    "-r",
    "ts-node/register",
    join(__dirname, "main.ts"),
    submissions,
    "--out",
    out,
    "--secret",
    `${out}.secret`,
    ...options,
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const watch = setInterval(() => {
    const attempts = join(out, "attempts");
    if (killAfter !== undefined && existsSync(attempts) && readdirSync(attempts).length >= killAfter)
      child.kill("SIGKILL");
  }, 100);
  return new Promise((done) =>
    child.once("close", (status) => {
      clearInterval(watch);
      done(status);
    }),
  );
}

/** Every learner's record, as text. */
function bookIn(out: string): Map<string, string> {
  const folder = join(out, "records");
  return new Map(
    readdirSync(folder).map((name) => [name.replace(".json", ""), readFileSync(join(folder, name), "utf8")]),
  );
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "300" },
      corrupted: { type: "string", default: "20" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const count = Number(values.count);
  const scratch = mkdtempSync(join(tmpdir(), "residual-load-"));
  try {
    const folder = join(scratch, "class");
    const expected = writeSynthetic(folder, {
      slug,
      notebook: given,
      answers,
      count,
      corrupted: Number(values.corrupted),
    });
    const [whole, killed] = [join(scratch, "whole"), join(scratch, "killed")];
    if ((await grade(folder, whole)) !== 0) return 1;
    const book = bookIn(whole);
    const wrong = [...expected].filter(
      ([learner, points]) => (JSON.parse(book.get(learner)!) as LearnerRecord).score !== points,
    );
    for (const [learner, points] of wrong) console.error(`${learner} must have ${points} points`);
    const status = await grade(folder, killed, Math.floor(count / 2));
    if (status !== null)
      throw new Error(`the grader was to be killed in the middle; it ended with ${status}`);
    if ((await grade(folder, killed)) !== 0) return 1;
    const again = bookIn(killed);
    const same =
      book.size === again.size && [...book].every(([learner, text]) => again.get(learner) === text);
    console.log(
      `${count} scores, ${wrong.length} wrong; after a SIGKILL the gradebook is ${same ? "the same" : "another"}`,
    );
    return wrong.length === 0 && same ? 0 : 1;
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
