// Output gathered into messages: order kept, nothing lost, nothing held for long.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Streams } from "./streams";

describe("Streams", () => {
  let sent: [string, string][];
  let streams: Streams;

  beforeEach(() => {
    sent = [];
    streams = new Streams(
      (name, text) => sent.push([name, text]),
      process.env,
      () => 0,
    );
  });

  it("sends the first texts as they are written, joins what follows in one turn, and sends it at the turn's end", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const letters = "a b c d e f g h i j k l".split(" ");
    for (const letter of letters) streams.write("stdout", letter);
    vi.useRealTimers();
    expect(sent).toEqual(letters.slice(0, 10).map((letter) => ["stdout", letter]));
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent.slice(10)).toEqual([["stdout", "kl"]]);
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

  it("capture() shows what end() is given, and what is written after it", async () => {
    const target = { stdout: {}, stderr: {} } as unknown as NodeJS.Process;
    streams.capture(target);
    await new Promise<void>((resolve) => {
      target.stdout.end("626", "hex", resolve);
    });
    target.stdout.end(Buffer.from("c"));
    target.stdout.end();
    await new Promise<void>((resolve) => {
      target.stdout.end(resolve);
    });
    target.stdout.write("d");
    streams.flush();
    expect(sent.map(([, text]) => text).join("")).toBe("bcd");
  });
});

it("capture() writes the bytes that a string stands for in its encoding, and refuses an unknown one", () => {
  let text = "";
  const streams = new Streams((_name, piece) => (text += piece));
  const { stdout } = { stdout: {} } as unknown as NodeJS.Process;
  streams.capture({ stdout, stderr: {} } as unknown as NodeJS.Process);
  stdout.write("6869 ", "hex");
  stdout.write("4oKs", "base64");
  stdout.write("é", "utf8");
  stdout.write("é", "UTF-8" as BufferEncoding);
  stdout.write("c3", "hex");
  stdout.write("a9", "hex");
  expect(() => stdout.write("a", "none" as BufferEncoding)).toThrow(/Unknown encoding: none/);
  streams.flush();
  expect(text).toBe("hi€ééé");
});

it("capture() calls back once a write, in order, after the writer yields", async () => {
  const target = { stdout: {}, stderr: {} } as unknown as NodeJS.Process;
  new Streams(() => undefined).capture(target);
  const called: string[] = [];
  const [a, b] = ["a", "b"].map((name) => () => called.push(name));
  for (const callback of [a!, a!, b!, a!]) target.stdout.write("x", callback);
  expect(called).toEqual([]);
  await Promise.resolve();
  expect(called).toEqual(["a", "a", "b", "a"]);
});

describe("Streams under a flood", () => {
  const flood = (env: NodeJS.ProcessEnv, lines: number): { text: string; sent: number } => {
    let text = "";
    let sent = 0;
    const streams = new Streams((_name, piece) => {
      text += piece;
      sent++;
    }, env);
    streams.begin();
    for (let i = 0; i < lines; i++) streams.write("stdout", `${String(i).padStart(99)}\n`);
    streams.end();
    return { text, sent };
  };

  it("loses nothing below the bound", () => {
    const { text } = flood({}, 100_000);
    expect(text).toHaveLength(100 * 100_000);
    expect(text).not.toContain("…");
  });

  it("shows the beginning and the end in whole lines, and says what is missing and how to see it", () => {
    const { text } = flood({ RESIDUAL_OUTPUT_MB: "1" }, 100_000);
    const lines = text.split("\n").filter((line) => line !== "");
    expect(lines.slice(0, 10_000).map(Number)).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect(lines[10_000]).toMatch(/^… This cell has written 1 MB\./);
    const [, missing] = /^… ([\d,]+) lines \([\d.]+ MB\) are left out here\..*RESIDUAL_OUTPUT_MB = "11"/.exec(
      lines[10_001]!,
    )!;
    const end = lines.slice(10_002).map(Number);
    expect(end.at(-1)).toBe(99_999);
    expect(end[0]! - 10_000).toBe(Number(missing!.replaceAll(",", "")));
    expect(end).toHaveLength(100_000 - end[0]!);
    expect(flood({ RESIDUAL_OUTPUT_MB: "11" }, 100_000).text).not.toContain("…");
  });

  it("gives the next cell its full bound", () => {
    let text = "";
    const streams = new Streams((_name, piece) => (text += piece), { RESIDUAL_OUTPUT_MB: "0.001" });
    for (const letter of ["a", "b"]) {
      streams.begin();
      streams.write("stdout", `${letter.repeat(499)}\n`);
      streams.end();
    }
    expect(text).toBe(`${"a".repeat(499)}\n${"b".repeat(499)}\n`);
  });

  it("keeps a cell below a server's limits of 3 MB and 3,000 messages in any 3 seconds", () => {
    vi.useFakeTimers();
    const wait = vi.spyOn(Atomics, "wait").mockImplementation((...[, , , ms]: unknown[]) => {
      vi.advanceTimersByTime(Number(ms));
      return "timed-out";
    });
    const sent: { at: number; bytes: number }[] = [];
    const streams = new Streams(
      (_name, text) => sent.push({ at: performance.now(), bytes: JSON.stringify(text).length }),
      { JPY_SESSION_NAME: "a.ipynb" },
    );
    streams.begin();
    for (let i = 0; i < 50_000; i++) streams.write("stdout", `${"x".repeat(99)}\n`);
    for (let i = 0; i < 5_000; i++) streams.write(i % 2 ? "stdout" : "stderr", "y\n");
    streams.end();
    wait.mockRestore();
    vi.useRealTimers();
    expect(sent.length).toBeGreaterThan(5000);
    for (const { at } of sent.filter((_, i) => i % 50 === 0)) {
      const within = sent.filter((one) => one.at >= at && one.at < at + 3000);
      expect(within.length).toBeLessThan(3000);
      expect(within.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(3e6);
    }
  });

  it("sends a graded cell's standard error to its output, where nbgrader executes", () => {
    const sent: string[] = [];
    const streams = new Streams((name) => sent.push(name), { NBGRADER_EXECUTION: "autograde" });
    const target = { stdout: {}, stderr: {} } as unknown as NodeJS.Process;
    streams.capture(target);
    target.stderr.write("warning");
    streams.end();
    expect(sent).toEqual(["stdout"]);
  });
});
