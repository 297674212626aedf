// JavaScript's library between two cells: as it was for the kernel, as they made it for cells.
import { afterEach, describe, expect, it } from "vitest";
import { Intrinsics, KeptMap, KeptSet } from "./intrinsics";

const intrinsics = new Intrinsics();
const { map } = Array.prototype;
const get = Object.getOwnPropertyDescriptor(Map.prototype, "get")!;
const asArray = (): object | null => Object.getPrototypeOf(Array.prototype) as object | null;

/** What a cell may do to the library. */
function patch(): void {
  Array.prototype.map = (() => "patched") as unknown as typeof map;
  // It inherits nothing: what is put on Object.prototype would be a part of it.
  const accessor = Object.assign(Object.create(null) as PropertyDescriptor, {
    get: () => 5,
    set: () => undefined,
    configurable: true,
  });
  for (const key of ["get", "value", "0"]) Object.defineProperty(Object.prototype, key, accessor);
  Reflect.deleteProperty(String.prototype, "trim");
  Object.setPrototypeOf(Array.prototype, new Proxy(Object.prototype, { set: () => false }));
}

const state = (): unknown[] => [
  Array.prototype.map === map,
  !("get" in {}) && !("value" in {}) && !("0" in {}),
  "trim" in String.prototype,
  asArray() === Object.prototype,
];
const asItWas = [true, true, true, true];
const asPatched = [false, false, false, false];

afterEach(() => {
  intrinsics.begin();
  intrinsics.end();
});

describe("Intrinsics", () => {
  it("end() takes back what was changed, added and taken away; begin() gives it to cells again", () => {
    intrinsics.begin();
    patch();
    intrinsics.end();
    const ended = state();
    intrinsics.begin();
    const begun = state();
    intrinsics.end();
    expect([ended, begun, state()]).toEqual([asItWas, asPatched, asItWas]);
  });

  it("during() gives the kernel's work the library as it was, and the cell its own again, also when the work throws", () => {
    intrinsics.begin();
    patch();
    const within = intrinsics.during(() => intrinsics.during(state));
    const after = state();
    let thrown: unknown;
    try {
      intrinsics.during(() => {
        throw new Error("work");
      });
    } catch (error) {
      thrown = error;
    }
    const last = state();
    intrinsics.end();
    expect([within, after, (thrown as Error).message, last]).toEqual([asItWas, asPatched, "work", asPatched]);
  });

  it("end() within during() ends the cell", () => {
    intrinsics.begin();
    patch();
    intrinsics.during(() => {
      intrinsics.end();
    });
    expect(state()).toEqual(asItWas);
  });
});

it("KeptMap and KeptSet work whatever becomes of Map and Set", () => {
  const [kept, set] = [new KeptMap<string, number>(), new KeptSet<string>()];
  Map.prototype.get = () => "patched";
  try {
    kept.set("a", 1);
    set.add("a");
    expect([kept.get("a"), kept.size, set.has("a"), set.size]).toEqual([1, 1, true, 1]);
  } finally {
    Object.defineProperty(Map.prototype, "get", get);
  }
});
