// Drives a real Chromium.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Locator, type Page } from "playwright-core";
import { test } from "vitest";
import { requireChromium } from "../tools/chromium";

/** What a test gets: a fresh page, and what its console and scripts complained about. */
export interface Browser {
  readonly page: Page;
  /** Uncaught errors and lines at level "error". */
  readonly complaints: string[];
}

/**
 * A test in a fresh Chromium profile. Files with such tests are named `*.browser.test.ts`: without a Chromium `npm test` leaves
 * them out and says so, and a test that is run all the same fails with the remedy.
 */
export function browserTest(name: string, body: (browser: Browser) => Promise<void>): void {
  test(name, async () => {
    const executable = requireChromium();
    const profile = await mkdtemp(join(tmpdir(), "chromium-"));
    const browser = await launch(profile, executable);
    try {
      const page = browser.pages()[0] ?? (await browser.newPage());
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
      });
      await body({ page, complaints }).catch(async (error: unknown) => {
        const path = join(tmpdir(), `failed-${name.replaceAll(/\W+/g, "-").slice(0, 60)}.png`);
        await page.screenshot({ path });
        throw new Error(`${name} failed; the page is in ${path}`, { cause: error });
      });
    } finally {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    }
  });
}

async function launch(profile: string, executablePath: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 1000 },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** The mean lightness of what is on the screen at an element, 0 (black) to 1 (white). */
export async function lightness(page: Page, element: Locator): Promise<number> {
  await element.scrollIntoViewIfNeeded();
  const png = (await element.screenshot()).toString("base64");
  // As text, because the tests' types know no browser.
  return page.evaluate<number>(`(async () => {
    const picture = new Image();
    picture.src = "data:image/png;base64,${png}";
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    canvas.drawImage(picture, 0, 0);
    const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2];
    return sum / (data.length / 4) / 3 / 255;
  })()`);
}
