// Files of torch.save: those of real PyTorch are read, and so are those that hold more than a state dict.
import { describe, expect, test, vi } from "vitest";
import { asFloat32 } from "./floats.js";
import {
  archive,
  ascii,
  dictionary,
  fixture,
  global,
  good,
  int,
  program,
  reduce,
  text,
  storage,
  tuple,
} from "./torch-file.fixture.js";
import { decodeTorch } from "./torch-file.js";

describe("decodeTorch()", () => {
  test.each(["views.pt", "views-legacy.pt"])(
    "decodeTorch() of %s gives every type and view that PyTorch wrote",
    (file) => {
      const tensors = decodeTorch(fixture(file), { name: file });
      const base = Float32Array.from({ length: 24 }, (_, i) => i);
      const at = (i: number, j: number, k: number) => 12 * i + 4 * j + k;
      const transposed = [0, 1, 2, 3].flatMap((k) =>
        [0, 1].flatMap((i) => [0, 1, 2].map((j) => at(i, j, k))),
      );
      const numbers = [0, -0, 1, -2.5, 65504, 2 ** -24, Infinity];
      const floats = (shape: number[], values: Iterable<number>) => ({ dtype: "F32", shape, data: Float32Array.from(values) }); // prettier-ignore
      expect(Object.fromEntries([...tensors].filter(([name]) => !name.includes("float")))).toEqual({
        base: floats([24], base),
        transposed: floats([4, 2, 3], transposed),
        offset: floats([2, 2], [at(1, 1, 1), at(1, 1, 3), at(1, 2, 1), at(1, 2, 3)]),
        expanded: floats([2, 3], [5, 5, 5, 5, 5, 5]),
        scalar: floats([], [7]),
        empty: floats([0, 3], []),
        parameter: floats([2, 2], [2, 3, 4, 5]),
        int64: { dtype: "I64", shape: [2], data: BigInt64Array.of(2n ** 53n + 1n, -1n) },
        int32: { dtype: "I32", shape: [2], data: Int32Array.of(7, -7) },
        uint8: { dtype: "U8", shape: [2], data: Uint8Array.of(0, 255) },
      });
      expect([...asFloat32(tensors.get("float16")!)!]).toEqual(numbers);
      // 65504 has eleven bits of fraction, bfloat16 keeps eight.
      expect([...asFloat32(tensors.get("bfloat16")!)!]).toEqual(
        numbers.map((x) => (x === 65504 ? 65536 : x)),
      );
      expect(tensors.get("float64")).toEqual({
        dtype: "F64",
        shape: [2],
        data: Float64Array.of(0.1, -1e300),
      });
      expect([...asFloat32(tensors.get("float64")!)!]).toEqual([Math.fround(0.1), -Infinity]);
    },
  );

  test("decodeTorch() gives one network's tensors in both formats", () => {
    const zip = decodeTorch(fixture("resnet-20.th"));
    const old = decodeTorch(fixture("resnet-20-legacy.th"));
    expect([...zip.keys()]).toEqual([...old.keys()].map((name) => `module.${name}`));
    for (const [name, value] of old) expect(zip.get(`module.${name}`)).toEqual(value);
  });

  test("decodeTorch() reads from the middle of a larger buffer, as Node gives small files", () => {
    for (const file of ["views.pt", "views-legacy.pt"]) {
      const bytes = fixture(file);
      const larger = new Uint8Array(bytes.length + 9).fill(0x50);
      larger.set(bytes, 3);
      expect(decodeTorch(larger.subarray(3, 3 + bytes.length))).toEqual(decodeTorch(bytes));
    }
  });

  test("decodeTorch() asks which of several state dicts is meant", () => {
    const state = dictionary(["w", good]);
    const two = archive(program(dictionary(["model", state], ["ema", state], ["epoch", int(3)])));
    expect(() => decodeTorch(two)).toThrow(
      'several state dicts: "model", "ema"; choose one by the option stateDict',
    );
    expect([...decodeTorch(two, { stateDict: "ema" }).keys()]).toEqual(["w"]);
    expect(() => decodeTorch(two, { stateDict: "epoch" })).toThrow(
      'under the key "epoch"; its keys are "model", "ema", "epoch"',
    );
    const none = archive(program(dictionary(["epoch", int(3)])));
    expect(() => decodeTorch(none)).toThrow(
      'at its top or one level below; its keys are "epoch", of state dicts none',
    );
    expect(() => decodeTorch(archive(program(int(3))))).toThrow(
      "it must hold a state dict; it holds a number",
    );
  });

  test("decodeTorch() takes a tensor as PyTorch wrote it before 0.4", () => {
    const sizes = [2, 3].map(int);
    const old = reduce(global("torch._utils", "_rebuild_tensor"), storage(6), int(0), tuple(...sizes), tuple(int(1), int(2))); // prettier-ignore
    const data = { "a/data/0": new Uint8Array(Float32Array.of(0, 1, 2, 3, 4, 5).buffer) };
    expect(decodeTorch(archive(program(dictionary(["w", old])), data)).get("w")!.data).toEqual(
      Float32Array.of(0, 2, 4, 1, 3, 5),
    );
  });

  test.each(["script.pt", "script-4.pt", "script-legacy.pt", "script-legacy-4.pt"])(
    "decodeTorch() of %s gives the state dict, and makes nothing of what a training script put beside it",
    (file) => {
      expect([...decodeTorch(fixture(file), { name: file })]).toEqual([
        ["w", { dtype: "F32", shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) }],
      ]);
    },
  );

  test("decodeTorch() takes one state dict under two keys for one", () => {
    const state = [...dictionary(["w", good]), ...ascii("q\0")];
    const twice = archive(program(dictionary(["model", state], ["net", ascii("h\0")])));
    expect([...decodeTorch(twice).keys()]).toEqual(["w"]);
    expect([...decodeTorch(twice, { stateDict: "net" }).keys()]).toEqual(["w"]);
  });

  test("decodeTorch() reads the texts of Python 2", () => {
    const short = (value: string) => [...ascii("U"), value.length, ...ascii(value)];
    const long = (value: string) => [...ascii("T"), value.length, 0, 0, 0, ...ascii(value)];
    const accuracy = reduce(global("numpy.core.multiarray", "scalar"), [...ascii("U"), 2, 0xff, 0]);
    const state = [...ascii("}("), ...short("v"), ...good, ...long("w"), ...good, ...ascii("u")];
    const content = [...ascii("}("), ...short("state_dict"), ...state, ...short("best"), ...accuracy, ...ascii("u")]; // prettier-ignore
    expect([...decodeTorch(archive(program(content))).keys()]).toEqual(["v", "w"]);
  });

  test("decodeTorch() reads a dictionary that is made of its items, as Python 2 writes an OrderedDict", () => {
    const item = (key: string) => [...ascii("]("), ...text(key), ...good, ...ascii("e")];
    const items = [...ascii("]("), ...item("v"), ...item("w"), ...ascii("e")];
    const state = [...reduce(global("collections", "OrderedDict"), items), ...dictionary(["_metadata", int(1)]), ...ascii("b")]; // prettier-ignore
    expect([...decodeTorch(archive(program(state))).keys()]).toEqual(["v", "w"]);
    expect([...decodeTorch(archive(program(dictionary(["net", state])))).keys()]).toEqual(["v", "w"]);
  });

  test.each<[string, [string, number[]][], string]>([
    // All of it has to be looked at to know that it is no state dict.
    ["tensors and, last, a number", [["w", good], ["epoch", int(3)]], 'the entry "epoch" of "first", beside tensors'],
    ["numbers", [["epoch", int(3)]], 'its keys are "first"'],
  ])("decodeTorch() looks through a dictionary of %s once, however many keys lead to it", (_, entries, message) => {
    const shared = [...dictionary(...entries), ...ascii("q\0")];
    const keys = Array.from({ length: 1000 }, (_unused, i): [string, number[]] => [`${i}`, ascii("h\0")]);
    const many = archive(program(dictionary(["first", shared], ...keys)));
    const looks = vi.spyOn(Map.prototype, Symbol.iterator);
    try {
      expect(() => decodeTorch(many)).toThrow(message);
      expect(looks.mock.calls.length).toBeLessThan(100);
    } finally {
      looks.mockRestore();
    }
  }); // prettier-ignore

  test("decodeTorch() takes a name like __proto__ for a name", () => {
    const tensors = decodeTorch(archive(program(dictionary(["__proto__", good], ["constructor", good]))));
    expect([...tensors.keys()]).toEqual(["__proto__", "constructor"]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
