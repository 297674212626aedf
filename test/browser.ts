// Drives a real Chromium.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
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
