// A float32 table of levels, and how many edges have been passed.
const levels = new Float32Array([0.1, 0.01, 0.001]);

export const learningRate = (step: number, warmUp: number) =>
  warmUp > step ? levels[1]! : levels[Number(step >= 32_000) + Number(step >= 48_000)]!;
