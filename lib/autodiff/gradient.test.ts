import { describe, expect, test } from "vitest";
import {
  add,
  array,
  backward,
  batchNorm,
  conv2d,
  exp,
  full,
  grad,
  jacobian,
  log,
  matmul,
  mean,
  multiply,
  power,
  relu,
  reshape,
  softmaxCrossEntropy,
  sum,
  tabulate,
  Tape,
  toDot,
  draw,
  toNested,
  trace,
  vjp,
  type Value,
} from "./index.js";

const numbers = (x: { data: Float64Array }): number[] => [...x.data];

describe("grad()", () => {
  test("sums what arrives at a value that is used twice", () => {
    const [dx] = grad((x) => sum(multiply(x, x)))(array([1, -2, 3]));
    expect(numbers(dx!)).toEqual([2, -4, 6]);
  });

  test("gives zeros for an input that the loss does not depend on", () => {
    const [, db] = grad((a) => sum(a))(array([1, 2]), array([3]));
    expect(toNested(db!)).toEqual([0]);
  });

  test("sums over what broadcasting repeated", () => {
    const [dx, db] = grad((x, b) => sum(multiply(add(x, b), add(x, b))))(array([[1, 2], [3, 4]]), array([10, 20])); // prettier-ignore
    expect(toNested(dx!)).toEqual([[22, 44], [26, 48]]); // prettier-ignore
    expect(toNested(db!)).toEqual([48, 92]);
  });

  test("can be differentiated again: the second and third derivative of x^4", () => {
    const first = (x: Value) => grad((x) => power(x, { exponent: 4 }))(x)[0]!;
    const second = (x: Value) => grad(first)(x)[0]!;
    expect(grad(first)(3)[0]!.item()).toBeCloseTo(12 * 9, 9);
    expect(grad(second)(3)[0]!.item()).toBeCloseTo(24 * 3, 9);
  });

  test("of a gradient does not mix up the two variables: d/dx (x d/dy (x y)) = 2x", () => {
    const [dx] = grad((x) => multiply(x, grad((y) => multiply(x, y))(x)[0]!))(5);
    expect(dx!.item()).toBe(10);
  });

  test("differentiates exp twice, where TensorFlow.js goes wrong: x e^x at 0.5", () => {
    const f = (x: Value) => multiply(x, exp(x));
    const [second] = grad((x) => grad(f)(x)[0]!)(0.5);
    expect(second!.item()).toBeCloseTo(2.5 * Math.exp(0.5), 12);
  });

  test("refuses a loss that is not one number, and names its line and operation", () => {
    expect(() => grad((x) => relu(x))(array([1, 2]))).toThrow(
      "line 2, relu: a loss must be one number; got shape [2]: take its sum or mean",
    );
  });

  test("refuses a program that does not use its inputs", () => {
    expect(() => grad(() => sum(array([1])))(array([1]))).toThrow("got a constant");
  });
});

