// `npm run grade:load`: grades a synthetic class, kills the grader in the middle, and says what it took.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { answers, folders, given, slug } from "../../test/grading-fixture";
import type { LearnerRecord } from "./record";
import { writeSynthetic } from "./synthetic";

const help = `npm run grade:load -- [--count N] [--corrupted N]

Makes a class of N submissions (default 300, 20 of them damaged) of known worth, and ten hostile folders more (links, pipes, floods, names),
grades it in one go, then again with a SIGKILL in the middle, and fails unless every score is right and both gradebooks are the same. Prints submissions a minute and peak memory.
`;

const root = resolve(__dirname, "..", "..");

function grade(submissions: string, out: string, killAfter?: number): Promise<number | null> {
  const options = Object.entries(folders).flatMap(([name, folder]) => [`--${name}`, folder]);
  const args = [
    "-r",
    "./tools/typescript.cjs",
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

/** Folders that nothing may come of, beside the class's; each but the last two is refused without being run. */
function writeHostile(folder: string, peer: string): number {
  const place = (...path: string[]): string => {
    const at = join(folder, ...path);
    mkdirSync(dirname(at), { recursive: true });
    return at;
  };
  const name = `${slug}.ipynb`;
  const cell = (code: string) => JSON.stringify({ cells: [{ cell_type: "code", source: code }] });
  symlinkSync(join("..", peer, name), place("hostile-link", name));
  symlinkSync(join("..", peer), place("hostile-folder-link", "peer"));
  symlinkSync(".", place("hostile-loop", "again"));
  symlinkSync("/dev/zero", place("hostile-device", name));
  execFileSync("mkfifo", [place("hostile-pipe", name)]);
  writeFileSync(place("hostile-depth", ...Array<string>(30).fill("d"), name), "{}");
  for (let index = 0; index < 5100; index++) writeFileSync(place("hostile-flood", `${index}`), "");
  writeFileSync(place(`hostile-${"n".repeat(240)}`, name), `{"cells":${"[".repeat(100_000)}`);
  writeFileSync(
    place("hostile-\u001b[2J=1+1", name),
    cell('require("fs").writeSync(1, "\\n".repeat(1 << 26));'),
  );
  writeFileSync(
    place("hostile-lines", name),
    cell('import * as fs from "node:fs"; for (;;) fs.writeSync(1, "\\n".repeat(1 << 16));'),
  );
  return 10;
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
    const hostile = writeHostile(folder, [...expected.keys()].at(-1)!);
    const [whole, killed] = [join(scratch, "whole"), join(scratch, "killed")];
    if ((await grade(folder, whole)) !== 0) return 1;
    const book = bookIn(whole);
    const wrong = [...expected].filter(
      ([learner, points]) => (JSON.parse(book.get(learner)!) as LearnerRecord).score !== points,
    );
    for (const [learner, points] of wrong) console.error(`${learner} must have ${points} points`);
    const others = [...book].filter(([learner]) => !expected.has(learner));
    const gained = others.filter(([, text]) => (JSON.parse(text) as LearnerRecord).score > 0);
    for (const [learner] of gained) console.error(`${learner} must have no points`);
    // An empty folder's loop is refused by name too: each has its record.
    if (others.length !== hostile)
      throw new Error(`${hostile} hostile folders, ${others.length} records of them`);
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
    return wrong.length + gained.length === 0 && same ? 0 : 1;
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
