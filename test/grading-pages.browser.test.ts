// The pages that grading writes, in a real Chromium: the figures are drawn, and nothing that a learner wrote runs.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect } from "vitest";
import { parseOverrides } from "../tools/grade/overrides";
import { record } from "../tools/grade/report/record.fixture";
import { writeReports } from "../tools/grade/report/reports";
import { browserTest } from "./browser";

const folder = mkdtempSync(join(tmpdir(), "residual-pages-"));
const markup = '</script><img src="x" onerror="document.title = 1"><script>document.title = 1</script>';

beforeAll(async () => {
  const records = [
    record("ada", 4),
    record("bob", 0, "keeps-stride"),
    record("eve", 0, "keeps-stride"),
    record("mallory", 0, markup),
  ];
  await writeReports(folder, records, { rosters: {}, submissions: [] });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const url = (...path: string[]) => pathToFileURL(join(folder, ...path)).href;

browserTest(
  "statistics draws each question's points and its mistakes by name",
  async ({ page, complaints }) => {
    await page.goto(url("statistics", "index.html"));
    await page.locator("#mistakes-0 .bars .point").first().waitFor();
    // One place for each number of points from 0 to 4, and none below zero.
    expect(await page.locator("#points-0 .bars .point").count()).toBe(5);
    expect(await page.locator("#points-0 .xtick").allTextContents()).toEqual(["0", "1", "2", "3", "4"]);
    const names = await page.locator("#mistakes-0 .ytick").allTextContents();
    expect(names.filter((name) => name.includes("keeps-stride"))).toHaveLength(1);
    expect(await page.title()).toBe("Class statistics");
    await page.screenshot({ path: join(tmpdir(), "residual-statistics.png"), fullPage: true });
    expect(complaints).toEqual([]);
  },
);

browserTest(
  "a score set by hand is saved with its reason as the table that --overrides takes",
  async ({ page, complaints }) => {
    await page.goto(url("by-hand", "03-option-a.html"));
    // Ada's answer is right, so it waits for nobody.
    expect(await page.locator("section:visible").count()).toBe(3);
    const mallory = page.locator('section[data-learner="mallory"]');
    expect(await mallory.textContent()).toContain(markup);
    await mallory.locator("[name=score]").fill("2.5");
    await page.locator("#save").click();
    expect(await page.locator("#state").textContent()).toBe("not saved"); // there is no reason yet
    await mallory.locator("[name=reason]").fill('half of "it", with a comma');
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#save").click()]);
    expect(download.suggestedFilename()).toBe("overrides-03-option-a.csv");
    expect(parseOverrides(readFileSync(await download.path(), "utf8"))).toEqual([
      { learner: "mallory", exercise: "03-option-a", score: 2.5, reason: 'half of "it", with a comma' },
    ]);
    expect(await page.locator("#state").textContent()).toBe("1 decision saved");
    await page.screenshot({ path: join(tmpdir(), "residual-by-hand.png"), fullPage: true });
    expect(await page.title()).toBe("03-option-a by hand");
    expect(complaints).toEqual([]);
  },
);

browserTest("feedback shows a learner's text as text", async ({ page, complaints }) => {
  await page.goto(url("feedback", "mallory.html"));
  expect(await page.locator("tr.missed").textContent()).toContain(markup);
  expect(await page.title()).toBe("Feedback for mallory");
  expect(complaints).toEqual([]);
});
