// The class at a glance: how each question went and which mistakes were made how often, as a page of plotly figures.
import { total, type LearnerRecord, type QuestionRecord } from "../record";
import { escapeHtml, page } from "./html";
import { highest } from "../../../lib/numeric";

/** One question over all learners. */
export interface QuestionStatistics {
  readonly exercise: string;
  readonly question: string;
  readonly title: string;
  readonly outOf: number;
  /** Points of each learner who handed it in. */
  readonly points: readonly number[];
  /** Learners by named mistake, the most frequent first. */
  readonly mistakes: readonly (readonly [name: string, learners: number])[];
  readonly properties: readonly PropertyStatistics[];
  /** By the day on which the counting attempt was handed in, the earliest first. */
  readonly days: readonly { readonly day: string; readonly learners: number; readonly mean: number }[];
}

/** One property over all learners who handed it in. */
export interface PropertyStatistics {
  readonly title: string;
  /** Learners who have its points. */
  readonly right: number;
  readonly learners: number;
  /** Its mistakes, the most frequent first, each in the words that the first learner read. */
  readonly mistakes: readonly { readonly name: string; readonly words: string; readonly learners: number }[];
}

/** Every question that somebody handed in, in the course's order. */
export function questionStatistics(records: readonly LearnerRecord[]): QuestionStatistics[] {
  const found = new Map<string, { exercise: string; answers: QuestionRecord[]; days: string[] }>();
  for (const { exercises } of records) {
    for (const { exercise, questions, submitted } of exercises) {
      for (const question of questions) {
        const key = `${exercise}/${question.id}`;
        const entry = found.get(key) ?? { exercise, answers: [], days: [] };
        entry.answers.push(question);
        entry.days.push(submitted.slice(0, 10));
        found.set(key, entry);
      }
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { exercise, answers, days }]) => ({
      exercise,
      question: answers[0]!.id,
      title: answers[0]!.title,
      outOf: answers[0]!.outOf,
      points: answers.map(({ points }) => points),
      mistakes: countMistakes(answers),
      properties: propertyStatistics(answers),
      days: [...new Set(days)].sort().map((day) => {
        const points = answers.filter((_, index) => days[index] === day).map((answer) => answer.points);
        return { day, learners: points.length, mean: total(points, (value) => value) / points.length };
      }),
    }));
}

function propertyStatistics(answers: readonly QuestionRecord[]): PropertyStatistics[] {
  return answers[0]!.properties.map(({ id, title }) => {
    const own = answers.flatMap(({ properties }) => properties.filter((property) => property.id === id));
    const found = new Map<string, { name: string; words: string; learners: number }>();
    for (const { mistake, message } of own) {
      if (mistake === undefined) continue;
      const known = found.get(mistake);
      found.set(mistake, {
        name: mistake,
        words: known?.words ?? message ?? "",
        learners: (known?.learners ?? 0) + 1,
      });
    }
    const mistakes = [...found.values()].sort(
      (a, b) => b.learners - a.learners || (a.name < b.name ? -1 : 1),
    );
    const right = own.filter(({ points, outOf }) => points === outOf).length;
    return { title, right, learners: own.length, mistakes };
  });
}

function countMistakes(answers: readonly QuestionRecord[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { properties } of answers) {
    const names = new Set(properties.flatMap(({ mistake }) => (mistake === undefined ? [] : [mistake])));
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** The page. It expects plotly.js beside it as `plotly.min.js`. */
export function statisticsPage(records: readonly LearnerRecord[]): string {
  const statistics = questionStatistics(records);
  const figures = statistics.flatMap((each, index) => figuresOf(each, index));
  const sections = statistics.map((question, index) => {
    const { exercise, title, points, outOf } = question;
    const mean = points.length === 0 ? 0 : total(points, (value) => value) / points.length;
    return `<h2>${escapeHtml(exercise)}: ${escapeHtml(title)}</h2>
<p>${points.length} learners, mean ${mean.toFixed(2)} of ${outOf}</p>
<div id="points-${index}" role="img" aria-label="Learners by points"></div>
<div id="mistakes-${index}" role="img" aria-label="Learners by mistake"></div>
${propertiesHtml(question)}
${daysHtml(question)}`;
  });
  // JSON inside a script: `<` would let a name end it.
  const json = JSON.stringify(figures).replaceAll("<", "\\u003c");
  return page(
    "Class statistics",
    `<h1>Class statistics</h1>\n<p>${records.length} learners</p>\n${sections.join("\n")}`,
    [
      '<script src="plotly.min.js"></script>',
      `<script>for (const { id, data, layout } of ${json}) Plotly.newPlot(id, data, layout, { responsive: true });</script>`,
    ],
  );
}

/** Each property with its commonest mistakes in words: what to say about it in the next lecture. */
function propertiesHtml({ properties }: QuestionStatistics): string {
  const rows = properties.map(({ title, right, learners, mistakes }) => {
    const words = mistakes
      .slice(0, 3)
      .map(
        ({ name, words: said, learners: count }) =>
          `${count}: ${escapeHtml(said)} <small>(${escapeHtml(name)})</small>`,
      )
      .join("<br>");
    return `<tr><td>${escapeHtml(title)}</td><td class="points">${right} of ${learners}</td><td>${words}</td></tr>`;
  });
  return `<table><tr><th>property</th><th>right</th><th>learners by mistake</th></tr>\n${rows.join("\n")}</table>`;
}

function daysHtml({ days, outOf }: QuestionStatistics): string {
  const rows = days.map(
    ({ day, learners, mean }) =>
      `<tr><td>${escapeHtml(day)}</td><td class="points">${learners}</td><td class="points">${mean.toFixed(2)} of ${outOf}</td></tr>`,
  );
  return `<table><tr><th>handed in on</th><th>learners</th><th>mean</th></tr>\n${rows.join("\n")}</table>`;
}

function figuresOf({ points, outOf, mistakes }: QuestionStatistics, index: number): object[] {
  const values = Array.from({ length: outOf + 1 }, (_, value) => value);
  const learners = values.map((value) => points.filter((each) => each === value).length);
  const shown = mistakes.slice(0, 12).reverse();
  return [
    {
      id: `points-${index}`,
      data: [{ type: "bar", x: values, y: learners, width: 0.8 }],
      layout: {
        height: 260,
        margin: { t: 20 },
        xaxis: { title: { text: "points" }, range: [-0.6, outOf + 0.6], dtick: Math.ceil(outOf / 20) || 1 },
        yaxis: { title: { text: "learners" }, ...counts(learners) },
      },
    },
    {
      id: `mistakes-${index}`,
      data: [
        { type: "bar", orientation: "h", x: shown.map(([, count]) => count), y: shown.map(([name]) => name) },
      ],
      layout: {
        height: 120 + 24 * shown.length,
        margin: { t: 20, l: 220 },
        xaxis: { title: { text: "learners" }, ...counts(shown.map(([, count]) => count)) },
        yaxis: { type: "category" },
      },
    },
  ];
}

/** An axis that counts learners: from zero, in whole steps. */
function counts(values: readonly number[]): object {
  return { rangemode: "tozero", dtick: Math.max(1, Math.ceil(highest([0, ...values]) / 8)) };
}
