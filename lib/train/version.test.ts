import { expect, test } from "vitest";
import about from "../package.json" with { type: "json" };
import { version } from "./version.js";

test("version is the package's, so that files name the library that wrote them", () => {
  expect(version).toBe(about.version);
});
