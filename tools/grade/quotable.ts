// What of a learner's program may come back to the learner: nothing that could carry a hidden case out.
import { resolve } from "node:path";
import type { check } from "residual";
import { printable } from "./intake/names";

const root = resolve(__dirname, "..", "..");

/** Names of the language's own errors. Any other may hold a text of the learner's choice. */
const errorNames = new Set([
  ...[
    "Error",
    "TypeError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "EvalError",
    "URIError",
    "AggregateError",
  ],
]);
/** Of a text of a learner's program, this much is told. */
const MOST_CHARACTERS = 300;
/** Of a judge's sentence, which may quote an answer: a tensor's shape alone may have a million numbers. */
const MOST_OF_A_FINDING = 1000;
/** Lines of what the notebook's own check says of one input. */
const MOST_LINES = 40;

/** The output with the words taken out that the learner's code chose while it knew a hidden case: a judge's message may quote them. */
export function blandOf(output: check.Output): check.Output {
  if ("value" in output) return output;
  const { name } = output.error;
  return { error: { name: errorNames.has(name) ? name : "Error", message: "" } };
}

/**
 * The finding as the learner may read it: in the words that the judge found for the bland output. Where it judges that one otherwise, the
 * mistake keeps its name, and only what kind of error it was is told; that nothing is written yet is said in the library's own words.
 */
export function feedbackFor(
  finding: check.Finding,
  again: check.Finding | null,
  bland: check.Output,
): Pick<check.Finding, "mistake" | "message"> {
  if ("value" in bland)
    return { mistake: finding.mistake, message: finding.message.slice(0, MOST_OF_A_FINDING) };
  const { name } = bland.error;
  if (finding.mistake === "not-written")
    return { mistake: finding.mistake, message: "it is not written yet" };
  if (again?.mistake !== finding.mistake) return { mistake: finding.mistake, message: `it threw ${name}` };
  return { mistake: finding.mistake, message: again.message.replace(/:\s*$/, "") };
}

/** What the notebook's own check said of an input, on as many lines as a page holds, each of them short. */
export function exampleFor(text: string): string {
  const lines = text.split("\n", MOST_LINES + 1);
  const cut = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), "..."] : lines;
  return cut.map(printable).join("\n");
}

/** What a cell said before any case was known, on few lines, without places on this machine and what a terminal would obey. */
export function withoutPlaces(text: string): string {
  const cut = text.replaceAll(root, ".").slice(0, MOST_CHARACTERS);
  return cut.split("\n").map(printable).join("\n");
}
