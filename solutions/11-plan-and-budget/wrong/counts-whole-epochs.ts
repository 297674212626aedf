// Epochs are rounded up.
interface Plan {
  readonly trainingImages: number;
  readonly testImages: number;
  readonly batch: number;
  readonly steps: number;
  readonly trainingRate: number;
  readonly testRate: number;
  readonly evaluations: number;
  readonly hours: number;
}

export function planRuns(plan: Plan) {
  const seen = plan.steps * plan.batch;
  const epochs = Math.ceil(seen / plan.trainingImages);
  const seconds = seen / plan.trainingRate + (plan.evaluations * plan.testImages) / plan.testRate;
  const hoursPerRun = seconds / 3600;
  return { epochs, hoursPerRun, runs: Math.floor(plan.hours / hoursPerRun) };
}
