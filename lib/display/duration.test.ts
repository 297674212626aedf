import { expect, test } from "vitest";
import { duration } from "./duration.js";

test("duration() uses the two units that matter", () => {
  expect([0.4, 59.4, 59.6, 3599, 3600, 86_399, 90_000].map(duration)).toEqual(
    ["0 s", "59 s", "1 min 0 s", "59 min 59 s", "1 h 0 min", "23 h 59 min", "1 d 1 h"],
  ); // prettier-ignore
});
