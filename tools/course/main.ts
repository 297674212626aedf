// `npm run course`: the learners' repository, without answers, and the exam.
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { staleFiles } from "../exercises/generate";
import { slugs } from "../exercises/master";
import { UserError } from "../notebooks/user-error";
import { examPage, examPath } from "./exam";
import { leaks, tellingLines } from "./leaks";
import { mustBeCommitted, releasedFiles, writeRelease } from "./release";

const help = `npm run course -- release FOLDER
npm run course -- exam

release writes the course as learners get it: chapters, exercises, library, kernel and setup; no solutions, other answers, hidden checks, nor
what teachers work with. FOLDER is new, an empty git repository, or holds an earlier release, which is brought up to date: what somebody
changed or made there stays, and is named. What is released is what is committed here. docs/teaching.md tells how a class is run so.

exam writes ${examPath} from the questions beside it, with every number computed anew.

--help      this text
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const root = resolve(__dirname, "..", "..");
  const [command, target, ...rest] = positionals;
  if (command === "exam" && target === undefined) {
    writeFileSync(join(root, examPath), await examPage(root));
    console.log(`wrote ${examPath}`);
  } else if (command === "release" && target !== undefined && rest.length === 0) {
    release(root, resolve(target));
  } else {
    throw new UserError(
      `the command is release FOLDER, or exam; got ${positionals.join(" ") || "nothing"}\n\n${help}`,
    );
  }
}

function release(root: string, folder: string): void {
  mustBeCommitted(root);
  const stale = slugs(root).flatMap((slug) => staleFiles(root, slug));
  if (stale.length > 0)
    throw new UserError(`${stale.join(", ")}: not as the masters say; run npm run exercises and commit`);
  const files = releasedFiles(root);
  const found = leaks(new Map([...files].map(([path, { bytes }]) => [path, bytes])), tellingLines(root));
  if (found.length > 0)
    throw new UserError(`learners would get answers, so nothing is written:\n${found.join("\n")}`);
  const { added, updated, removed, kept } = writeRelease(root, folder, files);
  for (const path of kept) console.error(`${join(folder, path)} was changed there and stays as it is`);
  console.log(
    `${files.size} files without answers in ${folder}: ${added.length} added, ${updated.length} updated, ${removed.length} removed, ${kept.length} left as they were changed there`,
  );
  console.log(
    `Learners get them once they are committed and pushed there: git -C ${folder} add --all, commit, push`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 2;
});
