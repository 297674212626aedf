// The exported site, opened from its folder in a real Chromium that may reach no other host.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPython } from "../tools/notebooks/environment";
import { formatNotebook, type Cell, type Output } from "../tools/notebooks/notebook";
import { normalise } from "../tools/notebooks/normalise";
import { exportSite } from "../tools/site/export";
import { externalReferences } from "../tools/site/offline";
import { browserTest } from "./browser";

const root = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "site-"));
const notebooks = join(folder, "notebooks");
const site = join(folder, "site");

const markdown = (source: string): Cell => ({ id: "", cell_type: "markdown", metadata: {}, source });
const code = (source: string, outputs: Output[], tags: string[] = []): Cell => ({
  id: "",
  cell_type: "code",
  metadata: tags.length > 0 ? { tags } : {},
  source,
  outputs,
  execution_count: 1,
});

const figure: Output = {
  output_type: "display_data",
  metadata: {},
  data: {
    "text/plain": "Loss by epoch",
    "application/vnd.plotly.v1+json": {
      data: [
        { type: "scatter", x: [1, 2, 3], y: [2.3, 1.1, 0.7], name: "plain-20 </script><!--<script>" },
        { type: "scatter", x: [1, 2, 3], y: [2.3, 1.6, 1.4], name: "plain-56" },
      ],
      layout: { title: { text: "Loss by epoch" }, height: 320 },
    },
  },
};

const first = [
  markdown("# 90 A <chapter> & its figure\n\nA *summary* of `one` paragraph\nover two lines.\n\n## Next\n"),
  markdown(
    "Inline $x_L = x_l + \\sum_i F(x_i) < \\infty$, a price of \\$5, and\n\n" +
      "$$ \\frac{\\partial E}{\\partial x_l} = \\frac{\\partial E}{\\partial x_L}\\Bigl(1 + \\cdots\\Bigr) $$\n\n" +
      "[the next chapter](91-second.ipynb#title)",
  ),
  code('plot.curves(runs, { note: "<script src=https://example.invalid/x.js>" });', [figure]),
  code("console.log(1);", [{ output_type: "stream", name: "stdout", text: "printed $not$ <math>\n" }]),
  code("secretSetup();", [], ["remove-cell"]),
  code('throw new Error("no");', [
    {
      output_type: "error",
      ename: "Error",
      evalue: "no",
      traceback: ["\u001b[31mError: no\u001b[39m", "    at cell 4:1"],
    },
  ]),
];

function write(name: string, cells: Cell[]): void {
  const notebook = normalise({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
  writeFileSync(join(notebooks, `${name}.ipynb`), formatNotebook(notebook));
}

beforeAll(() => {
  mkdirSync(notebooks);
  write("90-first", first);
  write("91-second", [markdown("# 91 Second\n\nMore.\n")]);
  exportSite({ root, notebooks, site, python: findPython(root) });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const html = (name: string): string => readFileSync(join(site, `${name}.html`), "utf8");

describe("exportSite", () => {
  test("exportSite() lists the pages with escaped titles and summaries", () => {
    expect(html("index")).toContain('<a href="90-first.html">90 A &lt;chapter&gt; &amp; its figure</a>');
    expect(html("index")).toContain("<p>A summary of one paragraph over two lines.</p>");
    expect(html("index").indexOf("90-first")).toBeLessThan(html("index").indexOf("91-second"));
  });

  test("exportSite() hides what a tag removes, and links to pages instead of notebooks", () => {
    const text = html("90-first");
    expect(text.includes("secretSetup")).toBe(false);
    expect(text.match(/<a href="91-second[^>]*>[^<]*/g)).toEqual([
      '<a href="91-second.html" rel="next">Next',
      '<a href="91-second.html#title">the next chapter',
    ]);
  });

  test("exportSite() leaves nothing in a page that loads from another host", () => {
    expect(externalReferences(html("90-first"))).toEqual([]);
  });

  test("exportSite() refuses a page that would load from another host, and keeps the site as it was", () => {
    const before = html("index");
    const image: Output = {
      output_type: "display_data",
      metadata: {},
      data: { "text/html": '<img src="https://example.invalid/x.png">', "text/plain": "image" },
    };
    write("92-bad", [markdown("# 92 Bad"), code("show();", [image])]);
    try {
      expect(() => exportSite({ root, notebooks, site, python: findPython(root) })).toThrow(
        /92-bad\.html must load nothing from another host; got https:\/\/example\.invalid\/x\.png/,
      );
    } finally {
      rmSync(join(notebooks, "92-bad.ipynb"));
    }
    expect(html("index")).toBe(before);
  });

  test("exportSite() refuses to replace a folder that it did not make", () => {
    expect(() => exportSite({ root, notebooks, site: notebooks, python: findPython(root) })).toThrow(
      /must be empty or an earlier export/,
    );
  });

  test("npm run site --help says what it does", () => {
    const run = spawnSync(process.execPath, ["-r", "ts-node/register", "tools/site/main.ts", "--help"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(run.stdout).toMatch(/^npm run site/);
    expect(run.status).toBe(0);
  });
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
      await page.goto(pathToFileURL(join(site, "90-first.html")).href);
      await page
        .locator(".plotly-figure .main-svg .scatterlayer .trace")
        .first()
        .waitFor({ state: "attached" });
      expect(await page.locator(".plotly-figure .scatterlayer .trace").count()).toBe(2);
      await page.locator("mjx-container[display=true] svg").waitFor();
      expect(await page.locator("mjx-container svg").count()).toBe(2);
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
