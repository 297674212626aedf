// The exported site, opened from its folder in a real Chromium that may reach no other host.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { exportSlides } from "../tools/site/export-slides";
import { inspectPage } from "../tools/site/inspect";
import { serveFolder } from "../tools/site/serve";
import { browserTest, lightness } from "./browser";
import { SiteFixture } from "./site-fixture";

let made: SiteFixture;

beforeAll(async () => {
  made = await SiteFixture.make();
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
      // plotly.js comes with the first figure that is near.
      await page.locator(".plotly-figure").scrollIntoViewIfNeeded();
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
      const drawing = page.getByRole("img", { name: "unit 3: x 32×32×16" });
      const [image, place] = [await drawing.boundingBox(), await page.locator("[role=main]").boundingBox()];
      expect(image!.x + image!.width, "a drawing wider than the page").toBeLessThan(place!.x + place!.width);
      await page.screenshot({ path: join(tmpdir(), "residual-site.png"), fullPage: true });
      await page.getByRole("link", { name: "Residual" }).first().click();
      await page.locator(".contents").getByRole("link", { name: "91 Second" }).click();
      await page.getByRole("heading", { name: "91 Second" }).waitFor();
      // The same chapter as slides: the second column holds the formulas, the slide below it the figure.
      const [slides] = exportSlides({
        ...made.places,
        output: join(made.folder, "slides"),
        chapters: ["90"],
      });
      await page.goto(pathToFileURL(slides!).href);
      await page.locator("section.present h1").waitFor();
      await page.keyboard.press("ArrowRight");
      await page.locator("section.present mjx-container[display=true] svg").first().waitFor();
      await page.keyboard.press("ArrowDown");
      const drawn = page.locator("section.present .plotly-figure .main-svg").first();
      await drawn.waitFor();
      expect((await drawn.boundingBox())!.width).toBeGreaterThan(700);
      expect(await page.locator(".section-name").innerText()).toBe("Next");
      expect(requested).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  browserTest(
    "a figure takes the window's new width, its plot as high as before, and comes back to what it was",
    async ({ page }) => {
      await page.goto(pathToFileURL(join(made.site, "90-first.html")).href);
      const figure = page.locator(".plotly-figure .main-svg").first();
      await page.locator(".plotly-figure").scrollIntoViewIfNeeded();
      await figure.waitFor();
      const plot = page.locator(".plotly-figure .nsewdrag").first();
      // A busy machine draws late, and plotly.js lays a figure out more than once: what counts is where it comes to rest.
      const patient = { timeout: 15_000 };
      let last = "";
      const atRest = async () => {
        const now = JSON.stringify([await figure.boundingBox(), await plot.boundingBox()]);
        const rests = now === last;
        last = now;
        return rests;
      };
      await expect.poll(atRest, { ...patient, interval: 250 }).toBe(true);
      const before = (await figure.boundingBox())!;
      const high = (await plot.boundingBox())!.height;
      for (const [width, height] of [
        [800, 600],
        [390, 800],
        [1000, 700],
        [390, 800],
      ] as const) {
        await page.setViewportSize({ width, height });
        await expect
          .poll(async () => (await figure.boundingBox())!.width, patient)
          .toBeLessThanOrEqual(Math.min(width, before.width));
        await expect
          .poll(async () => Math.abs((await plot.boundingBox())!.height - high), patient)
          .toBeLessThanOrEqual(1);
        await expect
          .poll(() => page.evaluate<number>("document.documentElement.scrollWidth"), patient)
          .toBe(width);
      }
      await page.setViewportSize({ width: 1280, height: 1000 });
      await expect.poll(async () => (await figure.boundingBox())!.width, patient).toBe(before.width);
      await expect.poll(async () => (await figure.boundingBox())!.height, patient).toBe(before.height);
    },
  );

  browserTest(
    "paper has the figures that nobody scrolled to, at its own width, and cuts no printed line off",
    async ({ page }) => {
      const { server, address } = await serveFolder(made.site, "/");
      try {
        // Nothing ever comes near.
        await page.addInitScript("window.IntersectionObserver = class { observe() {} unobserve() {} };");
        await page.goto(`${address}90-first.html`);
        // TypeDoc hides the page until it has built the navigation, and what is hidden has no width.
        await page.waitForFunction("document.body.style.display !== 'none'");
        const widths = await page.evaluate<number[]>(`(() => {
          const width = () => document.querySelector(".plotly-figure .main-svg")?.getBoundingClientRect().width ?? 0;
          const before = width();
          window.dispatchEvent(new Event("beforeprint"));
          return [before, width()];
        })()`);
        expect(widths).toEqual([0, 660]);
        await page.emulateMedia({ media: "print" });
        const wrapping = `getComputedStyle(document.querySelector(".jp-RenderedText pre")).whiteSpace`;
        expect(await page.evaluate(wrapping)).toMatch(/^pre-wrap|^break-spaces/);
        await page.emulateMedia({ media: "screen" });
        await page.evaluate(`window.dispatchEvent(new Event("afterprint"))`);
        const onScreen = page.locator(".plotly-figure .main-svg").first();
        await expect.poll(async () => (await onScreen.boundingBox())!.width).toBeGreaterThan(660);
      } finally {
        server.close();
      }
    },
  );

  browserTest(
    "a narrow page fits its figure's title, legend, caption, formulas and drawings",
    async ({ page }) => {
      await page.setViewportSize({ width: 390, height: 800 });
      await page.goto(pathToFileURL(join(made.site, "90-first.html")).href);
      await page.locator(".plotly-figure").scrollIntoViewIfNeeded();
      await page.locator(".plotly-figure .legendtext").nth(1).waitFor();
      await page.locator("mjx-container[display=true] svg").last().waitFor();
      const figure = page.locator(".plotly-figure");
      const box = async (part: string) => (await figure.locator(part).first().boundingBox())!;
      const [title, legend, plot] = [await box(".gtitle"), await box(".legend"), await box(".nsewdrag")];
      for (const part of [title, legend, await box(".annotation"), await box(".xtitle")]) {
        expect(part.x + part.width).toBeLessThanOrEqual(390);
      }
      expect(legend.y).toBeGreaterThanOrEqual(title.y + title.height);
      expect(plot.y).toBeGreaterThanOrEqual(legend.y + legend.height - 4);
      const xTitle = await box(".xtitle");
      expect((await box(".annotation")).y).toBeGreaterThanOrEqual(xTitle.y + xTitle.height - 2);
      expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(390);
      // Eight units in 390 pixels could not be read: a drawing is scrolled by itself.
      expect((await page.getByRole("img", { name: "unit 3" }).boundingBox())!.width).toBeGreaterThan(500);
      // A long formula keeps its size and is scrolled.
      const formula = "[...document.querySelectorAll('mjx-container[display=true]')].at(-1)";
      const [shown, whole] = await page.evaluate<number[]>(
        `[${formula}.clientWidth, ${formula}.scrollWidth]`,
      );
      expect(whole).toBeGreaterThan(shown!);
      await page.screenshot({ path: join(tmpdir(), "residual-site-narrow.png"), fullPage: true });
    },
  );

  browserTest("a dark page leaves a heat map and its scale as they are", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(pathToFileURL(join(made.site, "91-second.html")).href);
    await page.locator(".plotly-figure").scrollIntoViewIfNeeded();
    const map = page.locator(".heatmaplayer image");
    await map.waitFor();
    const light = await lightness(page, map);
    await page.emulateMedia({ colorScheme: "dark" });
    expect((await lightness(page, map)) - light).toBeCloseTo(0, 1);
    const turns =
      "[...document.querySelectorAll('.heatmaplayer image, .cbfills')].map((part) => getComputedStyle(part).filter)";
    const [ofMap, ofScale] = await page.evaluate<string[]>(turns);
    expect(ofMap).toContain("invert");
    expect(ofScale).toBe(ofMap);
  });

  browserTest(
    "the page of evidence fits a narrow window, draws its figures, and is dark where the reader's pages are",
    async ({ page, complaints }) => {
      const address = pathToFileURL(join(made.site, "evidence.html")).href;
      await page.setViewportSize({ width: 390, height: 800 });
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(address);
      // The last of both figures; plotly.js comes with the first that is near.
      await page.locator(".plotly-figure").nth(1).scrollIntoViewIfNeeded();
      await page.locator(".plotly-figure").nth(1).locator(".trace").first().waitFor({ state: "attached" });
      expect(await page.locator(".plotly-figure").first().locator(".scatterlayer .trace").count()).toBe(4);
      expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(390);
      const colours = "[getComputedStyle(document.body), getComputedStyle(document.querySelector('a'))].map((style) => style.color)"; // prettier-ignore
      const light = await page.evaluate<string[]>(colours);
      await page.screenshot({ path: join(tmpdir(), "residual-evidence-light.png"), fullPage: true });
      await page.emulateMedia({ colorScheme: "dark" });
      for (const [i, colour] of (await page.evaluate<string[]>(colours)).entries()) expect(colour).not.toBe(light[i]); // prettier-ignore
      await page.screenshot({ path: join(tmpdir(), "residual-evidence-dark.png"), fullPage: true });
      await page.getByText("4 records").click();
      await page.getByRole("link", { name: "narrow-seed1" }).waitFor();
      expect(complaints).toEqual([]);
    },
  );

  browserTest(
    "every page holds WCAG 2.2 AA, is as wide as the window and asks no other host, at two widths in both themes",
    async ({ page }) => {
      const problems: string[] = [];
      for (const name of ["index", "90-first", "evidence"])
        for (const theme of ["light", "dark"] as const)
          for (const width of [1280, 390]) {
            const address = pathToFileURL(join(made.site, `${name}.html`)).href;
            const found = await inspectPage(page, address, { theme, width });
            problems.push(...found.map((problem) => `${name}, ${problem}`));
          }
      expect(problems).toEqual([]);
    },
  );

  browserTest(
    "a note describes the one link that it is of, and paper is light for who has chosen dark",
    async ({ page, complaints }) => {
      const { server, address } = await serveFolder(made.site, "/");
      try {
        const papers = ["1", "2"].map((id) => `https://arxiv.org/abs/${id}`);
        const links = papers.map((paper) => `<a href="${paper}">${paper}</a>`).join(" ");
        await page.route("**/90-first.html", async (route) => {
          const body = await (await route.fetch()).text();
          await route.fulfill({ contentType: "text/html", body: body.replace(/(<[^>]*class="[^"]*\bcourse\b[^"]*"[^>]*>)/, `$1${links}`) }); // prettier-ignore
        });
        const hovers = `window.residualHovers = ${JSON.stringify(Object.fromEntries(papers.map((paper) => [paper, `of ${paper}`])))}`; // prettier-ignore
        await page.route("**/hovers.js", (route) =>
          route.fulfill({ contentType: "text/javascript", body: hovers }),
        );
        await page.goto(`${address}90-first.html`);
        await page.waitForFunction("document.body.style.display !== 'none'");
        for (const paper of papers) {
          await page.locator(`a[href="${paper}"]`).focus();
          await page.getByRole("tooltip").getByText(`of ${paper}`).waitFor();
        }
        expect(await page.locator("[aria-describedby=note]").allInnerTexts()).toEqual([papers[1]]);
        const told = `(() => { const { dataset } = document.documentElement; dataset.theme = "dark"; return ["beforeprint", "afterprint"].map((name) => { window.dispatchEvent(new Event(name)); return dataset.theme; }); })()`; // prettier-ignore
        expect(await page.evaluate<string[]>(told)).toEqual(["light", "dark"]);
        expect(await page.getByRole("tooltip").count(), "a note on paper").toBe(0);
        expect(complaints).toEqual([]);
      } finally {
        server.close();
      }
    },
  );

  browserTest("the search finds a section by its text, from a folder too", async ({ page, complaints }) => {
    await page.goto(pathToFileURL(join(made.site, "index.html")).href);
    await page.getByRole("button", { name: "Search" }).click();
    await page.locator("#tsd-search-input").fill("licence");
    await page.locator("#tsd-search-results a").first().click();
    await page.waitForURL(/90-first\.html#Next$/);
    expect(complaints).toEqual([]);
  });
});
