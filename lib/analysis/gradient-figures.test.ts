// The microscope's figures on traces worked by hand: what is drawn, with rounded numbers, and what the captions say.
import { expect, test } from "vitest";
import { splitTrace, type GradientTrace } from "./gradient-split.js";
import type { IdentityReport } from "./identity-sums.js";
import {
  gradientGrowth,
  gradientTerms,
  oneAndSum,
  shortcutShare,
  termsCosine,
  type Figure,
} from "../namespaces/plot.js";

/** Three units whose terms are two numbers each, so that every norm can be worked by hand. */
function split(network: string, moment: string, shortcuts: readonly string[], pull = 1) {
  const units = shortcuts.map((shortcut, i) => {
    const carried = shortcut === "none" ? [0, 0] : [3, 0];
    const residual = [pull, i + 1];
    const gradient = carried.map((value, k) => value + residual[k]!);
    return {
      name: `stage${i + 1}.unit1`,
      shortcut,
      shape: [1, 1, 1, 2],
      gradient: Float32Array.from(gradient),
      carried: Float32Array.from(carried),
      residual: Float32Array.from(residual),
    };
  });
  const trace: GradientTrace = { network, moment, units, topNorm: 2 };
  return splitTrace(trace);
}

const residual = split("resnet-8", "before training", ["identity", "zero padding/2", "identity"]);
const later = split("resnet-8", "after 2 epochs", ["identity", "zero padding/2", "identity"], -1);
const plain = split("plain-8", "before training", ["none", "none", "none"]);

/** Traces with numbers rounded to three digits, so that a snapshot outlives another machine's last bit. */
function rounded({ data, summary }: Figure): unknown {
  const round = (_key: string, value: unknown): unknown =>
    typeof value === "number" ? Number(value.toPrecision(3)) : value;
  return { data: JSON.parse(JSON.stringify(data, round)) as unknown, summary };
}

const values = (drawn: Figure) => drawn.data.map(({ name, y }) => [name, y]);

test("gradientTerms() draws the whole and both terms, and says where the shortcut is no identity", () => {
  const drawn = gradientTerms(residual);
  expect(rounded(drawn)).toMatchSnapshot();
  expect(drawn.summary).toContain("At unit 2 the shortcut is no identity (zero padding/2)");
});

test("gradientTerms() draws no shortcut where there is none, and says so", () => {
  const drawn = gradientTerms(plain);
  expect(drawn.data.map(({ name }) => name)).toEqual(["dE/dx", "through F"]);
  expect(drawn.summary).toContain("No shortcut at every unit.");
});

test("gradientGrowth() counts from the loss, relative to the gradient above the last unit", () => {
  const drawn = gradientGrowth([plain, residual]);
  expect(rounded(drawn)).toMatchSnapshot();
  const [[, y]] = values(drawn) as [[string, number[]]];
  expect(y[0]).toBeCloseTo(Math.hypot(1, 3) / 2, 6);
  expect(y[2]).toBeCloseTo(Math.hypot(1, 1) / 2, 6);
  // sqrt(2) / 2 over three units.
  expect(drawn.summary).toContain("plain-8: 0.8909 per unit, 0.7071 over 3 units.");
});

test("shortcutShare() and termsCosine() name what differs between the series: moments or networks", () => {
  expect(rounded(shortcutShare([residual, later]))).toMatchSnapshot();
  expect(rounded(termsCosine([residual, plain]))).toMatchSnapshot();
  expect(shortcutShare([residual, later, plain]).data.map(({ name }) => name)).toEqual([
    "resnet-8, before training",
    "resnet-8, after 2 epochs",
    "plain-8, before training",
  ]);
});

test("oneAndSum() draws both parts of an identity's report", () => {
  const row = { to: "stage1.unit2", terms: 1, h: "identity", f: "identity", error: 0, holds: true };
  const report = {
    network: "resnet-8",
    rows: [
      { ...row, from: "stage1.unit1", one: 1, sum: 2 },
      { ...row, from: "stage1.unit2", one: 1, sum: 0 },
    ],
  } as unknown as IdentityReport;
  expect(values(oneAndSum(report))).toEqual([
    ["the 1", [1, 1]],
    ["the sum", [2, null]],
  ]);
});
