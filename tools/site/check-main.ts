// `npm run check:site`: walks the written site in a real Chromium at two widths and in both themes, and prints what pages weigh and how soon they can be read.
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Browser } from "playwright-core";
import { requireChromium } from "../chromium";
import { UserError } from "../notebooks/user-error";
import { inspectPage } from "./inspect";
import { serveFolder } from "./serve";

const help = `npm run check:site -- [options] [PAGE...]

Serves the written site on loopback below a path, opens every page of the course and every so many pages of the library's reference at 1280 and at
390 pixels, light and dark, and says what is wrong: what axe finds against WCAG 2.2 AA, what is wider than the page, errors of scripts, requests to
other hosts. Then it loads each chapter over a line of 10 Mbit/s and prints its weight, when it could be read and when its first figure stood.

PAGE                 a page's name without .html; all unless said
--site FOLDER        the written site (default site)
--every N            one of N pages of the reference (default 100; 1: all, for hours)
--help               this text
`;

/** 10 Mbit/s, and a round trip that is usual. */
const line = { offline: false, downloadThroughput: 1_250_000, uploadThroughput: 1_250_000, latency: 40 };
/** What the course promises, over that line. */
const limits = { bytes: 1_000_000, readable: 2, figure: 4 };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      site: { type: "string", default: "site" },
      every: { type: "string", default: "100" },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const site = resolve(values.site);
  if (!existsSync(join(site, "index.html")))
    throw new UserError(`a site must lie in ${site}: run npm run site`);
  const every = Number(values.every);
  if (!Number.isInteger(every) || every < 1)
    throw new UserError(`--every must be a whole number, at least 1; got ${values.every}`);
  const names = readdirSync(site, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html") && !name.startsWith("linked/"))
    .sort();
  const course = names.filter((name) => !name.includes("/"));
  const reference = names.filter((name) => name.includes("/")).filter((_, i) => i % every === 0);
  const chosen =
    positionals.length > 0 ? positionals.map((name) => `${name}.html`) : [...course, ...reference];
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UserError(`the site has no page ${unknown}; ${site} holds those it has`);
  const { server, address } = await serveFolder(site, "/a/base/path/");
  const browser = await chromium.launch({
    executablePath: requireChromium(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  let failures = 0;
  const fail = (problem: string): void => {
    failures++;
    console.log(problem);
  };
  try {
    const page = await browser.newPage();
    for (const name of chosen)
      for (const theme of ["light", "dark"] as const)
        for (const width of [1280, 390])
          for (const problem of await inspectPage(page, address + name, { theme, width }))
            fail(`${name}: ${problem}`);
    console.log(
      `${chosen.length} pages at 2 widths in 2 themes: ${failures === 0 ? "nothing wrong" : `${failures} problems`}`,
    );
    const chapters = chosen.filter((name) => /^\d\d-/.test(name) || name === "evidence.html");
    if (chapters.length > 0)
      console.log(
        "page | kB sent before it can be read | kB of its HTML | readable after s | first figure after s",
      );
    for (const name of chapters) {
      const { sent, own, readable, figure } = await loadTimes(browser, address + name);
      console.log(
        [
          name,
          ...[sent, own].map((bytes) => Math.round(bytes / 1000)),
          ...[readable, figure].map((time) => time?.toFixed(2) ?? "none"),
        ].join(" | "),
      );
      if (own > limits.bytes || readable > limits.readable || (figure ?? 0) > limits.figure)
        fail(
          `${name}: at most ${limits.bytes / 1000} kB, readable in ${limits.readable} s, first figure in ${limits.figure} s`,
        );
    }
  } finally {
    await browser.close();
    server.close();
  }
  process.exitCode = failures === 0 ? 0 : 1;
}

interface LoadTimes {
  /** Bytes on the line until the page could be read, and of the page's HTML once unpacked. */
  readonly sent: number;
  readonly own: number;
  /** Seconds from the request. */
  readonly readable: number;
  readonly figure: number | undefined;
}

/** Loads a page with nothing kept from before, and scrolls to its first figure at once. */
async function loadTimes(browser: Browser, address: string): Promise<LoadTimes> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", line);
    let sent = 0;
    session.on("Network.dataReceived", ({ encodedDataLength }) => {
      sent += encodedDataLength;
    });
    const from = performance.now();
    const seconds = (): number => (performance.now() - from) / 1000;
    const response = await page.goto(address, { waitUntil: "commit" });
    await page.locator("h1").first().waitFor();
    await page.waitForFunction("document.readyState !== 'loading'");
    const readable = seconds();
    const before = sent;
    const first = page.locator(".plotly-figure").first();
    let figure: number | undefined;
    if ((await first.count()) > 0) {
      await first.scrollIntoViewIfNeeded();
      await first.locator(".main-svg").first().waitFor();
      figure = seconds();
    }
    return { sent: before, own: (await response!.body()).length, readable, figure };
  } finally {
    await context.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
