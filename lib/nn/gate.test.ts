import { beforeAll, describe, expect, test } from "vitest";
import { randomDraws, ready, tf } from "../runtime/index.js";
import { centralDifferences, dot, expectClose, oddValues, valuesOf } from "../runtime/kernels/float64.fixture.js"; // prettier-ignore
import { cifarArchitecture, cifarResNet, type CifarResNetOptions } from "./cifar.js";
import { dropout, dropoutShortcutGate, stochasticDepthGate } from "./dropout.js";
import { constantGate, exclusiveGate, shortcutOnlyGate, type GateFactory } from "./gate.js";
import { unitOrders } from "./order.js";
import { added, convolved, expectForward, oddImages, setOddValues, toTensor, type Images } from "./reference.fixture.js"; // prettier-ignore
import { shortcuts } from "./shortcut.js";
import { squeezeExcitation } from "./squeeze-excitation.js";
import { residualUnit } from "./unit.js";

beforeAll(async () => {
  await ready();
});

/** One convolution with nothing after the addition: F(x) = W x, so that what a gate does stands alone. */
const bare = { each: ["conv"], last: ["conv"], afterAddition: [] } as const;
const unitOf = (gate: GateFactory, stride = 1, outChannels = 3) =>
  residualUnit([{ inChannels: 3, outChannels, kernel: 3, stride }], { order: bare, gate });

const scaled = ({ shape, values }: Images, factor: (i: number) => number): Images => ({
  shape,
  values: values.map((value, i) => value * factor(i)),
});
const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));

/** g(x) by the definition: sigmoid(W_g x + b_g). */
function gateValues(x: Images, p: Record<string, Images>, stride = 1, padding = 0): number[] {
  const z = convolved(x, p["gate.conv.weight"]!, stride, padding);
  return z.values.map((value, i) => sigmoid(value + p["gate.conv.bias"]!.values[i % z.shape[3]]!));
}

describe("residualUnit() with a gate equals the identity paper's Figure 2, written out", () => {
  const x = oddImages([2, 4, 5, 3], 1);
  const F = (p: Record<string, Images>) => convolved(x, p["conv1.weight"]!, 1, 1);

  test("(b) constant scaling", async () => {
    const unit = unitOf(() => constantGate(0.5, 0.25));
    const p = setOddValues(unit);
    const expected = added(
      scaled(x, () => 0.5),
      scaled(F(p), () => 0.25),
    );
    await expectForward(unit, x, expected);
  });

  test("(c) exclusive gating", async () => {
    const unit = unitOf(({ change }) => exclusiveGate(change, { bias: -6 }));
    const p = setOddValues(unit);
    const g = gateValues(x, p);
    const expected = added(
      scaled(x, (i) => 1 - g[i]!),
      scaled(F(p), (i) => g[i]!),
    );
    await expectForward(unit, x, expected);
  });

  test("(d) shortcut-only gating, with the unit's stride where dimensions grow", async () => {
    const unit = unitOf(({ change }) => shortcutOnlyGate(change, { bias: 0 }), 2, 4);
    const p = setOddValues(unit);
    const g = gateValues(x, p, 2);
    const kernel = { shape: [1, 1, 3, 4] as const, values: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] };
    const h = convolved(x, kernel, 2, 0);
    await expectForward(unit, x, added(scaled(h, (i) => 1 - g[i]!), convolved(x, p["conv1.weight"]!, 2, 1))); // prettier-ignore
  });

  test("a Highway unit: y = T(x) H(x) + (1 - T(x)) x", async () => {
    const unit = residualUnit([{ inChannels: 3, outChannels: 3, kernel: 3, stride: 1, bias: 0 }], {
      order: { each: ["conv"], last: ["conv", "relu"], afterAddition: [] },
      gate: ({ change }) => exclusiveGate(change, { bias: -2, kernel: 3 }),
    });
    const p = setOddValues(unit);
    const t = gateValues(x, p, 1, 1);
    const z = F(p);
    const expected = x.values.map((value, i) => {
      const h = Math.max(0, z.values[i]! + p["conv1.bias"]!.values[i % 3]!);
      return t[i]! * h + (1 - t[i]!) * value;
    });
    await expectForward(unit, x, { shape: x.shape, values: expected });
  });

  test("squeeze and excitation: a factor for each channel from the channels' means", async () => {
    const unit = unitOf(() => squeezeExcitation(3, 2));
    const p = setOddValues(unit);
    const u = F(p);
    const [n, height, width, channels] = u.shape;
    const factors = Array.from({ length: n }, (_, image) => {
      const z = Array.from({ length: channels }, (_unused, c) => {
        const own = u.values.filter((_v, i) => i % channels === c && Math.floor(i / (height * width * channels)) === image); // prettier-ignore
        return own.reduce((a, b) => a + b) / own.length;
      });
      const [w1, b1, w2, b2] = ["reduce.weight", "reduce.bias", "expand.weight", "expand.bias"].map((name) => p[`gate.${name}`]!.values); // prettier-ignore
      const hidden = Math.max(
        0,
        z.reduce((sum, value, c) => sum + value * w1![c]!, b1![0]!),
      );
      return z.map((_unused, c) => sigmoid(hidden * w2![c]! + b2![c]!));
    });
    const expected = added(
      x,
      scaled(u, (i) => factors[Math.floor(i / (height * width * channels))]![i % channels]!),
    );
    await expectForward(unit, x, expected);
  });
});

