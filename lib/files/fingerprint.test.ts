import { expect, test } from "vitest";
import { fingerprint } from "./fingerprint.js";

test("fingerprint() is SHA-256 of the parts' SHA-256, and tells bits and places apart", async () => {
  const { createHash } = await import("node:crypto");
  const digest = (data: Uint8Array | string) => createHash("sha256").update(data).digest();
  expect(await fingerprint(["ab", Uint8Array.of(1, 2)])).toBe(
    createHash("sha256").update(digest("ab")).update(digest(Uint8Array.of(1, 2))).digest("hex"), // prettier-ignore
  );
  const different = [[], [""], ["a", "b"], ["ab"], ["b", "a"], [Float32Array.of(0)], [Float32Array.of(-0)], [Float32Array.of(NaN)], [Float32Array.of(0, 0)], [Int32Array.of(1)], [Float32Array.of(1)]]; // prettier-ignore
  expect(new Set(await Promise.all(different.map((parts) => fingerprint(parts)))).size).toBe(
    different.length,
  );
  const part = new Float32Array([9, 1, 2]).subarray(1);
  expect(await fingerprint([part])).toBe(await fingerprint([Float32Array.of(1, 2)]));
});
