import { beforeAll, describe, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { every } from "./every.fixture.js";
import { verify } from "./verify.js";

beforeAll(async () => {
  await ready();
});

describe("verify()", () => {
  test.each(every)("%s: every line holds", async (_, make) => {
    const report = await verify(make(), { seed: 3, cases: 1 });
    if (!report.holds) expect.fail(report.text);
  });
});
