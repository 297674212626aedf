// How the doctor reads a backend's answer and shows what it found.
import { describe, expect, it } from "vitest";
import { readProbe } from "./backends";
import { findingLine } from "./finding";

describe("readProbe()", () => {
  const answer = (fields: object): string => `noise\nbackend-probe ${JSON.stringify(fields)}\n`;

  it("accepts a backend that started and computed rightly", () => {
    expect(readProbe("wasm", 0, answer({ backend: "wasm", device: "CPU", sum: 26 }))?.state).toBe("ok");
  });

  it("refuses a wrong sum, another backend than asked for, a failure and silence", () => {
    expect(readProbe("wasm", 0, answer({ backend: "wasm", device: "CPU", sum: 0 }))).toBeUndefined();
    expect(readProbe("tensorflow", 0, answer({ backend: "cpu", device: "CPU", sum: 26 }))).toBeUndefined();
    expect(readProbe("wasm", 1, answer({ backend: "wasm", device: "CPU", sum: 26 }))).toBeUndefined();
    expect(readProbe("wasm", 0, "")).toBeUndefined();
  });
});

describe("findingLine()", () => {
  it("puts the remedy under what is missing", () => {
    const line = findingLine({ name: "npm", state: "missing", text: "not found", remedy: "Install it." });
    expect(line).toMatch(/^MISSING npm +not found\n +Install it\.$/);
  });
});
