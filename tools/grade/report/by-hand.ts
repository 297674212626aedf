// A page for each exercise on which an instructor reads answers and sets scores: it saves the table that `--overrides` takes.
import { isPending, type ExerciseRecord, type LearnerRecord } from "../record";
import { verdictHtml } from "./feedback";
import { escapeHtml, page } from "./html";

/** Every exercise that somebody handed in, with its page. */
export function byHandPages(records: readonly LearnerRecord[]): Map<string, string> {
  const found = new Map<string, ExerciseRecord[]>();
  for (const record of records.flatMap(({ exercises }) => exercises))
    found.set(record.exercise, [...(found.get(record.exercise) ?? []), record]);
  return new Map(
    [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([exercise, answers]) => [exercise, byHandPage(exercise, answers)]),
  );
}

function byHandPage(exercise: string, answers: readonly ExerciseRecord[]): string {
  const wanting = answers.filter(needsLook).length;
  return page(
    `${exercise} by hand`,
    `<h1>${escapeHtml(exercise)}: ${answers.length} ${answers.length === 1 ? "answer" : "answers"}</h1>
<p>Set a score with its reason, which the learner reads, where you decide otherwise than the grader. Then save the table and grade again with
<code>--overrides overrides-${escapeHtml(exercise)}.csv</code>; the option may be repeated, once for each exercise. Until it is saved, what you enter is
in this page alone.</p>
<p><label><input type="checkbox" id="wanting"${wanting > 0 ? " checked" : ""}> only the ${wanting} with missing points and no decision yet</label>
<button type="button" id="save" data-file="overrides-${escapeHtml(exercise)}.csv">Save overrides-${escapeHtml(exercise)}.csv</button>
<output id="state"></output></p>
${answers.map(answerHtml).join("\n")}`,
    [`<script>${script}</script>`],
  );
}

/** Whether somebody may want to read it: points are missing, or something of ours failed, and nobody has decided. */
function needsLook(record: ExerciseRecord): boolean {
  return record.override === undefined && (record.points < record.outOf || isPending(record));
}

function answerHtml(record: ExerciseRecord): string {
  const { learner, exercise, points, outOf, notes, code = "", questions, override } = record;
  const found = isPending(record) ? "not graded: something of ours failed" : `${points} of ${outOf} points`;
  const fields = `<label>Score <input name="score" type="number" min="0" max="${outOf}" step="any" value="${override?.score ?? ""}"></label>
<label>Reason <input name="reason" size="60" value="${escapeHtml(override?.reason ?? "")}"></label>`;
  return `<section data-learner="${escapeHtml(learner)}" data-exercise="${escapeHtml(exercise)}" data-wanting="${needsLook(record)}">
<h2>${escapeHtml(learner)}: ${found}</h2>
<p>${fields}</p>
${notes.map((note) => `<p>${escapeHtml(note)}</p>`).join("\n")}<div class="beside"><div>${questions.map(verdictHtml).join("\n")}</div>
<div><pre>${escapeHtml(code)}</pre></div></div>
</section>`;
}

/** Filters, checks and saves. It takes learners' text from attributes and puts none into markup. */
const script = `
const sections = [...document.querySelectorAll("section")];
const only = document.getElementById("wanting"), state = document.getElementById("state");
const filter = () => { for (const each of sections) each.hidden = only.checked && each.dataset.wanting !== "true"; };
only.addEventListener("change", filter);
filter();
const quote = (text) => '"' + text.replaceAll('"', '""') + '"';
let saved = true;
addEventListener("input", (event) => { if (event.target.closest("section")) { saved = false; state.textContent = "not saved"; } });
addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
document.getElementById("save").addEventListener("click", ({ target }) => {
  const rows = [];
  for (const each of sections) {
    const score = each.querySelector("[name=score]"), reason = each.querySelector("[name=reason]");
    if (score.value === "" && reason.value.trim() === "" && !score.validity.badInput) continue;
    score.setCustomValidity(score.value === "" ? "A reason needs a score." : "");
    reason.setCustomValidity(reason.value.trim() === "" ? "The learner reads the reason." : "");
    for (const field of [score, reason])
      if (!field.checkValidity()) { each.hidden = false; field.reportValidity(); return; }
    rows.push([each.dataset.learner, each.dataset.exercise, score.value, reason.value].map(quote).join(","));
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["learner,exercise,score,reason\\r\\n" + rows.join("\\r\\n") + "\\r\\n"], { type: "text/csv" }));
  link.download = target.dataset.file;
  link.click();
  saved = true;
  state.textContent = rows.length + (rows.length === 1 ? " decision" : " decisions") + " saved";
});
`;
