// Typed results: found in prose, and not where a number is a paper's, a formula's or a reader's time.
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { chapters } from "./pages";
import { typedNumbers } from "./typed-numbers";

describe("typedNumbers()", () => {
  test.each([
    ["The deeper network errs in 12 % of the images.", "12 %"],
    ["After training it was 0.65 nats worse.", "0.65 nats"],
    ["One epoch takes 14 seconds here.", "14 seconds"],
    ["The law gives a factor 0.774 in our run.", "0.774"],
    ["It needs 1.3 GiB.", "1.3 GiB"],
    ["| network | loss |\n|---|---|\n| plain-56 | 1.11 |", "1.11"],
    ["The interval, a 95 % interval, reaches from 0.31 up.", "0.31"],
  ])("typedNumbers() finds the result in %j", (text, number) => {
    expect(typedNumbers(`# A\n\n${text}`).map((one) => one.text)).toEqual([number]);
  });

  test.each([
    "Its Table 2 reports a top-1 error of 27.94 %.",
    "Momentum 0.95 and a rate of 0.01, batches of 128.",
    "If each layer multiplied by 0.8, it would be $0.8^{54} \\approx 6 \\times 10^{-6}$, or `0.65 nats`.",
    "**Time.** Reading: 25 minutes. Running: a few minutes.",
    "1. Add depths. (Easy, 10 minutes.)\n2. Remove it. (Medium, 20 minutes.)",
    "The 95 % confidence interval of the mean.",
    "An interval of 95 % would lie above zero by chance in 2.5 % of such experiments.",
    "| statement | where in the paper |\n|---|---|\n| ResNet-56 has 6.97 % | Table 6 |",
  ])("typedNumbers() passes over %j", (text) => {
    expect(typedNumbers(text)).toEqual([]);
  });

  test("typedNumbers() gives the line", () => {
    expect(typedNumbers("# A\n\nfine\n\nthe loss\nis 0.65 nats")).toEqual([{ line: 6, text: "0.65 nats" }]);
  });
});

test("no result of ours is typed into the prose of a chapter", () => {
  const root = resolve(__dirname, "..", "..");
  const typed = chapters(root).flatMap(({ name, markdown }) =>
    typedNumbers(markdown).map(({ line, text }) => `notebooks/${name}.ts:${line}: ${text}`),
  );
  expect(typed).toEqual([]);
});