describe("jacobian()", () => {
  test("of a matrix product is the matrix", () => {
    const w = array([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    const [dx] = jacobian((x) => matmul(x, w), [array([[7, 8]])]);
    expect(dx!.shape).toEqual([1, 3, 1, 2]);
    expect(numbers(dx!)).toEqual([1, 4, 2, 5, 3, 6]);
  });
});

describe("errors", () => {
  test("of shapes name the line and the operation", () => {
    const program = (x: Value, w: Value) => sum(matmul(relu(x), w));
    expect(() => grad(program)(full([2, 3], 1), full([2, 3], 1))).toThrow(
      "line 4, matmul: x must have as many columns as W has rows; got [2, 3] and [2, 3]",
    );
  });

  test.each([
    ["conv2d", () => conv2d(full([1, 4, 4, 3], 1), full([3, 3, 2, 1], 1)), /conv2d: the filter must be \[K, K, 3, Cout\]/],
    ["conv2d", () => conv2d(full([1, 2, 2, 1], 1), full([3, 3, 1, 1], 1)), /a window of 3 with padding 0 must fit/],
    ["conv2d", () => conv2d(full([1, 4, 4, 1], 1), full([3, 3, 1, 1], 1), { stride: 0 }), /stride must be a whole number of at least 1; got 0/],
    ["add", () => add(full([2], 1), full([3], 1)), /add: the shapes must agree/],
    ["reshape", () => reshape(full([2], 1), { shape: [3] }), /reshape: the shape must hold x's 2 elements/],
    ["batchNorm", () => batchNorm(full([1, 2], 1), full([2], 1), full([2], 1)), /at least two values a channel/],
    ["sum", () => sum(full([2], 1), { axes: [1] }), /axes must be axes of the shape \[2\], from 0; got 1/],
    ["softmaxCrossEntropy", () => softmaxCrossEntropy(full([1, 2], 1), { labels: [2] }), /labels must be classes, 0 to 1; got 2/],
  ])("%s() refuses what cannot be computed", (_, run, message) => {
    expect(run).toThrow(message);
  }); // prettier-ignore

  test("of values name the line and the place", () => {
    expect(() => grad((x) => sum(log(x)))(array([1, -1]))).toThrow("line 2, log: the result must be finite; got NaN at index [1]"); // prettier-ignore
    expect(() => grad((x) => sum(x))(array([1, NaN]))).toThrow("line 1, the input without a name must be finite; got NaN at index [1]"); // prettier-ignore
  });

  test("of a gradient name the line of the vjp: the square root at 0", () => {
    expect(() => grad((x) => sum(power(x, { exponent: 0.5 })))(array([4, 0]))).toThrow(
      /^line 2, the vjp of power: power: the result must be finite; got Infinity at index \[1\]/,
    );
  });

  test("of a vjp with the wrong shape name the line and the operation", () => {
    const rules = { relu: (dy: Value) => [sum(dy)] };
    expect(() => grad((x) => sum(relu(x)), { rules })(array([1, 2]))).toThrow(
      "line 2, the vjp of relu: the gradient of x must have its shape [2]; got []",
    );
  });

  test("of values of two tapes", () => {
    const [a, b] = [new Tape().input(array([1])), new Tape().input(array([1]))];
    expect(() => add(a, b)).toThrow("must be on one tape");
  });

  test("of a dy with the wrong shape", () => {
    const { pullback } = vjp((x) => relu(x), [array([1, 2])]);
    expect(() => pullback(array([1]))).toThrow("dy must have the result's shape [2]; got [1]");
  });
});

describe("draw()", () => {
  const traced = trace((x, w) => mean(relu(matmul(x, w)).named("hidden")), [array([[1, 2]]), array([[3], [4]])], ["x", "W"]); // prettier-ignore

  test("toDot() shows operations, values and gradients, and an edge for each use", () => {
    const dot = toDot(traced, { gradients: backward(traced.output, full([], 1)) });
    expect(dot).toContain('label="hidden: relu\\nvalue [1, 1]: 11\\ngradient [1, 1]: 1"');
    expect(dot.match(/->/g)).toHaveLength(4);
    expect(dot).toContain('label="W: input\\nvalue [2, 1]: 3, 4\\ngradient [2, 1]: 1, 2"');
  });

  test("draw() gives an SVG with a box for each line", async () => {
    const drawing = await draw(traced);
    expect(drawing.svg.match(/class="node"/g)).toHaveLength(5);
    expect(drawing.svg).toContain("hidden: relu");
  });

  test("draw() keeps names with quotes and backslashes", async () => {
    const odd = trace((x) => relu(x).named('a "b" \\gamma'), [tabulate([10], (i) => i)]);
    expect((await draw(odd)).svg).toContain("a &quot;b&quot; \\gamma");
  });
});

test("trace() writes one line for an operation whose forward pass is made of others", () => {
  const { tape } = trace(
    (x, w) => mean(conv2d(x, w, { padding: 1 })),
    [tabulate([1, 3, 3, 1], (_, i, j) => i - 2 * j + 0.5), tabulate([3, 3, 1, 2], (i, j) => i + j - 1.5)],
  );
  const lines = tape.values.map(({ origin }) => origin?.operation.operation ?? "input");
  expect(lines).toEqual(["input", "input", "conv2d", "mean"]);
});
