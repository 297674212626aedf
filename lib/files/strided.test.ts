// Views of an array, against the sum of index times stride that defines them.
import fc from "fast-check";
import { expect, test } from "vitest";
import { rowMajor } from "./strided.js";

test("rowMajor() gives the number at offset + index . strides for every index, whatever the axes", () => {
  const axis = fc.record({ length: fc.constantFrom(0, 1, 1, 1, 2, 3), stride: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(axis, { maxLength: 7 }), fc.nat(3), (axes, offset) => {
      const data = Float32Array.from({ length: 100 }, (_, i) => i);
      let places = [offset];
      for (const { length, stride } of axes) {
        places = places.flatMap((place) => Array.from({ length }, (_, i) => place + i * stride));
      }
      const shape = axes.map(({ length }) => length);
      const strides = axes.map(({ stride }) => stride);
      expect([...rowMajor(data, { shape, strides, offset })]).toEqual(places);
    }),
    { numRuns: 2000 },
  );
});
