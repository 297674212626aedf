// Starts runs until the time is up.
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
  const epochs = (plan.batch / plan.trainingImages) * plan.steps;
  const training = (epochs * plan.trainingImages) / plan.trainingRate;
  const hoursPerRun = (training + plan.evaluations * (plan.testImages / plan.testRate)) / 60 / 60;
  let runs = 0;
  while ((runs + 1) * hoursPerRun <= plan.hours) runs++;
  return { epochs, hoursPerRun, runs };
}
