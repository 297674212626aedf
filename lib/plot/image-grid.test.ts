// Grids of images: which are taken, what is written beside them, and what is refused.
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Figure } from "./figure.js";
import { imageGrid } from "./image-grid.js";

describe("imageGrid()", () => {
  // Six images of 1x2 grey pixels, each two equal bytes 10, 20, ... 60.
  const set = {
    images: Uint8Array.from({ length: 12 }, (_, i) => 10 * (1 + (i >> 1))),
    imageShape: [1, 2, 1] as const,
    labels: Uint8Array.of(1, 0, 1, 0, 1, 0),
    classes: ["cat", "dog"],
  };
  const labels = (drawn: Figure): unknown => drawn.data[1]!["text"];

  it("takes equally many of each class, in the order of the classes", () => {
    const drawn = imageGrid(set, { title: "Pets", count: 4, columns: 2 });
    expect(labels(drawn)).toEqual(["cat", "cat", "dog", "dog"]);
    expect(drawn.summary).toBe("Figure: Pets\n4 images of 1x2 pixels, 2 rows of up to 2\n2 cat, 2 dog");
  });

  it("is clear where no image is, so that labels are read on any ground", () => {
    const drawn = imageGrid(set, { title: "Pets", count: 2, columns: 2, pick: "first", labels: "hover" });
    const png = Buffer.from((drawn.data[0]!["source"] as string).split(",")[1]!, "base64");
    const from = png.indexOf("IDAT") + 4;
    const row = inflateSync(png.subarray(from, from + png.readUInt32BE(from - 8)));
    // A filter byte, then [grey, opacity]: two pixels of 10, the gap, two of 20.
    expect([...row]).toEqual([0, 10, 255, 10, 255, 0, 0, 20, 255, 20, 255]);
  });

  it("takes the first ones with pick: first", () => {
    expect(labels(imageGrid(set, { title: "Pets", count: 3, pick: "first" }))).toEqual(["dog", "cat", "dog"]);
  });

  it("writes the texts of the option captions", () => {
    const options = { title: "Pets", count: 2, captions: ["right", "wrong"] };
    expect(labels(imageGrid(set, options))).toEqual(["right", "wrong"]);
  });

  it.each([
    [{ count: 7 }, "count must be at most the 6 images; got 7"],
    [{ columns: 0 }, "columns must be a positive integer; got 0"],
    [{ count: 2, captions: ["one"] }, "captions must have 2 values; got 1"],
  ])("refuses %j", (bad, message) => {
    expect(() => imageGrid(set, { title: "Pets", ...bad })).toThrow(new RangeError(message));
  });

  it("refuses bytes that are no whole images", () => {
    expect(() => imageGrid({ ...set, images: new Uint8Array(5) }, { title: "Pets" })).toThrow(
      "images of 1x2x1 are a multiple of 2 bytes; got 5",
    );
  });
});
