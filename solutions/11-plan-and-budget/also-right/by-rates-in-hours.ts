// Everything in images per hour.
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
  const [training, testing] = [3600 * plan.trainingRate, 3600 * plan.testRate];
  const hoursPerRun = (plan.batch * plan.steps) / training + (plan.testImages * plan.evaluations) / testing;
  return {
    epochs: plan.steps / (plan.trainingImages / plan.batch),
    hoursPerRun,
    runs: Math.trunc(plan.hours / hoursPerRun),
  };
}
