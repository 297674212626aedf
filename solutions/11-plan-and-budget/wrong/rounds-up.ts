// A run that does not finish.
// Believed: A run that is nearly through is a run.
// In class: A run that ends before its rate is divided for the last time measures another recipe. Plan whole runs, and say beforehand what
// happens to a run that is cut off.
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

export function planRuns(plan: Plan): { epochs: number; hoursPerRun: number; runs: number } {
  const { trainingImages, testImages, batch, steps, trainingRate, testRate, evaluations, hours } = plan;
  const seen = steps * batch;
  const seconds = seen / trainingRate + (evaluations * testImages) / testRate;
  const hoursPerRun = seconds / 3600;
  return { epochs: seen / trainingImages, hoursPerRun, runs: Math.ceil(hours / hoursPerRun) };
}