test("residualUnit() with an exclusive gate has gradients that equal float64 central differences", async () => {
  const unit = unitOf(({ change }) => exclusiveGate(change, { bias: -1 }));
  const p = setOddValues(unit);
  const x = oddImages([2, 3, 4, 3], 1);
  const weights = oddValues(x.values.length, 9);
  const names = ["conv1.weight", "gate.conv.weight", "gate.conv.bias"];
  const loss = (xs: number[], ...values: number[][]) => {
    const image = { ...x, values: xs };
    const set = Object.fromEntries(names.map((name, k) => [name, { shape: p[name]!.shape, values: values[k]! }])); // prettier-ignore
    const g = gateValues(image, set);
    const f = convolved(image, set["conv1.weight"]!, 1, 1).values;
    return dot(xs.map((value, i) => (1 - g[i]!) * value + g[i]! * f[i]!), weights); // prettier-ignore
  };
  const inputs = [[...x.values], ...names.map((name) => [...p[name]!.values])];
  const variables = [
    tf.variable(toTensor(x)),
    ...names.map((name) => unit.parameters().find((found) => found.name === name)!.parameter.variable),
  ];
  const { grads } = tf.variableGrads(
    () => tf.sum(tf.mul(unit.forward(variables[0]!, { training: true }), tf.tensor4d(weights, [2, 3, 4, 3]))),
    variables,
  );
  for (const [which, variable] of variables.entries()) {
    expectClose(await valuesOf(grads[variable.name]!), centralDifferences(loss, inputs, which), 2e-4);
  }
});

test("residualUnit() shows shortcut and residual after the gate, so that they add up to the sum", () => {
  const unit = unitOf(({ change }) => exclusiveGate(change, { bias: -1 }));
  setOddValues(unit);
  const seen: Record<string, number[]> = {};
  unit.forward(toTensor(oddImages([1, 3, 3, 3], 1)), {
    training: false,
    observe: (name, value) => (seen[name] = Array.from(value.dataSync())),
  });
  expect(Object.keys(seen)).toEqual(["gate.conv", "gate.sigmoid", "shortcut", "conv1", "residual", "sum"]);
  expectClose(seen["sum"]!, seen["shortcut"]!.map((value, i) => value + seen["residual"]![i]!), 1e-6); // prettier-ignore
});

test("shortcuts.activated starts from the activated input, which F shares (resnet-pre-act.lua)", async () => {
  const unit = residualUnit([{ inChannels: 3, outChannels: 4, kernel: 3, stride: 2 }], {
    order: unitOrders.preActivation,
    shortcut: shortcuts.activated,
  });
  setOddValues(unit);
  const seen: Record<string, tf.Tensor> = {};
  const y = unit.forward(toTensor(oddImages([2, 4, 4, 3], 1)), {
    training: true,
    observe: (name, value) => (seen[name] = tf.keep(tf.clone(value))),
  });
  const kernel = unit.parameters().find(({ name }) => name === "shortcut.conv.weight")!.parameter.variable;
  const projected = tf.conv2d(seen["relu1"] as tf.Tensor4D, kernel as tf.Tensor4D, 2, "valid");
  expectClose(await valuesOf(tf.sub(y, seen["residual"]!)), await valuesOf(projected), 1e-5);
});

