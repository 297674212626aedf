import fc from "fast-check";
import { expect, test } from "vitest";
import { compareLosses, remedyFor } from "./verdict";

const falling = Array.from({ length: 50 }, (_, i) => 0.5 + 2 * Math.exp(-i / 20));

test("compareLosses() takes rounding for rounding: a thousandth at first, each engine's own way to the same level later", () => {
  const noise = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 50, maxLength: 50 });
  fc.assert(
    fc.property(noise, (shares) => {
      const ours = falling.map((loss, i) => loss * (1 + shares[i]! * (i < 5 ? 0.001 : 0.04)));
      expect(compareLosses(ours, falling)).toMatchObject({ agrees: true });
    }),
  );
});

test("compareLosses() finds a wrong kernel in the first loss, a wrong gradient in the second, and training that stands still", () => {
  const with_ = (i: number, loss: number) => falling.map((value, at) => (at === i ? loss : value));
  expect(compareLosses(with_(0, 2.6), falling).because).toContain("the loss of update 1; 1.0 % is what rounding explains"); // prettier-ignore
  expect(compareLosses(with_(1, 2.5), falling)).toMatchObject({ agrees: false });
  expect(compareLosses(with_(30, NaN), falling).because).toBe("the loss of update 31 is NaN");
  const standing = falling.map((loss, i) => (i < 5 ? loss : 2.3));
  expect(compareLosses(standing, falling)).toMatchObject({ agrees: false });
  expect(compareLosses(standing, falling).because).toContain(
    "the last ten are 2.30 on average, on the CPU 0.7",
  );
});

test("compareLosses() refuses what cannot be compared", () => {
  expect(() => compareLosses([1, 2], [1])).toThrow("got 2 and 1");
  expect(() => compareLosses([1], [1])).toThrow("two at least");
});

test("remedyFor() says what to do about each failure that is known, and for any other to send the text", () => {
  const said: [string, string][] = [
    ["RESIDUAL_BACKEND=tensorflow does not start: the native engine is not installed", "npm run setup -- --gpu"],
    ["the native engine is installed; it does not use the NVIDIA GPU of this machine", "npm run setup -- --gpu"],
    ["OOM when allocating tensor with shape[128,64,8,8]", "smaller batchSize"],
    ["Could not load library libcudnn_ops_infer.so.8", "CUDA 12"],
    ["RESIDUAL_BACKEND=webgpu does not start: no GPU was found", "libvulkan1"],
    ["its process was ended by SIGSEGV. it printed nothing", "took the process with it"],
    ["no answer within 240 s", "newer graphics driver"],
    ["what nobody has seen", "send the text below"],
  ]; // prettier-ignore
  for (const [problem, remedy] of said) expect(remedyFor(problem)).toContain(remedy);
});
