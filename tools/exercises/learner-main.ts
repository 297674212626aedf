// `npm run progress` and `npm run solution`: the learner's side of the exercises.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { runtime } from "residual";
import { UserError } from "../notebooks/user-error";
import { inOrder, readMaster, slugs, solutionOf } from "./master";
import { attemptAt, progressOf, progressText } from "./progress";

const help = `npm run progress
npm run solution -- NN-slug

progress    runs the public checks on your notebooks' answers and says what is solved and what to take next
solution    shows an exercise's solution, once you have tried it yourself: its answer cell must hold something of yours

--root DIR  the folder that holds solutions/ and exercises/ (default: this repository)
--help      this text
`;

async function progress(root: string): Promise<number> {
  await runtime.ready();
  const all = [];
  for (const { slug } of inOrder(root)) all.push(await progressOf(root, slug));
  console.log(progressText(all));
  return 0;
}

function solution(root: string, slug: string | undefined): number {
  const all = slugs(root);
  if (slug === undefined || !all.includes(slug)) {
    throw new UserError(`name an exercise: ${all.join(", ")}; got ${slug ?? "none"}`);
  }
  if (attemptAt(root, slug) === undefined) {
    throw new UserError(
      `a solution opens after an attempt: write something in the answer cell of exercises/${slug}/${slug}.ipynb, save it, and ask again. Its hints are there too`,
    );
  }
  console.log(solutionOf(readMaster(root, slug)));
  console.log(`\nOther right answers: solutions/${slug}/also-right/`);
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      root: { type: "string", default: resolve(__dirname, "..", "..") },
    },
  });
  const [command, slug] = positionals;
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const root = resolve(values.root);
  if (command === "progress") return progress(root);
  if (command === "solution") return solution(root, slug);
  throw new UserError(`the command is progress or solution; got ${command ?? "none"}\n\n${help}`);
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
