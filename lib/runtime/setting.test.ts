import { afterEach, expect, test, vi } from "vitest";
import { setting } from "./setting.js";

afterEach(() => vi.unstubAllEnvs());

test("setting() is everyday unless RESIDUAL_SETTING names another", () => {
  vi.stubEnv("RESIDUAL_SETTING", undefined);
  expect(setting()).toBe("everyday");
  vi.stubEnv("RESIDUAL_SETTING", "full");
  expect(setting()).toBe("full");
});

test("setting() refuses a name it does not know", () => {
  vi.stubEnv("RESIDUAL_SETTING", "fast");
  expect(() => setting()).toThrow("RESIDUAL_SETTING must be one of everyday, full, ci; got fast");
});
