// The gradient of inference.
// Believed: Mean and variance are constants when one differentiates.
// In class: In training they are functions of the whole batch, so each image's output depends on all images. Ask what must come out when a
// constant is added to every input, and what that says about the sum of the gradient.
const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

export function batchNormVjp(dy: readonly number[], x: readonly number[], scale: number, epsilon: number) {
  const m = x.length;
  const mean = average(x);
  const deviation = Math.sqrt(average(x.map((value) => (value - mean) ** 2)) + epsilon);
  const normalised = x.map((value) => (value - mean) / deviation);
  const meanDy = average(dy);
  const both = average(dy.map((d, i) => d * normalised[i]!));
  return {
    dx: dy.map((d) => (scale / deviation) * d),
    dscale: both * m,
    dshift: meanDy * m,
  };
}
