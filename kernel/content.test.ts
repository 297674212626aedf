// What replies are made of: error texts, representations, history, connection files, and the way back to a cell's lines.
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConnectionInfo } from "./connection";
import { exception, failure, typeErrors, warnings } from "./errors";
import { History } from "./history";
import { represent, toJson } from "./mime";
import { cellName, SourceLines } from "./source-lines";

const plain = (lines: readonly string[]): string[] => lines.map((line) => stripVTControlCharacters(line));

describe("typeErrors()", () => {
  const at = (
    line: number,
    from: number,
    to: number,
    messageText: string,
  ): Parameters<typeof typeErrors>[0][number] => ({
    start: { offset: line * 100 + from, line, character: from },
    end: { offset: line * 100 + to, line, character: to },
    messageText,
    category: 1,
    code: 2322,
  });

  it("shows each error's line with carets, and explanations below their error", () => {
    const { ename, evalue, traceback } = typeErrors(
      [at(0, 4, 5, "wrong"), at(0, 4, 5, "because"), at(1, 1, 4, "also wrong")],
      "let a = b;\n\tcde",
    );
    expect(ename).toBe("TypeScriptError");
    expect(evalue).toBe("cell:1:5 - TS2322: wrong\ncell:2:2 - TS2322: also wrong");
    expect(plain(traceback)).toEqual([
      "cell:1:5 - TS2322: wrong",
      "  because",
      "1 | let a = b;",
      "        ^",
      "cell:2:2 - TS2322: also wrong",
      "2 | \tcde",
      "    \t^^^",
    ]);
  });

  it.each(["\n", "\r", "\r\n", "\u2028", "\u2029"])("shows the line that %j begins", (end) => {
    const { traceback } = typeErrors([at(2, 1, 4, "wrong")], ["a", "b", " cde", "f"].join(end));
    expect(plain(traceback).slice(1)).toEqual(["3 |  cde", "     ^^^"]);
  });

  it("shows of a long line what is around the error", () => {
    const line = `${"a".repeat(5000)}here${"b".repeat(5000)}`;
    const { traceback } = typeErrors([at(0, 5000, 5004, "wrong")], line);
    const [, shown = "", carets = ""] = plain(traceback);
    expect(shown).toMatch(/^1 \| …a+hereb+…$/);
    expect(shown.length).toBeLessThan(500);
    expect(shown.slice(carets.indexOf("^"), carets.length)).toBe("here");
  });

  it("tells those of two modules at the same place apart", () => {
    const both = ["a.ts", "b.ts"].map((fileName) => ({ ...at(0, 4, 5, "wrong"), fileName }));
    expect(typeErrors(both, "").evalue).toBe("a.ts:1:5 - TS2322: wrong\nb.ts:1:5 - TS2322: wrong");
  });

  it("lists all that is warned of at one place", () => {
    const text = warnings([at(0, 4, 5, "first"), at(0, 4, 5, "second")], "let a = b;");
    expect(text).toMatch(/first\n\s+second\n/);
  });
});

