// Drives a real Chromium, and says which tests wait for one where there is none.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { test } from "vitest";
import { CHROMIUM_REMEDY, findChromium, requireChromium } from "../tools/chromium";

/** The note on a test that was not run for want of a browser; the reporter counts it. */
export const waitsForChromium = "waits for a Chromium";

/** What a test gets: a fresh page, and what its console and scripts complained about. */
export interface Browser {
  readonly page: Page;
  /** Uncaught errors and lines at level "error". */
  readonly complaints: string[];
}

/** A test in a fresh Chromium profile. Without a Chromium it waits, and under `CI=true` it fails. */
export function browserTest(name: string, body: (browser: Browser) => Promise<void>): void {
  test(name, async (context) => {
    if (findChromium() === undefined) {
      if (process.env["CI"] === "true") throw new Error(`No Chromium found. ${CHROMIUM_REMEDY}`);
      context.skip(waitsForChromium);
    }
    const profile = await mkdtemp(join(tmpdir(), "chromium-"));
    const browser = await launch(profile);
    try {
      const page = browser.pages()[0] ?? (await browser.newPage());
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
      });
      await body({ page, complaints });
    } finally {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    }
  });
}

async function launch(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: requireChromium(),
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
