// Files that call themselves notebooks.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
