// The library's own schedules.
import { train } from "residual";

const steps = train.stepSchedule({ learningRate: 0.1, at: [32_000, 48_000] });

export function learningRate(step: number, warmUp: number): number {
  return step < warmUp ? 0.01 : steps.learningRate(step);
}
