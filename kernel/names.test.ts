// Names under which a session's variables run: no two become one, and none is the platform's or one of ours.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runtimeName, temporaryName, withoutMark } from "./names";

const names = fc.oneof(
  fc.constantFrom("performance", "Map", "window", "toString", "x", "temporary"),
  fc.stringMatching(/^(performance|Map|x|temporary)(·[1-9]?){0,3}$/),
);

describe("runtimeName()", () => {
  it("runtimeName() makes no two names one, and none that TypeScript's variables have", () => {
    fc.assert(
      fc.property(names, names, fc.nat(20), (a, b, number) => {
        expect(runtimeName(a) === runtimeName(b)).toBe(a === b);
        expect(runtimeName(a)).not.toBe(temporaryName(number));
      }),
    );
  });

  it("runtimeName() leaves no name of the platform, and marks nothing else", () => {
    for (const name of ["performance", "Map", "fetch", "process", "window", "require", "constructor"])
      expect(withoutMark(runtimeName(name))).toBe(name);
    for (const name of ["x", "kernel", "cell", "display", "residual"]) expect(runtimeName(name)).toBe(name);
  });
});
