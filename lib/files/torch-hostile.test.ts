// Files of an attacker, and broken ones: each is refused by name, soon, without executing anything.
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import {
  archive,
  ascii,
  counted,
  dictionary,
  fixture,
  global,
  good,
  int,
  legacy,
  listOf,
  mark,
  orderedDict,
  program,
  proto,
  reduce,
  replaced,
  stop,
  storage,
  tensor,
  text,
  tuple,
  withTensor,
} from "./torch-file.fixture.js";
import { decodeTorch } from "./torch-file.js";

/** An opcode many times. */
const times = (count: number, opcode: number): number[] => Array<number>(count).fill(opcode);
/** An object of a class that the reader cannot know, still empty. */
const anObject = [...global("argparse", "Namespace"), ...ascii(")"), 0x81];
/** A training script's checkpoint, with something beside its state dict. */
const beside = (value: number[]) =>
  archive(program(dictionary(["state_dict", dictionary(["w", good])], ["x", value])));

const bomb = zipSync({ "a/data.pkl": program(dictionary(["w", good])), "a/data/0": new Uint8Array(1 << 24) }, { level: 9 }); // prettier-ignore

const hostile: [string, Uint8Array, string][] = [
  ["os.system by GLOBAL and REDUCE", withTensor(reduce(global("os", "system"), text("touch owned"))), 'the global "os.system" is not among'],
  ["os.system beside a good state dict", beside(reduce(global("os", "system"), text("id"))), 'the global "os.system" is not among'],
  ["os.system among the items of an unknown object", beside([...anObject, ...text("a"), ...reduce(global("os", "system"), text("id")), ...ascii("s")]), '"os.system"'],
  ["os.system as the state of an unknown object", beside([...anObject, ...reduce(global("os", "system"), text("id")), ...ascii("b")]), '"os.system"'],
  ["a call by way of getattr", beside(reduce(global("builtins", "getattr"), global("os", "path"), text("join"))), '"builtins.getattr"'],
  ["a call of what an unknown object is", beside([...anObject, ...ascii(")R")]), '"argparse.Namespace"'],
  ["a call of what plain data make", beside([...reduce(global("builtins", "set"), ascii("]")), ...ascii(")R")]), '"builtins.set"'],
  ["a function in a state dict", withTensor(global("os", "system")), '"w" is something of "os.system", which only Python can make'],
  ["a whole network", archive(program(global("__main__", "ResNet"), ascii(")"), [0x81], dictionary(["_modules", good]), ascii("b"))), 'it holds something of "__main__.ResNet", which only Python can make. Write the tensors alone'],
  ["a whole network in a legacy file", legacy(program(tuple(text("module"), global("__main__", "ResNet"), text("a.py"), text("pass")), ascii("Q)"), [0x81]), listOf()), 'it holds something of "__main__.ResNet"'],
  ["a state dict with a number among its tensors", archive(program(dictionary(["w", good], ["epoch", int(3)]))), 'the entry "epoch", beside tensors, is a number'],
  ["a state dict with a number among its tensors, one level below", archive(program(dictionary(["net", dictionary(["w", good], ["scale", reduce(global("numpy.core.multiarray", "scalar"))])]))), 'the entry "scale" of "net", beside tensors, is something of "numpy.core.multiarray.scalar"'],
  ["bytes longer than the file", beside([0x8e, ...times(8, 0xff)]), "the file is cut off"],
  ["posix.system", withTensor(reduce(global("posix", "system"), text("id"))), '"posix.system"'],
  ["builtins.eval by STACK_GLOBAL", withTensor([...text("builtins"), ...text("eval"), 0x93]), '"builtins.eval"'],
  ["a dotted path through a known module", withTensor([...text("torch._utils"), ...text("_rebuild_tensor_v2.__globals__"), 0x93]), '"torch._utils._rebuild_tensor_v2.__globals__"'],
  ["STACK_GLOBAL of a number", withTensor([...int(1), ...text("eval"), 0x93]), "a global is named by two texts; got a number and a string"],
  ["a whole model's class", withTensor(global("__main__", "ResNet")), 'torch.save(model.state_dict(), path)'],
  ["INST", withTensor([...mark, ...text("id"), ...ascii("ios\nsystem\n")]), "INST (0x69)"],
  ["OBJ", withTensor([...mark, ...orderedDict, ...ascii("o")]), "OBJ (0x6f)"],
  ["NEWOBJ", withTensor([...global("collections", "OrderedDict"), ...ascii(")"), 0x81]), "NEWOBJ needs a class; got a function"],
  ["NEWOBJ_EX", withTensor([0x92]), "NEWOBJ_EX (0x92)"],
  ["EXT1", withTensor([0x82, 1]), "EXT1 (0x82)"],
  ["EXT4", withTensor([0x84, 1, 0, 0, 0]), "EXT4 (0x84)"],
  ["PERSID", withTensor(ascii("Pstorage\n")), "PERSID (0x50)"],
  ["GET of text", withTensor(ascii("g0\n")), "GET (0x67)"],
  ["an opcode that no Python has", withTensor([0xfe]), "the opcode 0xfe"],
  ["BUILD with __setstate__", withTensor([...orderedDict, ...dictionary(["__setstate__", good]), ...ascii("b")]), 'it gives a dictionary "__setstate__"'],
  ["BUILD of a tensor", withTensor([...good, ...dictionary(["_metadata", good]), ...ascii("b")]), "BUILD may only give a dictionary"],
  ["BUILD with a tuple of states", withTensor([...orderedDict, ...tuple(ascii("N"), ascii("}")), ...ascii("b")]), "it gives a dictionary a tuple"],
  ["REDUCE of a storage type", withTensor(reduce(global("torch", "FloatStorage"), int(1 << 30))), "REDUCE needs a known function"],
  ["REDUCE of a text", withTensor(reduce(text("eval"), text("1"))), "REDUCE needs a known function and a tuple; got a string"],
  ["REDUCE with a list", withTensor([...global("collections", "OrderedDict"), ...ascii("]R")]), "and a list"],
  ["an OrderedDict of a dictionary", withTensor(reduce(global("collections", "OrderedDict"), ascii("}"))), "a dictionary must be made empty, or of one list of keys and values; got a dictionary"],
  ["an OrderedDict of a list and something", withTensor(reduce(global("collections", "OrderedDict"), ascii("]"), int(1))), "of one list of keys and values; got a number"],
  ["an OrderedDict of an item that is no pair", withTensor(reduce(global("collections", "OrderedDict"), [...ascii("]]"), ...int(1), ...ascii("aa")])), "must be a list of its key and its value; got a list"],
  ["an OrderedDict of one key twice", withTensor(reduce(global("collections", "OrderedDict"), [...ascii("](](K\0Ne](K\0Nee")])), "holds the key 0 twice"],
  ["an OrderedDict whose key is a dictionary", withTensor(reduce(global("collections", "OrderedDict"), [...ascii("]](}Nea")])), "a key must not be a dictionary"],
  ["a defaultdict of items", withTensor(reduce(global("collections", "defaultdict"), ascii("N"), dictionary(["w", good]))), "a dictionary must be made empty"],
  ["a long name of a global again and again", beside([...text("a".repeat(1000)), ...ascii("q\0"), ...ascii("h\0"), 0x93]), "a global's module and name have at most 256 letters"],
  ["BUILD with a large whole number", beside([...orderedDict, ...ascii("}"), 0x8a, 9, ...times(9, 0x11), ...ascii("Nsb")]), "it gives a dictionary 314824432191309680913"],
  ["BUILD with a tuple that holds itself", beside([...orderedDict, ...ascii("}]q\0"), ...ascii("h\0"), ...ascii("a"), 0x85, ...ascii("Nsb")]), "it gives a dictionary a tuple"],
  ["a persistent id of its own kind", withTensor([...tuple(text("module"), text("os")), ...ascii("Q")]), 'must be ("storage", type'],
  ["a persistent id that is a text", withTensor([...text("os.system"), ...ascii("Q")]), 'must be ("storage", type'],
  ["a storage of a stranger's type", withTensor([...tuple(text("storage"), text("FloatStorage"), text("0"), text("cpu"), int(4)), ...ascii("Q")]), 'must be ("storage", type'],
  ["a storage of a type without numbers here", withTensor(tensor(storage(2, "0", "ComplexFloatStorage"), 0, [2], [1])), 'the tensor "w" is of "torch.ComplexFloatStorage", whose numbers are not read here'],
  ["a storage of a type of nobody's", withTensor(tensor(storage(4, "0", "OddStorage"), 0, [4], [1])), 'must be ("storage", type'],
  ["a storage of negative length", withTensor(tensor(storage(-4), 0, [4], [1])), 'must be ("storage", type'],
  ["a storage of two lengths", withTensor([...tuple(good, tensor(storage(3), 0, [3], [1]))]), 'the storage "0" is F32 of 4 and F32 of 3'],
  ["a storage that is missing", withTensor(tensor(storage(4, "1"), 0, [4], [1])), 'the archive has no "data/1"'],
  ["a storage shorter than it claims", withTensor(tensor(storage(5), 0, [4], [1])), "must hold 5 numbers of F32, as its tensors say; it holds 4"],
  ["a storage's key that leads elsewhere", withTensor(tensor(storage(4, "../data.pkl"), 0, [4], [1])), 'the archive has no "data/../data.pkl"'],
  ["a tensor beyond its storage", withTensor(tensor(storage(4), 1, [2, 2], [2, 1])), "reaches beyond the 4 numbers"],
  ["strides beyond the storage", withTensor(tensor(storage(4), 0, [2, 2], [3, 1])), "strides [3, 1] and offset 0 reaches beyond"],
  ["a negative size", withTensor(tensor(storage(4), 0, [-1], [1])), "none of them negative"],
  ["a negative stride", withTensor(tensor(storage(4), 3, [4], [-1])), "none of them negative"],
  ["a negative offset", withTensor(tensor(storage(4), -1, [4], [1])), "a storage and an offset; got an object and -1"],
  ["fewer strides than sizes", withTensor(tensor(storage(4), 0, [2, 2], [2])), "as many sizes as strides"],
  ["more axes than PyTorch has", withTensor(tensor(storage(4), 0, Array<number>(65).fill(1), Array<number>(65).fill(1))), "at most 64"],
  ["one number that unfolds to 2^31 of them", withTensor(tensor(storage(4), 0, [2 ** 30, 2], [0, 0])), 'unfold to more than 4 times the file, at "w"'],
  ["a shape too large to count", withTensor(tensor(storage(4), 0, [2 ** 30, 2 ** 30], [0, 0])), "reaches beyond"],
  ["a lazily negated tensor", withTensor(tensor(storage(4), 0, [4], [1], dictionary(["neg", [0x88]]))), "holds other numbers than it stores"],
  ["a parameter of no tensor", withTensor(reduce(global("torch._utils", "_rebuild_parameter"), int(1))), "a parameter needs a tensor; got a number"],
  ["a memo's value that was never kept", withTensor(ascii("h\x07")), "the memo has no value 7"],
  ["a pop of an empty stack", archive(program(ascii("a"))), "takes a value from an empty stack"],
  ["a mark that is not open", archive(program(ascii("t"))), "goes back to a mark, and none is open"],
  ["values left behind", archive(program(good, good)), "STOP leaves 1 values behind"],
  ["a key twice", archive(program(dictionary(["w", good], ["w", good]))), 'a dictionary holds the key "w" twice'],
  ["a key that is a dictionary", archive(program([...ascii("}}"), ...good, ...ascii("s")])), "a key must not be a dictionary"],
  ["a key without a value", archive(program([...ascii("}("), ...text("w"), ...ascii("u")])), "a value for each key"],
  ["items for a list", archive(program([...ascii("]("), ...text("w"), ...good, ...ascii("u")])), "items need a dictionary"],
  ["something appended to a tuple", archive(program(ascii(")Na"))), "only a list can be appended to; got a tuple"],
  ["a text that is not UTF-8", archive(program([...ascii("X"), 1, 0, 0, 0, 0xff])), "not valid UTF-8"],
  ["a text of four gigabytes", archive(program([...ascii("X"), 0xff, 0xff, 0xff, 0xff])), "the file is cut off"],
  ["a name without an end", archive(program(ascii(`c${"a".repeat(300)}`))), "a name must end within 256 bytes"],
  ["a pickle without an end", archive(Uint8Array.from([...proto, ...good])), "the file is cut off"],
  ["a pickle of protocol 0", archive(Uint8Array.from([0x80, 0, ...good, ...stop])), "protocol must be 2 to 5; it is 0"],
  ["bytes behind the pickle", archive(Uint8Array.from([...program(dictionary(["w", good])), ...program(good)])), "bytes follow the pickle's end"],
  ["a hundred thousand marks", archive(program(times(100_000, 0x28))), "it nests too deep"],
  ["two hundred thousand open lists", archive(program(times(200_000, 0x5d))), "values wait on the stack"],
  ["a hundred thousand nested tuples", archive(program(ascii("N"), times(100_000, 0x85))), "it must hold a state dict; it holds a tuple"],
  ["endless operations", archive(program(Array.from({ length: 2_000_001 }, (_, i) => (i === 0 ? 0x5d : i % 2 ? 0x4e : 0x61)))), "more than 2000000 operations"],
  ["a zip bomb", bomb, 'the entry "a/data.pkl" is compressed'],
  ["an entry of fewer bytes than it claims", withCentralSize(archive(program(dictionary(["w", good]))), 1 << 28), "claims 268435456 bytes"],
  ["a name that leads out of the archive", archive(program(good), { "a/../../etc/passwd": new Uint8Array(1) }), 'the entry "a/../../etc/passwd" must be a path inside'],
  ["an absolute name", archive(program(good), { "/etc/passwd": new Uint8Array(1) }), "must be a path inside"],
  ["a name of another system", archive(program(good), { "a/..\\b": new Uint8Array(1) }), "must be a path inside"],
  ["the name __proto__", replaced(archive(program(good), { "a/protoxx": new Uint8Array(1) }), "a/protoxx", "__proto__"), 'the entry "__proto__" must be a path inside'],
  ["two entries of one name", replaced(archive(program(good), { "a/data/0": new Uint8Array(16), "a/data/1": new Uint8Array(16) }), "a/data/1", "a/data/0"), 'the entry "a/data/0" is there twice'],
  ["two pickles", archive(program(good), { "b/data.pkl": program(good) }), "this archive holds 2"],
  ["no pickle", zipSync({ "a/other": new Uint8Array(1) }, { level: 0 }), "this archive holds 0"],
  ["a TorchScript program", archive(program(good), { "a/constants.pkl": program(good) }), "it is a TorchScript program"],
  ["big-endian numbers", archive(program(good), { "a/byteorder": Uint8Array.from(ascii("big")) }), "must be little-endian"],
  ["a zip that is cut off", fixture("resnet-20.th").subarray(0, 50_000), "the zip archive is damaged"],
  ["a legacy file that is cut off", fixture("resnet-20-legacy.th").subarray(0, 50_000), "the file is cut off"],
  ["a legacy file cut off within its pickle", fixture("resnet-20-legacy.th").subarray(0, 5_000), "the file is cut off"],
  ["a legacy file of another magic number", Uint8Array.from([...fixture("views-legacy.pt")].map((byte, i) => (i === 6 ? byte + 1 : byte))), "PyTorch's magic number"],
  ["a legacy file of another protocol", Uint8Array.from([...fixture("views-legacy.pt")].map((byte, i) => (i === 18 ? byte + 1 : byte))), "protocol must be 1001; it is 1002"],
  ["os.system in a legacy file", legacy(program(reduce(global("os", "system"), text("id"))), listOf()), '"os.system"'],
  ["os.system where a legacy file lists its keys", legacy(program(good), reduce(global("os", "system"), text("id"))), '"os.system"'],
  ["a legacy storage that is missing", legacy(program(dictionary(["w", good])), listOf()), 'the storage "0" is missing'],
  ["a legacy storage that nobody asked for", legacy(program(dictionary(["w", good])), listOf("0", "1"), counted(4n, 16)), 'the key "1" belongs to no storage'],
  ["a legacy storage twice", legacy(program(dictionary(["w", good])), listOf("0", "0"), counted(4n, 16), counted(4n, 16)), 'the storage "0" is there twice'],
  ["a legacy storage of another length", legacy(program(dictionary(["w", good])), listOf("0"), counted(-4n, 16)), "must hold 4 numbers of F32, as its tensors say; it holds -4"],
  ["bytes behind a legacy file", legacy(program(dictionary(["w", good])), listOf("0"), counted(4n, 17)), "1 bytes follow its last storage"],
  ["legacy keys that are no list", legacy(program(dictionary(["w", good])), dictionary()), "keys must be a list; got a dictionary"],
]; // prettier-ignore

