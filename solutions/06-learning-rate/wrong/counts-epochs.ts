// Thousands of steps taken for epochs.
// Believed: 32k is a number of epochs.
// In class: The paper counts steps. Let the class turn steps into epochs by the batch size and the number of training images, and say which of
// the two they would write into a configuration.
export function learningRate(step: number, warmUp: number): number {
  if (step < warmUp) return 0.01;
  if (step < 32) return 0.1;
  return step < 48 ? 0.01 : 0.001;
}
