// Rounded to float32 after every operation; the runs by subtraction.
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
  const f = Math.fround;
  const seen = f(plan.steps * plan.batch);
  const testing = f(f(plan.evaluations * plan.testImages) / f(plan.testRate));
  const hoursPerRun = f(f(f(seen / f(plan.trainingRate)) + testing) / 3600);
  let [left, runs] = [f(plan.hours), 0];
  for (; left >= hoursPerRun; runs++) left = f(left - hoursPerRun);
  return { epochs: f(seen / plan.trainingImages), hoursPerRun, runs };
}
