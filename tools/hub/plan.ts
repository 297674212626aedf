// What a class needs in machines, from what one learner was measured to need: the tables of docs/jupyterhub.md.
import { highest } from "../../lib/numeric";
import { formatBytes } from "../notebooks/duration";

/** One learner in one chapter, on a server of a Hub; memory as Linux divides it among those who share it (PSS). */
export interface ChapterUse {
  /** `01-the-degradation-problem` */
  readonly chapter: string;
  /** The chapter's own reading time. */
  readonly readingMinutes: number;
  /** Seconds of a processor from the kernel's start to the last cell's end. */
  readonly processorSeconds: number;
  /** The kernel and what it started: before the first cell, the most while cells run, and afterwards with all that they left. */
  readonly freshBytes: number;
  readonly mostBytes: number;
  readonly restBytes: number;
  /** Seconds of a processor that kernel and server take in an hour in which nothing is run. */
  readonly restSecondsAnHour: number;
}

/** What was measured of one learner. */
export interface LearnerRecord {
  readonly measured: string;
  readonly setting: "everyday";
  readonly machine: { readonly processor: string; readonly cores: number; readonly platform: string };
  readonly node: string;
  /** The learner's server with no kernel. */
  readonly serverBytes: number;
  /** The Hub and its proxy. */
  readonly hubBytes: number;
  readonly chapters: readonly ChapterUse[];
}

/** The machine in which classes are counted. */
const machine = { cores: 16, bytes: 64 * 2 ** 30 };
/** What the system, the file cache and the Hub are left of a machine. */
const usable = 0.85;
/** A learner who works in one chapter and has left others open. */
const openKernels = 2;
const classes = [30, 300, 3000] as const;

const cell = (text: string | number): string => ` ${text} `;
const row = (...cells: readonly (string | number)[]): string => `|${cells.map(cell).join("|")}|`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");

/** The most that a chapter's kernel held. It is looked at once a second while cells run, and can come to its most after the last. */
const mostOf = ({ mostBytes, restBytes }: ChapterUse): number => highest([mostBytes, restBytes]);

/** What one learner takes: all of it at once, and of a processor on the average of a class that reads. */
export function oneLearner({ serverBytes, chapters }: LearnerRecord): {
  readonly bytes: number;
  readonly cores: number;
} {
  const working = highest(chapters.map(mostOf));
  const resting = highest(chapters.map(({ restBytes }) => restBytes));
  const cores = highest(
    chapters.map(({ processorSeconds, readingMinutes }) => processorSeconds / (60 * readingMinutes)),
  );
  return { bytes: serverBytes + working + (openKernels - 1) * resting, cores };
}

/** What a class needs whose learners are all there. */
export function classNeeds(
  record: LearnerRecord,
  learners: number,
): { readonly bytes: number; readonly cores: number; readonly machines: number } {
  // prettier-ignore
  const one = oneLearner(record);
  const [bytes, cores] = [learners * one.bytes, learners * one.cores];
  const machines = Math.ceil(highest([bytes / machine.bytes, cores / machine.cores]) / usable);
  return { bytes, cores, machines };
}

/** The page's part between its two marks. */
export function planText(record: LearnerRecord): string {
  const one = oneLearner(record);
  const { serverBytes, hubBytes, chapters } = record;
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const measured = table(
    ["chapter", "reading", "processor", "a processor's share", "kernel, fresh", "at most", "resting afterwards", "processor at rest"], // prettier-ignore
    chapters.map((use) => [
      use.chapter,
      `${use.readingMinutes} min`,
      `${Math.round(use.processorSeconds)} s`,
      (use.processorSeconds / (60 * use.readingMinutes)).toFixed(3),
      formatBytes(use.freshBytes),
      formatBytes(mostOf(use)),
      formatBytes(use.restBytes),
      `${Math.round(use.restSecondsAnHour)} s an hour`,
    ]),
  );
  const needs = table(
    ["learners at once", "memory", "processors", `machines of ${machine.cores} processors and ${gib(machine.bytes)}`], // prettier-ignore
    classes.map((learners) => {
      const { bytes, cores, machines } = classNeeds(record, learners);
      return [
        learners,
        `${learners} × ${gib(one.bytes)} = ${gib(bytes)}`,
        `${learners} × ${one.cores.toFixed(3)} = ${cores.toFixed(1)}`,
        machines,
      ];
    }),
  );
  const working = highest(chapters.map(mostOf));
  const resting = highest(chapters.map(({ restBytes }) => restBytes));
  return `Measured on ${record.measured} (${record.machine.processor}, ${record.machine.cores} cores, Node ${record.node}) at the everyday setting. A server without a kernel holds
${formatBytes(serverBytes)}, the Hub and its proxy ${formatBytes(hubBytes)}.

${measured}

A learner who works in one chapter with another left open holds the server, the largest kernel at work and ${openKernels - 1} at rest:
${formatBytes(serverBytes)} + ${formatBytes(working)} + ${openKernels - 1} × ${formatBytes(resting)} = ${gib(one.bytes)}. Of a processor a class that reads takes, on the average, the share of the
hungriest chapter: its processor time over its reading time, ${one.cores.toFixed(3)}.

${needs}

Machines are the larger of memory and processors, with ${Math.round(100 * (1 - usable))} % left to the system and the Hub, rounded up. The average holds where not all press
Run in the same minute. ${togetherText(record, classes[0])}`;
}

/** What happens where a whole class runs the chapter that takes most at the same time. */
function togetherText(record: LearnerRecord, learners: number): string {
  const seconds = highest(record.chapters.map(({ processorSeconds }) => processorSeconds));
  const { chapter } = record.chapters.find(({ processorSeconds }) => processorSeconds === seconds)!;
  const { machines } = classNeeds(record, learners);
  const minutes = (processors: number, wanted: number): string => {
    const rounded = Math.max(1, Math.round(wanted / (60 * processors)));
    return `${rounded} ${rounded === 1 ? "minute" : "minutes"}`;
  };
  return `If all ${learners} of a class run ${chapter} at once, ${machines === 1 ? "one such machine is" : `${machines} such machines are`} busy with it for ${minutes(machines * machine.cores, learners * seconds)};
a learner alone on two processors waits ${minutes(2, seconds)}.`;
}

const marks = ["<!-- machines: made by npm run bench:classroom -->", "<!-- /machines -->"] as const;

/** What stands there before anybody has measured. */
const notMeasured =
  "Not measured yet. `npm run bench:classroom` measures one learner in chapters 00, 01 and 04 and writes the tables here.";

/** The page with the tables of a record, or without one the sentence that there is none. @throws Error where it lacks the place for them */
export function withPlan(page: string, record: LearnerRecord | undefined): string {
  const [begin, end] = marks.map((mark) => page.indexOf(mark)) as [number, number];
  if (begin < 0 || end < begin) throw new Error(`docs/jupyterhub.md must hold ${marks.join(" and ")}`);
  return `${page.slice(0, begin + marks[0].length)}\n\n${record === undefined ? notMeasured : planText(record)}\n\n${page.slice(end)}`;
}
