// What grading one notebook needs besides the notebook.
import type { NotebookCompiler } from "./compiler";
import type { Judge } from "./judge/judge";
import type { Programs } from "./programs";
import type { Limits, Sandbox } from "./sandbox/sandbox";

/** What grading needs besides the notebook. */
export interface GradeOptions {
  readonly compiler: NotebookCompiler;
  readonly judge: Judge;
  readonly sandbox: Sandbox;
  readonly programs: Programs;
  readonly limits: Limits;
  /** Decides the hidden cases together with the learner's name and the attempt. */
  readonly secret: string;
  /** When the learner has used up what grading may take, as `performance.now()` counts. */
  readonly deadline: number;
  readonly onPeak?: (bytes: number) => void;
}
