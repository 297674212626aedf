// Small curves: every point in the picture, bounded size, and nothing of a name that HTML would read.
import fc from "fast-check";
import { expect, test } from "vitest";
import { smallCurves } from "./small-curves.js";

const axes = { x: "epoch", y: "loss" };

test("smallCurves() keeps every point within its picture, whatever finite numbers come", () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });
  const curve = fc
    .array(fc.tuple(value, value), { maxLength: 100 })
    .map((points) => ({ name: "one", x: points.map(([x]) => x), y: points.map(([, y]) => y) }));
  fc.assert(
    fc.property(fc.array(curve, { maxLength: 5 }), (curves) => {
      const html = smallCurves(curves, axes);
      const points = [...html.matchAll(/points="([^"]*)"/g)].flatMap(([, list]) => list!.split(" "));
      for (const [x, y] of points.map((point) => point.split(",").map(Number))) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(420);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(130);
      }
      const known = curves.filter(({ x }) => x.length > 0);
      expect(html.match(/<polyline/g) ?? []).toHaveLength(known.length);
    }),
  );
});

test("smallCurves() of a thousand long runs stays a small picture, with the first names and a count of the others", () => {
  const long = Array.from({ length: 1000 }, (_, i) => i + 1);
  const many = long.map((i) => ({ name: `network ${i}`, x: long, y: long.map((x) => i / x) }));
  const html = smallCurves(many, axes);
  expect(html.length).toBeLessThan(200_000);
  expect(html).toContain("network 12");
  expect(html).not.toContain("network 13<");
  expect(html).toContain("and 988 more");
  expect(smallCurves(many.slice(0, 8), axes).length).toBeLessThan(10_000);
});

test("smallCurves() gives curves of one name one colour, and escapes names", () => {
  const one = { x: [1, 2], y: [2, 1] };
  const html = smallCurves(
    [
      { name: "<b>", ...one },
      { name: "&", ...one },
      { name: "<b>", ...one },
    ],
    axes,
  );
  const colours = [...html.matchAll(/<polyline [^>]*stroke="([^"]+)"/g)].map(([, colour]) => colour);
  expect(colours[0]).toBe(colours[2]);
  expect(colours[0]).not.toBe(colours[1]);
  expect(html).toContain("&lt;b&gt;");
  expect(html).not.toContain("<b>");
});

test("smallCurves() is nothing before the first point, and leaves room until the last x", () => {
  expect(smallCurves([{ name: "one", x: [], y: [] }], axes)).toBe("");
  const [half] = /points="[^"]*"/.exec(
    smallCurves([{ name: "one", x: [1, 2], y: [2, 1] }], { ...axes, until: 3 }),
  )!;
  expect(half).toMatch(/^points="56.0,[^ ]+ 236.0,/); // the middle between 56 and 416
});
