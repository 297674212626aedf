// What chapter 12 says in words of its recorded studies, computed from the records.
import { analysis, runtime, train } from "residual";
import { beforeAll, expect, it } from "vitest";

const errorsOf = async (study: string) => {
  const { networks, missing } = await train.recordedStudy(study);
  expect(missing).toBe(0);
  return (name: string): readonly number[] => networks.find((network) => network.name === name)!.errors.train;
};
const differences = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value - b[i]!);
const isAbove = (a: readonly number[], b: readonly number[]) =>
  differences(a, b).every((points) => points > 0);

beforeAll(async () => {
  await runtime.ready();
});

it("first-steps-without-norm: batch norm leads, then He's weights clipped; SkipInit is not told apart from the fixed factor", async () => {
  const errors = await errorsOf("first-steps-without-norm");
  expect(isAbove(errors("he-clipped"), errors("batch-norm"))).toBe(true);
  for (const start of ["fixed-factor", "skip-init", "layer-scale", "fixup"])
    expect(isAbove(errors(start), errors("he-clipped")), start).toBe(true);
  const { lower, upper } = analysis.meanInterval(differences(errors("skip-init"), errors("fixed-factor")));
  expect([lower < 0, upper > 0]).toEqual([true, true]);
  expect(isAbove(errors("fixup"), errors("fixup-random-classifier"))).toBe(true);
  expect(isAbove(errors("fixup-random-classifier"), errors("skip-init"))).toBe(true);
});

it("adaptive-clipping: it helps with every seed at 0.4, with some at 0.05 and 0.2, and does not make 0.8 good", async () => {
  const errors = await errorsOf("adaptive-clipping");
  const gains = (rate: number) => differences(errors(`rate-${rate}`), errors(`rate-${rate}-clipped`));
  expect(gains(0.4).every((gain) => gain > 0)).toBe(true);
  expect(analysis.meanInterval(gains(0.4)).lower).toBeGreaterThan(0);
  for (const rate of [0.05, 0.2]) {
    expect(gains(rate).some((gain) => gain > 0) && gains(rate).some((gain) => gain < 0)).toBe(true);
    expect(analysis.meanInterval(gains(rate)).lower).toBeLessThan(0);
  }
  expect(isAbove(errors("rate-0.8-clipped"), errors("rate-0.2-clipped"))).toBe(true);
});
