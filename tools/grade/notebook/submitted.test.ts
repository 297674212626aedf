// Files that call themselves notebooks.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { OutputStripper } from "./strip-outputs";
import { readSubmitted } from "./submitted";

const folder = mkdtempSync(join(tmpdir(), "residual-submitted-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const read = (content: string | Uint8Array): ReturnType<typeof readSubmitted> => {
  const path = join(folder, "a.ipynb");
  writeFileSync(path, content);
  return readSubmitted(path);
};
const strip = (text: string, piece: number): unknown => {
  const stripper = new OutputStripper();
  const bytes = new TextEncoder().encode(text);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += piece) parts.push(stripper.write(bytes.subarray(at, at + piece)));
  return JSON.parse(Buffer.concat(parts).toString("utf8"));
};

test("OutputStripper.write() empties the cells' outputs and touches nothing else, wherever the pieces end", () => {
  const cell = (outputs: unknown): object => ({
    cell_type: "code",
    metadata: { outputs: "kept", deep: { outputs: [1] } },
    outputs,
    source: ['const outputs = "outputs": [\\', 'é"]}'],
  });
  const notebook = (outputs: unknown): object => ({
    outputs: [1],
    cells: [cell(outputs), cell(outputs)],
    metadata: { outputs: 2 },
  });
  const text = JSON.stringify(notebook([{ text: 'a "quoted" ]} \\ ,', data: { "text/html": ["[", "}"] } }]));
  for (const piece of [1, 2, 3, 7, 1000]) expect(strip(text, piece)).toEqual(notebook([]));
  expect(strip(JSON.stringify({ cells: [{ outputs: "text, not a list", source: "x" }] }), 4)).toEqual({
    cells: [{ outputs: [], source: "x" }],
  });
  expect(strip('{"cells": [{"outputs" : 3}]}', 1)).toEqual({ cells: [{ outputs: [] }] });
});

test("readSubmitted() says what is wrong with what is no notebook", async () => {
  expect((await read("")).notes).toEqual(["the file is empty"]);
  expect((await read("<html>")).notes[0]).toMatch(/not JSON/);
  expect((await read(Uint8Array.from([0xff, 0xfe, 0, 1]))).notes[0]).toMatch(/not JSON/);
  expect((await read("[1]")).notes).toEqual(["the file is JSON, but it holds no cells"]);
  expect((await read(`{"cells":[{"cell_type":"code","source":"${"x".repeat(9 << 20)}"}]}`)).notes[0]).toMatch(
    /at most 8 MiB/,
  );
  expect((await read("[".repeat(100_000))).cells).toEqual([]);
});

test("readSubmitted() writes out what a terminal would obey, where a note quotes the file", async () => {
  const [kernel] = (await read(JSON.stringify({ cells: [], metadata: { kernelspec: { name: "\u202ex\u001b[2J" } } }))).notes; // prettier-ignore
  expect(kernel).toContain("the kernel \\u{202e}x\\u{1b}[2J;");
  const [json] = (await read('{"cells": \u001b[2J}')).notes;
  expect(json).toMatch(/not JSON/);
  expect(json).not.toMatch(/\p{C}/u);
});

test("readSubmitted() reads as much as is there", async () => {
  const { cells, notes } = await read(
    JSON.stringify({
      metadata: { kernelspec: { name: "python3" } },
      cells: [
        null,
        { cell_type: "code", source: ["a\n", "b"] },
        { cell_type: "code", source: 7 },
        { cell_type: "markdown", source: "m" },
        { cell_type: "code", source: "c", metadata: { nbgrader: "odd" } },
      ],
    }),
  );
  expect(cells.map(({ number, code }) => [number, code])).toEqual([
    [2, "a\nb"],
    [5, "c"],
  ]);
  expect(notes).toEqual([
    "the notebook names the kernel python3; its cells are read as TypeScript all the same",
    "2 of 5 cells are damaged and were left out",
  ]);
});

test("readSubmitted() opens neither a link nor a pipe, and reads so many cells and no more", async () => {
  const [link, pipe] = [join(folder, "link.ipynb"), join(folder, "pipe.ipynb")];
  symlinkSync("/dev/zero", link);
  execFileSync("mkfifo", [pipe]);
  expect((await readSubmitted(link)).notes).toEqual(["the file could not be opened (ELOOP)"]);
  expect((await readSubmitted(pipe)).notes).toEqual(["it is no file"]);
  expect((await readSubmitted(join(folder, "none.ipynb"))).notes[0]).toMatch(/ENOENT/);
  const many = JSON.stringify({ cells: Array(5000).fill({ cell_type: "code", source: "1" }) });
  const { cells, notes } = await read(many);
  expect(cells).toHaveLength(1000);
  expect(notes.at(-1)).toBe("the notebook has 5000 cells; the first 1000 were read");
});

/** Ways in which a notebook's bytes are cut and spliced. */
const splices = fc.oneof(
  fc.record({ how: fc.constant("cut" as const), at: fc.nat(1000), to: fc.nat(1000) }),
  fc.record({ how: fc.constant("double" as const), at: fc.nat(1000), to: fc.nat(1000) }),
  fc.record({ how: fc.constant("move" as const), at: fc.nat(1000), to: fc.nat(1000) }),
  fc.record({
    how: fc.constant("insert" as const),
    at: fc.nat(1000),
    what: fc.constantFrom("[".repeat(50_000), '{"cells":', "\\ud800", '"', "\u0000", "\ufeff", "}]}", '"outputs":[', "1e999,", "null,"), // prettier-ignore
  }),
  fc.record({ how: fc.constant("flip" as const), at: fc.nat(1000), bit: fc.nat(7) }),
);

test("readSubmitted() reads any notebook that was cut and spliced, never fails, and gives the same twice", async () => {
  const whole = Buffer.from(
    JSON.stringify({
      nbformat: 4,
      metadata: { kernelspec: { name: "residual" } },
      cells: [
        { cell_type: "code", source: ["const one = 1;\n", "one"], outputs: [{ text: 'a\\u0041]}"' }] },
        { cell_type: "markdown", source: "# Two" },
        {
          cell_type: "code",
          source: "const three = 3;",
          metadata: { nbgrader: { grade_id: "x" } },
          outputs: [],
        },
      ],
    }),
  );
  const path = join(folder, "spliced.ipynb");
  await fc.assert(
    fc.asyncProperty(fc.array(splices, { minLength: 1, maxLength: 4 }), async (edits) => {
      let bytes: Buffer = whole;
      for (const edit of edits) {
        const place = (share: number) => Math.floor((share / 1001) * bytes.length);
        const at = place(edit.at);
        const before = bytes.subarray(0, at);
        if (edit.how === "insert")
          bytes = Buffer.concat([before, Buffer.from(edit.what), bytes.subarray(at)]);
        else if (edit.how === "flip") {
          bytes = Buffer.from(bytes);
          if (bytes.length > 0) bytes[at]! ^= 1 << edit.bit;
        } else {
          const [from, to] = [Math.min(at, place(edit.to)), Math.max(at, place(edit.to))];
          const [head, piece, tail] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
          const rest = { cut: [head, tail], double: [head, piece, piece, tail], move: [piece, head, tail] };
          bytes = Buffer.concat(rest[edit.how]);
        }
      }
      writeFileSync(path, bytes);
      const read = await readSubmitted(path);
      expect(read.bytes).toBe(bytes.length);
      for (const { code } of read.cells) expect(code.length).toBeLessThanOrEqual(bytes.length);
      expect(await readSubmitted(path)).toEqual(read);
    }),
    { numRuns: 150 },
  );
});