describe("exception()", () => {
  const lines = new SourceLines();

  it("shows what is no Error as it is", () => {
    expect(exception({ a: 1 }, lines)).toMatchObject({ ename: "Error", evalue: "{ a: 1 }" });
  });

  const withFields = (fields: Record<string, unknown>): Error =>
    Object.defineProperties(
      new Error("m"),
      Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, { value }])),
    );

  it.each([
    [undefined, "undefined"],
    [404, "404"],
    [{ code: 404 }, "[object Object]"],
    [Symbol("x"), "Symbol(x)"],
  ])("tells an error whose message is %o by its name", (message, evalue) => {
    const error = withFields({ message });
    for (const told of [exception(error, lines), failure(error)])
      expect(told).toMatchObject({ ename: "Error", evalue });
    expect(plain(exception(error, lines).traceback)[0]).toMatch(/^Error/);
  });

  it.each([
    [undefined, "Error"],
    [10n, "10"],
    [Symbol("x"), "Symbol(x)"],
  ])("tells an error whose name is %o by a string", (name, ename) => {
    for (const told of [exception(withFields({ name }), lines), failure(withFields({ name }))])
      expect(told).toMatchObject({ ename, evalue: "m" });
  });

  it("is strings, whatever is thrown and whatever an error's fields are", () => {
    const refuse = (): never => {
      throw new Error("refused");
    };
    const revoked = (target: object): object => {
      const { proxy, revoke } = Proxy.revocable(target, {});
      revoke();
      return proxy;
    };
    const traps = { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse };
    // Makers of values, because the generator looks into what it makes, which some of these refuse.
    const field: fc.Arbitrary<() => unknown> = fc.oneof(
      fc
        .anything({ withBigInt: true, withNullPrototype: true, withDate: true })
        .map((value) => (): unknown => value),
      fc.constantFrom<() => unknown>(
        () => Symbol("x"),
        () => ({ toString: refuse }),
        () => ({ [Symbol.toPrimitive]: refuse }),
        () => revoked({}),
        () => revoked(() => 0),
        () => new Proxy({}, traps),
        () => new Error("inner"),
        refuse,
      ),
    );
    const fields = fc.record(
      { stack: field, name: field, message: field, cause: field },
      { requiredKeys: [] },
    );
    const errors = fields.map((some) => (): Error => {
      const error = new Error("m");
      for (const [key, get] of Object.entries(some)) Object.defineProperty(error, key, { get });
      return error;
    });
    const wrapped = fc
      .tuple(
        errors,
        fc.constantFrom<(error: Error) => unknown>(
          (error) => error,
          (error) => new Proxy(error, {}),
          (error) => new Proxy(error, traps),
          (error) => new Proxy(new Proxy(error, traps), {}),
          revoked,
        ),
      )
      .map(
        ([error, wrap]) =>
          (): unknown =>
            wrap(error()),
      );
    const thrown = fc.oneof(
      field.filter((make) => make !== refuse),
      wrapped,
    );
    const texts = (value: unknown): unknown[] =>
      [exception(value, lines), failure(value)].flatMap(({ ename, evalue, traceback }) => [
        ename,
        evalue,
        ...traceback,
      ]);
    fc.assert(
      fc.property(thrown, (make) => texts(make()).every((text) => typeof text === "string")),
      { seed: 1, numRuns: 500 },
    );
  });

  it("tells of a revoked Proxy", () => {
    const { proxy, revoke } = Proxy.revocable(new Error("m"), {});
    revoke();
    expect(exception(proxy, lines)).toMatchObject({ ename: "Error", evalue: "<Revoked Proxy>" });
  });

  it("leaves out the frames of Node and of the kernel, and keeps the learner's and the library's", () => {
    const error = new RangeError("bad");
    error.stack = [
      "RangeError: bad",
      "    at f (/home/me/residual/lib/dist/cjs/nn/layer.js:3:1)",
      "    at Script.runInThisContext (node:vm:136:12)",
      "    at Session.run (/home/me/residual/kernel/dist/session.js:60:9)",
    ].join("\n");
    const { ename, evalue, traceback } = exception(error, lines);
    expect([ename, evalue]).toEqual(["RangeError", "bad"]);
    expect(plain(traceback)).toEqual([
      "RangeError: bad",
      "    at f (/home/me/residual/lib/dist/cjs/nn/layer.js:3:1)",
    ]);
  });
});

describe("SourceLines", () => {
  // One segment: compiled line 1, column 0 comes from the cell's line 2, column 4.
  const map = {
    version: 3,
    file: "",
    sources: ["a.ts"],
    names: [],
    mappings: "AACI",
    sourcesContent: [],
    sourceRoot: "",
  };
  const lines = new SourceLines();
  lines.register(cellName(7), { map, columnsBefore: 10, code: "first\n    second" });

  it("leads a frame back to the cell's own line and column, and touches no others", () => {
    expect(lines.rewrite("    at f (cell[7]:1:11)")).toBe("    at f (cell[7]:2:5)");
    for (const other of ["    at cell[8]:1:1", "text"]) expect(lines.rewrite(other)).toBe(other);
  });
});

