// The exported site, opened from its folder in a real Chromium that may reach no other host.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { browserTest } from "./browser";
import { SiteFixture } from "./site-fixture";

let made: SiteFixture;

beforeAll(() => {
  made = new SiteFixture();
});

afterAll(() => {
  made.remove();
});

describe("the site in a browser", () => {
  browserTest(
    "a page draws its figure and sets its formulas without a network",
    async ({ page, complaints }) => {
      const requested: string[] = [];
      await page.context().route(/^(?!file:|data:|blob:)/, (route) => {
        requested.push(route.request().url());
        return route.abort();
      });
      await page.goto(pathToFileURL(join(made.site, "90-first.html")).href);
      await page
        .locator(".plotly-figure .main-svg .scatterlayer .trace")
        .first()
        .waitFor({ state: "attached" });
      expect(await page.locator(".plotly-figure .scatterlayer .trace").count()).toBe(2);
      await page.locator("mjx-container[display=true] svg").last().waitFor();
      expect(await page.locator("mjx-container svg").count()).toBe(3);
      expect(await page.locator("mjx-merror, [data-mjx-error]").count()).toBe(0);
      const box = await page.locator(".plotly-figure .main-svg").first().boundingBox();
      expect(box!.width).toBeGreaterThan(300);
      expect(await page.locator(".jp-RenderedText").first().innerText()).toContain("printed $not$ <math>");
      await page.screenshot({ path: join(tmpdir(), "residual-site.png"), fullPage: true });
      await page.getByRole("link", { name: "Contents" }).click();
      await page.getByRole("link", { name: "91 Second" }).click();
      await page.getByRole("heading", { name: "91 Second" }).waitFor();
      expect(requested).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );
});
