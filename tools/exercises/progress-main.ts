// `npm run progress`: where a learner stands.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { runtime } from "residual";
import { asTaken, exerciseFolders, readExerciseFile } from "./exercise-file";
import { attemptAt, progressOf, progressText } from "./progress";
import { chaptersOf, progressMarkdown } from "./progress-page";

const help = `npm run progress

Runs the public checks on your notebooks' answers and says what is solved and what to take next.

--markdown  the same as a page with links, which course.ipynb shows
--root DIR  the folder that holds exercises/ (default: this repository)
--help      this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      markdown: { type: "boolean", default: false },
      root: { type: "string", default: resolve(__dirname, "..", "..") },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const root = resolve(values.root);
  const all = [];
  const exercises = exerciseFolders(root).map((slug) => readExerciseFile(root, slug));
  // Whoever has written nothing yet need not wait for TensorFlow, nor read what it says of itself.
  if (exercises.some(({ slug }) => attemptAt(root, slug) !== undefined)) await runtime.ready();
  // What the answers print is no part of the page, however much it is.
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true;
  try {
    for (const exercise of exercises.sort(asTaken)) all.push(await progressOf(root, exercise));
  } finally {
    process.stdout.write = write;
  }
  console.log(values.markdown ? progressMarkdown(all, chaptersOf(root)) : progressText(all));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
