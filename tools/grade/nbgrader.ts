// Writes a course folder for nbgrader, whose own commands then generate, release, autograde and give feedback.
import { chmodSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { formatNotebook, parseNotebook, type Cell } from "../notebooks/notebook";
import type { Exercise } from "./exercise";
import { writeText } from "./gradebook";
import { Judge } from "./judge/judge";
import type { PropertySummary, QuestionSummary } from "./judge/protocol";
import { uncalled } from "./judge/type-snippet";

const root = resolve(__dirname, "..", "..");

/** nbgrader's settings. Scores are as the course's grader gives them: a grade cell for each property, all or nothing. */
const config = `# nbgrader's settings for this course.
c = get_config()
c.CourseDirectory.course_id = "residual"
c.ClearSolutions.code_stub = {"typescript": "// your answer"}
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.enforce_metadata = False
c.ExecutePreprocessor.timeout = 60
c.ExecutePreprocessor.kernel_name = "residual"
`;

/** Settings by which `command` judges in the place of nbgrader's Execute. */
const outside = (command: readonly string[]): string => `
# Learners' cells run behind the sandbox of the course's grader, never here beside the gradebook. Its options, such as ["--sandbox", "podman"]:
c.JudgedOutside.options = []
c.JudgedOutside.folder = ${JSON.stringify(root)}
c.JudgedOutside.command = ${JSON.stringify(command)}
import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
c.Autograde.autograde_preprocessors = [
    "nbgrader_outside.JudgedOutside",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
`;

/** How {@link writeNbgraderCourse} has learners' cells run. */
export interface NbgraderOptions {
  /** Whether cells run in a kernel of nbgrader's own, with all rights; behind the sandbox of this grader unless said. */
  readonly isTrusted?: boolean;
}

/**
 * Writes `source/NN-slug/` for every exercise, with its notebook and what lies beside it, its hidden checks under `judges/`, and
 * nbgrader's settings, by which this grader judges for nbgrader. The secret decides the hidden cases, together with the learner's name.
 */
export async function writeNbgraderCourse(
  folder: string,
  exercises: readonly Exercise[],
  secret: string,
  { isTrusted = false }: NbgraderOptions = {},
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const kept = join(folder, "judges", "secret");
  await writeText(kept, `${secret}\n`);
  chmodSync(kept, 0o600);
  const [first] = exercises;
  const command = [
    ...[process.execPath, "-r", "./tools/typescript.cjs", join(__dirname, "main.ts"), "--secret", kept],
    ...(first ? ["--exercises", dirname(first.folder), "--solutions", dirname(dirname(first.hidden))] : []),
  ];
  await writeText(join(folder, "nbgrader_config.py"), isTrusted ? config : `${config}${outside(command)}`);
  cpSync(join(__dirname, "nbgrader_outside.py"), join(folder, "nbgrader_outside.py"));
  const judge = new Judge();
  try {
    for (const exercise of exercises) {
      const bundle = join(folder, "judges", `${exercise.slug}.js`);
      await bundleJudge(exercise, bundle, secret);
      // The notebook's public check imports its neighbours.
      cpSync(exercise.folder, join(folder, "source", exercise.slug), {
        recursive: true,
        filter: (path) => !path.includes(".ipynb_checkpoints"),
      });
      const path = join(exercise.folder, `${exercise.slug}.ipynb`);
      const notebook = parseNotebook(readFileSync(path, "utf8"), path);
      const questions = new Map(
        (await judge.describe(exercise.hidden)).map((question) => [question.id, question]),
      );
      // An exercise may bring empty grade cells to be filled; those it lacks follow the solution cell.
      const given = new Set(notebook.cells.map(gradeIdOf));
      const graded = new Map(
        [...questions.values()].flatMap((question) =>
          question.properties.map((property) => {
            const cell = gradeCell(question, property, bundle);
            return [gradeIdOf(cell)!, cell] as const;
          }),
        ),
      );
      const cells = notebook.cells.flatMap((cell) => {
        const id = gradeIdOf(cell);
        const own = id === undefined ? undefined : graded.get(id);
        if (own) return [{ ...own, id: cell.id }];
        const question = id === undefined ? undefined : questions.get(id);
        const wanted = (question?.properties ?? []).map((property) => `${question!.id}-${property.id}`);
        return [cell, ...wanted.filter((name) => !given.has(name)).map((name) => graded.get(name)!)];
      });
      await writeText(
        join(folder, "source", exercise.slug, `${exercise.slug}.ipynb`),
        formatNotebook({ ...notebook, cells }),
      );
    }
  } finally {
    await judge.close();
  }
}

function gradeIdOf(cell: Cell): string | undefined {
  return (cell.metadata["nbgrader"] as { grade_id?: string } | undefined)?.grade_id;
}

function gradeCell(question: QuestionSummary, property: PropertySummary, bundle: string): Cell {
  const names = question.needs.map((name) => `${name}: ${name}`).join(", ");
  const check =
    property.typed === undefined
      ? `{\n  const judge = await import(${JSON.stringify(bundle)} as string);\n  await judge.grade("${question.id}", "${property.id}", { ${names} });\n}`
      : // A declaration without a value has the types too.
        `{\n  const absent = Object.entries({ ${names} } as object).filter(([, value]) => value === undefined || value === null);\n  if (absent.length > 0) throw new Error(absent.map(([name]) => name + " is not defined").join("; "));\n}\n${uncalled(property.typed.snippet)}`;
  const id = `${question.id}-${property.id}`;
  return {
    cell_type: "code",
    id: id.slice(0, 64),
    metadata: {
      nbgrader: {
        schema_version: 3,
        grade: true,
        grade_id: id,
        locked: true,
        points: property.points,
        solution: false,
        task: false,
      },
    },
    source: `// ${property.title} (${property.points} points)\n// BEGIN HIDDEN TESTS\n${check}\n// END HIDDEN TESTS`,
    execution_count: null,
    outputs: [],
  };
}

async function bundleJudge(exercise: Exercise, outfile: string, secret: string): Promise<void> {
  const source = (text: string): string => JSON.stringify(text);
  await build({
    stdin: {
      contents: `import { drives } from ${source(exercise.drive)};
import { questions } from ${source(exercise.hidden)};
import { gradeWith } from ${source(join(__dirname, "judge", "in-kernel.ts"))};
export const grade = gradeWith(drives, questions, ${source(secret)});`,
      resolveDir: root,
      loader: "ts",
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
    logLevel: "silent",
    // The course folder may lie anywhere; packages are this repository's.
    banner: {
      js: `var require = require("node:module").createRequire(${source(join(root, "package.json"))});`,
    },
  });
}
