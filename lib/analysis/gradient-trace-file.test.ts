// Whatever is written can be read, and what could not be read is not written.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GradientTrace } from "./gradient-split.js";
import { decodeTrace, encodeTrace } from "./gradient-trace-file.js";

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const oddFloat = fc.oneof({ arbitrary: float, weight: 20 }, { arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -0), weight: 1 }); // prettier-ignore
const name = fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), fc.constantFrom("__proto__", "__metadata__", "a/b", "\ud800", "x".repeat(201), "1")); // prettier-ignore
const traces: fc.Arbitrary<GradientTrace> = fc.record({
  network: name,
  moment: name,
  topNorm: fc.oneof(fc.double({ min: 0 }), fc.constantFrom(-0, -1, NaN, Infinity)),
  units: fc.array(
    fc.array(fc.nat(2), { maxLength: 3 }).chain((shape) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const values = fc
        .array(oddFloat, { minLength: size, maxLength: size })
        .map((data) => Float32Array.from(data));
      return fc.record({
        name,
        shortcut: name,
        shape: fc.constant(shape),
        gradient: values,
        carried: values,
        residual: values,
      });
    }),
    { maxLength: 4 },
  ),
});

test("decodeTrace() reads every trace that encodeTrace() does not refuse, and gives it back equal", () => {
  let written = 0;
  fc.assert(
    fc.property(traces, (trace) => {
      let bytes: Uint8Array;
      try {
        bytes = encodeTrace(trace);
      } catch (error) {
        expect((error as Error).message).toMatch(/^(a trace|tensor) /);
        return;
      }
      written++;
      expect(decodeTrace(bytes, "trace")).toEqual(trace);
    }),
    { numRuns: 2000, seed: 1 },
  );
  expect(written).toBeGreaterThan(200);
});
