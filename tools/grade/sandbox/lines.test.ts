// Lines out of pieces.
import fc from "fast-check";
import { expect, test } from "vitest";
import { LineBuffer } from "./lines";

test("LineBuffer.take() gives the lines, wherever the pieces end and whenever it is asked", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.array(fc.nat(7)),
      fc.array(fc.boolean()),
      (text, cuts, asks) => {
        const bytes = Buffer.from(text.replaceAll("5", "\n"));
        const buffer = new LineBuffer();
        const lines: string[] = [];
        let at = 0;
        const take = (): void => {
          for (let line = buffer.take(); line !== undefined; line = buffer.take()) lines.push(line);
        };
        cuts.forEach((cut, index) => {
          buffer.push(bytes.subarray(at, at + cut));
          at += cut;
          if (asks[index]) take();
        });
        buffer.push(bytes.subarray(at));
        take();
        const expected = bytes.toString("utf8").split("\n");
        const rest = expected.pop()!;
        expect(lines).toEqual(expected);
        expect(buffer.bytes).toBe(Buffer.byteLength(rest));
      },
    ),
  );
});

test("LineBuffer.take() needs no more than linear time for a flood of empty lines and for a long line in small pieces", () => {
  const began = performance.now();
  const buffer = new LineBuffer();
  for (let i = 0; i < 16; i++) buffer.push(Buffer.alloc(1 << 16, "\n"));
  let count = 0;
  while (buffer.take() !== undefined) count++;
  for (let i = 0; i < 200_000; i++) buffer.push(Buffer.from("x"));
  expect([count, buffer.hasLine]).toEqual([1 << 20, false]);
  // Quadratic time would be minutes.
  expect(performance.now() - began).toBeLessThan(20_000);
});