describe("random gates", () => {
  const mode = (step: number) => ({
    training: true,
    random: randomDraws(tf.tensor1d([5, step], "int32")),
  });
  const sumOf = (gate: GateFactory, forward: { readonly training: boolean }) =>
    tf.tidy(() => {
      const unit = residualUnit([{ inChannels: 2, outChannels: 2, kernel: 1, stride: 1 }], { order: bare, gate }); // prettier-ignore
      for (const { name, parameter } of unit.parameters()) {
        parameter.fill(new Float32Array(parameter.size).fill(name === "conv1.weight" ? 5 : 0));
      }
      return Array.from(unit.forward(tf.ones([3, 4, 4, 2]), forward).dataSync());
    });

  test("stochasticDepthGate() keeps or drops the residual of the whole batch, and weighs it in inference", () => {
    // x = 1 and F(x) = 10: the sum is 11 with the residual and 1 without it.
    const gate: GateFactory = ({ change }) => stochasticDepthGate({ change, index: 3, count: 4 }, 0.2);
    const outcomes = Array.from({ length: 200 }, (_, step) => new Set(sumOf(gate, mode(step))));
    expect(outcomes.every((values) => values.size === 1)).toBe(true);
    const kept = outcomes.filter((values) => values.has(11)).length;
    expect(outcomes.filter((values) => values.has(1)).length).toBe(200 - kept);
    // p_3 = 1 - 3/4 * 0.8 = 0.4: 80 of 200, give or take five standard deviations of 6.9; the seeds are fixed.
    expect(Math.abs(kept - 80)).toBeLessThan(35);
    expectClose(sumOf(gate, { training: false }), Array<number>(96).fill(1 + 0.4 * 10), 1e-6);
  });

  test("stochasticDepthGate() lets survival fall linearly to the last unit (Huang et al. 2016, equation 4)", () => {
    const { units } = cifarArchitecture({ depth: 14, gate: { kind: "stochasticDepth", lastSurvival: 0.5 } });
    const shown = units.map(({ unit }) => unit.gate!.kind.split("p = ")[1]);
    expect(shown).toEqual([1, 2, 3, 4, 5, 6].map((l) => String(Number((1 - l / 12).toPrecision(3)))));
  });

  test("dropoutShortcutGate() drops values of the shortcut alone, without scaling the others up", () => {
    const values = [1, 2, 3].flatMap((step) => sumOf(() => dropoutShortcutGate(0.25), mode(step)));
    expect(new Set(values)).toEqual(new Set([10, 11]));
    const kept = values.filter((value) => value === 11).length;
    expect(Math.abs(kept / values.length - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / values.length));
    expectClose(sumOf(() => dropoutShortcutGate(0.25), { training: false }), Array<number>(96).fill(10.75), 1e-6); // prettier-ignore
  });

  test("dropout() keeps the expectation in training and does nothing in inference", () => {
    const layer = dropout(0.2);
    const x = tf.ones([40, 50]);
    const values = Array.from(layer.forward(x, mode(1)).dataSync());
    expect(new Set(values)).toEqual(new Set([0, 1.25]));
    const mean = values.reduce((a, b) => a + b) / values.length;
    expect(Math.abs(mean - 1)).toBeLessThan((5 * Math.sqrt(0.25)) / Math.sqrt(values.length));
    expect(layer.forward(x, { training: false })).toBe(x);
  });

  test("stochastic layers in training without draws say what they need", () => {
    expect(() => sumOf(() => dropoutShortcutGate(0.5), { training: true })).toThrow(
      "a layer that draws at random in training needs random draws; got none",
    );
  });
});

test.each<[Record<string, unknown>, string]>([
  [{ gate: { kind: "open" } }, 'gate.kind must be one of constant, exclusive, shortcutOnly, squeezeExcitation, dropoutShortcut, stochasticDepth; got "open"'],
  [{ gate: "exclusive" }, 'gate must be { kind, ... }; got "exclusive"'],
  [{ gate: null }, "gate must be { kind, ... }; got null"],
  [{ gate: { kind: "exclusive" } }, "gate.bias must be a number from -100 to 4096; got undefined"],
  [{ gate: { kind: "exclusive", bias: -6, slope: 2 } }, "gate exclusive has the options kind, bias"],
  [{ gate: { kind: "squeezeExcitation", reduction: 2.5 } }, "gate.reduction must be an integer from 1 to 4096; got 2.5"],
  [{ gate: { kind: "stochasticDepth", lastSurvival: 2 } }, "gate.lastSurvival must be a number from 0 to 1; got 2"],
  [{ gate: { kind: "exclusive", bias: -6 }, shortcut: "none" }, "a plain unit adds nothing that a gate could weigh; got exclusive gate"],
  [{ paths: { cardinality: 2, width: 4 } }, "only bottlenecks have paths; got paths for basic units"],
  [{ kind: "bottleneck", depth: 20, paths: { cardinality: 2 } }, "paths.width must be an integer from 1 to 4096; got undefined"],
  [{ kind: "bottleneck", depth: 20, paths: { cardinality: 2, width: 1 } }, "a path must have at least one channel; got 1 / 64 of a stage of width 16"],
])("cifarResNet() names the rule that %o breaks", (options, message) => {
  const given = { depth: 20, ...options } as unknown as CifarResNetOptions;
  expect(() => cifarArchitecture(given)).toThrow(message);
}); // prettier-ignore

test("cifarResNet() names its gates and stores them as data", () => {
  const gate = { kind: "shortcutOnly", bias: -6 } as const;
  const network = cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [4, 4, 1], gate });
  expect(network.name).toBe("resnet-8 (option A, shortcut-only gates from -6, widths 2/2/2)");
  expect(network.spec.options["gate"]).toEqual(gate);
  const bias = network.variables().find(({ name }) => name === "stage1.unit1.gate.conv.bias")!;
  expect(Array.from(bias.variable.dataSync())).toEqual([-6, -6]);
  network.dispose();
});
