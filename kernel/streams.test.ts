// Output gathered into messages: order kept, nothing lost, nothing held for long.
import { beforeEach, describe, expect, it } from "vitest";
import { Streams } from "./streams";

describe("Streams", () => {
  let sent: [string, string][];
  let streams: Streams;

  beforeEach(() => {
    sent = [];
    streams = new Streams((name, text) => sent.push([name, text]));
  });

  it("joins what is written in one turn and sends it at the turn's end", async () => {
    streams.write("stdout", "a");
    streams.write("stdout", "b");
    expect(sent).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual([["stdout", "ab"]]);
  });

  it("keeps the order between the two streams", () => {
    streams.write("stdout", "1");
    streams.write("stderr", "2");
    streams.write("stdout", "3");
    streams.flush();
    expect(sent).toEqual([
      ["stdout", "1"],
      ["stderr", "2"],
      ["stdout", "3"],
    ]);
  });

  it("sends a large amount without waiting for the turn's end, and all of it", () => {
    for (let i = 0; i < 1000; i++) streams.write("stdout", "x".repeat(100));
    expect(sent.length).toBeGreaterThan(1);
    streams.flush();
    expect(sent.map(([, text]) => text).join("")).toHaveLength(100_000);
  });

  it("capture() takes over write(), puts split characters together and calls back", async () => {
    const target = { stdout: {}, stderr: {} } as unknown as NodeJS.Process;
    streams.capture(target);
    const euro = Buffer.from("€");
    target.stdout.write(euro.subarray(0, 1));
    await new Promise<void>((resolve) => {
      target.stdout.write(euro.subarray(1), () => {
        resolve();
      });
    });
    streams.flush();
    expect(sent).toEqual([["stdout", "€"]]);
  });
});