/** Claims another size, stored and in all, for the archive's first entry in its central directory. */
function withCentralSize(bytes: Uint8Array, size: number): Uint8Array {
  const changed = new Uint8Array(bytes);
  const view = new DataView(changed.buffer);
  const directory = view.getUint32(changed.length - 6, true);
  view.setUint32(directory + 20, size, true);
  view.setUint32(directory + 24, size, true);
  return changed;
}

/** A zip's end written as zip64, as for more than 65,534 entries: what names the directory is in a record of its own. */
function asZip64(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 22;
  const old = new DataView(bytes.buffer, bytes.byteOffset + end);
  const made = new Uint8Array(bytes.length + 76);
  made.set(bytes.subarray(0, end));
  made.set(bytes.subarray(end), end + 76);
  const view = new DataView(made.buffer, end);
  view.setUint32(0, 0x06064b50, true);
  view.setBigUint64(4, 44n, true);
  view.setBigUint64(24, BigInt(old.getUint16(8, true)), true);
  view.setBigUint64(32, BigInt(old.getUint16(10, true)), true);
  view.setBigUint64(40, BigInt(old.getUint32(12, true)), true);
  view.setBigUint64(48, BigInt(old.getUint32(16, true)), true);
  view.setUint32(56, 0x07064b50, true);
  view.setBigUint64(64, BigInt(end), true);
  view.setUint32(72, 1, true);
  view.setUint16(76 + 8, 0xffff, true);
  view.setUint16(76 + 10, 0xffff, true);
  view.setUint32(76 + 16, 0xffffffff, true);
  return made;
}