describe("represent()", () => {
  const key = Symbol.for("Jupyter.display");

  it("takes what the value says of itself, binary in base64, and adds a text", async () => {
    const value = { [key]: () => Promise.resolve({ "image/png": Uint8Array.of(255, 0) }) };
    const bundle = await represent(value);
    expect(bundle["image/png"]).toBe("/wA=");
    expect(bundle).toHaveProperty("text/plain");
  });

  it("refuses a method that gives no bundle", () => {
    expect(() => represent({ [key]: () => "text" })).toThrow(
      /must return an object of MIME types; got 'text'/,
    );
  });

  it("shows strings bare and nothing deeper than five levels", async () => {
    expect(await represent("a\nb")).toEqual({ "text/plain": "a\nb" });
    const deep = { a: { b: { c: { d: { e: { f: 1 } } } } } };
    expect((await represent(deep))["text/plain"]).toContain("[Object]");
  });

  it("shows a tensor's values, records as a table, and an object of MIME types as itself", async () => {
    const data = (): Promise<Float32Array> => Promise.resolve(Float32Array.of(0.5));
    const tensor = { dataId: {}, dtype: "float32", shape: [1], isDisposed: false, data };
    expect(await represent(tensor)).toEqual({ "text/plain": "Tensor float32 [1]\n[0.5]" });
    expect((await represent([{ a: 1 }, { a: 2 }]))["text/html"]).toMatch(/^<table>/);
    expect(await represent({ "image/png": Uint8Array.of(255, 0) })).toEqual({
      "image/png": "/wA=",
      "text/plain": "image/png",
    });
    expect(await represent({ "a/b": 1 })).toEqual({ "text/plain": "{ 'a/b': 1 }" });
  });

  it("shows a Proxy that refuses names which it does not know, also as a bundle, and a revoked one", async () => {
    const strict = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(of, name) {
          if (!(name in of)) throw new Error(`no property ${String(name)}`);
          return (of as Record<PropertyKey, unknown>)[name];
        },
      });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const [value, text] of [
      [strict({ a: 1 }), "{ a: 1 }"],
      [strict([{ a: 1 }, 2]), "[ { a: 1 }, 2 ]"],
      [strict(new Map([[1, 2]])), "Map(1) { 1 => 2 }"],
      [
        {
          [Symbol("a")]: 1,
          get shape(): never {
            throw new Error("no shape");
          },
        },
        "{ shape: [Getter], [Symbol(a)]: 1 }",
      ],
      [proxy, "<Revoked Proxy>"],
      [[proxy], "[ <Revoked Proxy> ]"],
    ] as const)
      expect(await represent(value)).toEqual({ "text/plain": text });
    expect(await represent(strict({ "text/html": "<b>" }))).toEqual({
      "text/html": "<b>",
      "text/plain": "text/html",
    });
    expect(await represent(strict({ [key]: () => ({ "text/plain": "own" }) }))).toEqual({
      "text/plain": "own",
    });
  });

  it("toJson() reads a view's own bytes, not its whole buffer", () => {
    const view = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);
    expect(toJson({ "image/png": view })).toEqual({ "image/png": "AQI=" });
  });
});

describe("History.find()", () => {
  const history = new History();
  for (const [line, code] of [
    [1, "let a"],
    [2, "a + 1"],
    [3, "let a"],
  ] as const)
    history.add(line, code);

  it("gives the last n", () => {
    expect(history.find({ hist_access_type: "tail", n: 2 })).toEqual([
      [0, 2, "a + 1"],
      [0, 3, "let a"],
    ]);
  });

  it("gives a half-open range of lines of this session only", () => {
    expect(history.find({ hist_access_type: "range", start: 1, stop: 3 }).map(([, line]) => line)).toEqual([
      1, 2,
    ]);
    expect(history.find({ hist_access_type: "range", session: 5 })).toEqual([]);
  });

  it("searches by pattern, once each if asked", () => {
    const search = { hist_access_type: "search", pattern: "let*" } as const;
    expect(history.find(search)).toHaveLength(2);
    expect(history.find({ ...search, unique: true })).toHaveLength(1);
    expect(history.find({ hist_access_type: "search", pattern: "a + ?" })).toEqual([[0, 2, "a + 1"]]);
  });
});

describe("parseConnectionInfo()", () => {
  const info = {
    transport: "tcp",
    ip: "127.0.0.1",
    key: "k",
    shell_port: 1,
    iopub_port: 2,
    stdin_port: 3,
    control_port: 4,
    hb_port: 5,
  };

  it.each([
    [{ ...info, shell_port: "1" }, 'connection file: "shell_port" must be an integer; got 1'],
    [{ ...info, key: undefined }, 'connection file: "key" must be a string'],
    [
      { ...info, signature_scheme: "md5" },
      'connection file: signature_scheme must be hmac-sha256; got "md5"',
    ],
  ])("refuses %j", (bad, message) => {
    expect(() => parseConnectionInfo(JSON.stringify(bad))).toThrow(new TypeError(message));
  });
});
