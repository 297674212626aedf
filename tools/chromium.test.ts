// The Chromium finder against folders made for the test.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findChromium, requireChromium } from "./chromium";

describe("findChromium()", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "residual-chromium-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function program(...parts: string[]): string {
    const path = join(folder, ...parts);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "#!/bin/sh\n");
    chmodSync(path, 0o755);
    return path;
  }

  it("prefers chromium to chrome, whatever the order of the folders", () => {
    program("first", "google-chrome");
    const chromium = program("second", "chromium");
    const PATH = [join(folder, "first"), join(folder, "second")].join(delimiter);
    expect(findChromium({ env: { PATH }, platform: "linux" })).toBe(chromium);
  });

  it("takes CHROMIUM_PATH before anything on the PATH", () => {
    program("bin", "chromium");
    const own = program("own", "browser");
    expect(findChromium({ env: { PATH: join(folder, "bin"), CHROMIUM_PATH: own }, platform: "linux" })).toBe(
      own,
    );
  });

  it("refuses a CHROMIUM_PATH that cannot be run, and names it", () => {
    program("bin", "chromium");
    const env = { PATH: join(folder, "bin"), CHROMIUM_PATH: join(folder, "absent") };
    expect(() => findChromium({ env, platform: "linux" })).toThrow(env.CHROMIUM_PATH);
  });

  it("passes over a file that is not executable", () => {
    chmodSync(program("bin", "chromium"), 0o644);
    expect(findChromium({ env: { PATH: join(folder, "bin") }, platform: "linux" })).toBeUndefined();
  });

  it("requireChromium() says how to get one where there is none", () => {
    expect(() => requireChromium({ env: { PATH: folder }, platform: "linux" })).toThrow(
      "apt-get install chromium",
    );
  });
});