describe("decodeTorch() of a hostile or broken file", () => {
  test("the files by hand are good where nothing is wrong with them", () => {
    const expected = { dtype: "F32", shape: [2, 2], data: new Float32Array(4) };
    const pickle = program(dictionary(["w", good]));
    expect(decodeTorch(archive(pickle)).get("w")).toEqual(expected);
    expect(decodeTorch(asZip64(archive(pickle))).get("w")).toEqual(expected);
    expect(decodeTorch(legacy(pickle, listOf("0"), counted(4n, 16))).get("w")).toEqual(expected);
  });

  test.each(hostile)("decodeTorch() refuses %s, and names it", (_, bytes, message) => {
    const refused = () => decodeTorch(bytes, { name: "bad.th" });
    expect(refused).toThrow(message);
    expect(refused).toThrow(/^bad\.th: .{1,400}$/);
  });

  test("decodeTorch() says at which byte of which pickle", () => {
    const bytes = withTensor(reduce(global("os", "system"), text("id")));
    expect(() => decodeTorch(bytes, { name: "bad.th" })).toThrow(
      /^bad\.th: data\.pkl, byte 30: the global "os\.system"/,
    );
  });

  test("decodeTorch() of a good file with some bytes changed gives tensors or its own error, soon", () => {
    const files = ["views.pt", "views-legacy.pt"].map(fixture);
    const flips = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(fc.constantFrom(...files), flips, (file, changes) => {
        const bytes = new Uint8Array(file);
        for (const [place, value] of changes) bytes[Math.floor(place * bytes.length)] = value;
        let held = 0;
        try {
          for (const { data } of decodeTorch(bytes, { name: "flipped" }).values()) held += data.byteLength;
        } catch (error) {
          expect((error as Error).message).toMatch(/^flipped: /);
        }
        expect(held).toBeLessThanOrEqual(4 * bytes.length);
      }),
      { numRuns: 5000 },
    );
  });

  test("decodeTorch() of any program of known opcodes gives tensors or its own error", () => {
    const pieces = [
      ...Array.from("(}])aesuteNRbQ", ascii),
      ...[[0x85], [0x86], [0x87], [0x88], [0x93], [0x94], ascii("q\0"), ascii("h\0")],
      ...[int(0), int(2), int(-1), [0x8a, 1, 0xff], text("w"), text("_metadata"), text("storage"), text("0")],
      ...[global("torch", "FloatStorage"), global("torch._utils", "_rebuild_tensor_v2"), orderedDict],
      ...[storage(4), good, tensor(storage(4), 1, [3], [1]), dictionary(["w", good])],
    ];
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (parts) => {
        let outcome = "tensors";
        try {
          decodeTorch(archive(program(...parts)), { name: "program" });
        } catch (error) {
          outcome = (error as Error).message;
          expect(outcome).toMatch(/^program: /);
        }
        outcomes.add(outcome.replaceAll(/\d+/g, "#"));
      }),
      { numRuns: 5000 },
    );
    // The programs are not all refused for one reason.
    expect(outcomes.size).toBeGreaterThan(10);
  });
});
