// The sampling of test images in a comparison on the same ones: against the closed form, and against what independent images would give.
import type { train } from "residual";
import { describe, expect, it } from "vitest";
import { imageDeviation } from "./images";

/** A record in which the images are right that `bits` says, eight of them. */
const record = (bits: number) =>
  ({
    testCorrect: btoa(String.fromCharCode(bits)),
    data: { test: { images: 8 } },
  }) as unknown as train.RunRecord;

describe("imageDeviation()", () => {
  it("is 0 where both networks are wrong on the same images, however many", () => {
    expect(imageDeviation([record(0b11110000)], [record(0b11110000)])).toBe(0);
  });

  it("is that of a difference by images", () => {
    // Six images alike, two that only the first gets wrong: differences of 0 and 1, mean 1/4, squares 6/16 + 2 * 9/16.
    const expected = 100 * Math.sqrt((6 / 16 + 18 / 16) / 7 / 8);
    expect(imageDeviation([record(0b00111111)], [record(0b11111111)])).toBeCloseTo(expected, 12);
    // Means over runs: each image half wrong in one network.
    expect(imageDeviation([record(0b11110000), record(0b00001111)], [record(0b11111111)])).toBe(0);
  });

  it("refuses networks without runs, and other images", () => {
    expect(() => imageDeviation([], [record(1)])).toThrow("at least one run of each network");
    const other = { testCorrect: "gA==", data: { test: { images: 3 } } } as unknown as train.RunRecord;
    expect(() => imageDeviation([record(1)], [other])).toThrow("got 8 and 3 of them");
  });
});
