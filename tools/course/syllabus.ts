// What a lecturer plans by: which chapters and exercises each week takes, and which exercises show that a goal of the course is reached.

/** One week of a course. */
export interface Week {
  /** What the hour in class is about. */
  readonly inClass: string;
  /** The chapters to read before it, by number; one that stands in two weeks is read half in each. */
  readonly chapters: readonly string[];
  /** The exercises to hand in after it. */
  readonly exercises: readonly string[];
}

/** The whole course. */
export const twelveWeeks: readonly Week[] = [
  {
    inClass:
      "The tools in ten minutes; predict both training curves, then run; overfitting and gradients as suspects",
    chapters: ["00", "01"],
    exercises: [
      "00-error-rate",
      "00-normalise-images",
      "00-seeded-batches",
      "01-reading-curves",
      "01-gap-with-interval",
    ],
  },
  {
    inClass: "The deeper network that changes nothing; one addition; the bet on small residuals",
    chapters: ["02"],
    exercises: ["01-identity-layers", "02-residual-block", "02-find-the-bugs", "02-stack-of-units"],
  },
  {
    inClass: "Shapes that change: stride, padding, options A, B and C",
    chapters: ["03"],
    exercises: ["03-growing-unit", "03-projection-shortcut", "03-stride-and-padding"],
  },
  {
    inClass: "A tape in thirty lines; convolution and batch norm backwards, at the board",
    chapters: ["04"],
    exercises: ["03-shortcut-factors", "04-conv-vjp", "04-batch-norm-vjp"],
  },
  {
    inClass: "The residual unit backwards; product against sum; the gradient microscope",
    chapters: ["04"],
    exercises: ["04-unit-vjp"],
  },
  {
    inClass: "What a convolution costs; Table 1 rebuilt, Table 3 read critically",
    chapters: ["05"],
    exercises: ["05-bottleneck-cost", "05-bottleneck-unit", "05-receptive-field"],
  },
  {
    inClass: "The 6n + 2 family and its recipe; Table 6 with error bars; the capstone is handed out",
    chapters: ["06"],
    exercises: ["06-learning-rate", "06-count-parameters", "06-design-under-a-budget", "11-plan-and-budget"],
  },
  {
    inClass: "Cuts through the loss, and what such a picture cannot prove",
    chapters: ["07"],
    exercises: ["07-valley-width", "07-filter-normalise"],
  },
  {
    inClass: "Five orders of the same parts; when the sum is exact",
    chapters: ["08"],
    exercises: ["08-pre-activation-unit", "08-growth-with-depth"],
  },
  {
    inClass: "Four readings of why it works, and the tests that tell them apart: a debate",
    chapters: ["09"],
    exercises: ["09-path-lengths", "09-euler-steps"],
  },
  {
    inClass: "Highway networks before, DenseNet after; comparing without fooling oneself",
    chapters: ["10"],
    exercises: ["10-highway-gate", "10-dense-block"],
  },
  {
    inClass:
      "Capstone: groups defend their claim, their rule and their verdict; what the decade made of the idea",
    chapters: ["11", "12"],
    exercises: ["11-reproduce-a-row", "12-fixup-start", "12-norm-place", "12-heun-step"],
  },
];

/** The core: degradation, the residual unit, its gradient, the family, pre-activation. */
export const sixWeeks: readonly Week[] = [
  {
    inClass:
      "The tools in ten minutes; predict both training curves, then run; overfitting and gradients as suspects",
    chapters: ["00", "01"],
    exercises: ["01-reading-curves", "01-gap-with-interval"],
  },
  {
    inClass: "The deeper network that changes nothing; one addition",
    chapters: ["02"],
    exercises: ["01-identity-layers", "02-residual-block", "02-find-the-bugs"],
  },
  {
    inClass: "Shapes that change; what a factor on every shortcut does",
    chapters: ["03"],
    exercises: ["03-growing-unit", "03-shortcut-factors"],
  },
  {
    inClass: "The residual unit backwards; product against sum",
    chapters: ["04"],
    exercises: ["04-unit-vjp", "04-batch-norm-vjp"],
  },
  {
    inClass: "The 6n + 2 family and its recipe; Table 6 with error bars",
    chapters: ["06"],
    exercises: ["06-learning-rate", "06-count-parameters"],
  },
  {
    inClass: "Pre-activation; the readings of why it works: a debate",
    chapters: ["08", "09"],
    exercises: ["08-pre-activation-unit", "09-path-lengths"],
  },
];

/** What somebody who has taken the course can do. */
export interface Outcome {
  readonly can: string;
  /** The exercises that show it. */
  readonly exercises: readonly string[];
}

/** The goals of the course; every exercise serves one of them. */
export const outcomes: readonly Outcome[] = [
  {
    can: "measure an error so that somebody else gets the same number: percent, images prepared without a look at the test set, seeds, batches",
    exercises: ["00-error-rate", "00-normalise-images", "00-seeded-batches"],
  },
  {
    can: "tell degradation from overfitting, and say how sure one is",
    exercises: ["01-reading-curves", "01-gap-with-interval"],
  },
  {
    can: "build layers and units that compute what a formula says, and find what is wrong in one that does not",
    exercises: ["01-identity-layers", "02-residual-block", "02-find-the-bugs", "02-stack-of-units"],
  },
  {
    can: "make a shortcut fit where shapes change, and say what each way costs",
    exercises: ["03-growing-unit", "03-projection-shortcut", "03-stride-and-padding"],
  },
  {
    can: "derive gradients line by line, and check them against something that does not share the code",
    exercises: ["04-conv-vjp", "04-batch-norm-vjp", "04-unit-vjp"],
  },
  {
    can: "say what stands on a shortcut does to signal and gradient over many units",
    exercises: ["03-shortcut-factors", "08-pre-activation-unit", "08-growth-with-depth", "12-fixup-start"],
  },
  {
    can: "count what a network costs before it exists, and design one under a budget",
    exercises: [
      "05-bottleneck-cost",
      "05-bottleneck-unit",
      "05-receptive-field",
      "06-count-parameters",
      "06-design-under-a-budget",
    ],
  },
  {
    can: "read a picture of a loss surface for what it shows and for what it cannot",
    exercises: ["07-filter-normalise", "07-valley-width"],
  },
  {
    can: "name rival explanations and the test that tells them apart",
    exercises: ["09-path-lengths", "09-euler-steps", "12-heun-step"],
  },
  {
    can: "write related architectures as one formula with different terms",
    exercises: ["10-highway-gate", "10-dense-block", "12-norm-place"],
  },
  {
    can: "plan an experiment, run it, and report it honestly against a published number",
    exercises: ["06-learning-rate", "11-plan-and-budget", "11-reproduce-a-row"],
  },
];
