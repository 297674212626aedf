// JavaScript's library between two cells: as it was for the kernel, as they made it for cells.
import { afterEach, describe, expect, it } from "vitest";
import { Intrinsics } from "./intrinsics";

const intrinsics = new Intrinsics();
const { map } = Array.prototype;

afterEach(() => {
  intrinsics.restore();
});

describe("Intrinsics", () => {
  it("restore() takes back what was changed, added and taken away; reapply() gives it to cells again", () => {
    Array.prototype.map = (() => "patched") as unknown as typeof map;
    Object.defineProperty(Object.prototype, "get", { get: () => 5, configurable: true });
    Reflect.deleteProperty(String.prototype, "trim");
    intrinsics.restore();
    expect(Array.prototype.map).toBe(map);
    expect("get" in {}).toBe(false);
    expect(" a ".trim()).toBe("a");
    intrinsics.reapply();
    const seen = [Array.prototype.map === map, "get" in {}, "trim" in String.prototype];
    intrinsics.restore();
    expect(seen).toEqual([false, true, false]);
  });

  it("restore() twice keeps what cells have made", () => {
    Array.prototype.map = (() => "patched") as unknown as typeof map;
    intrinsics.restore();
    intrinsics.restore();
    intrinsics.reapply();
    const changed = Array.prototype.map !== map;
    intrinsics.restore();
    expect(changed).toBe(true);
  });
});
