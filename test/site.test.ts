// The exported site's files: what they hold, and what an export refuses.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Output } from "../tools/notebooks/notebook";
import { externalReferences, localReferences } from "../tools/site/offline";
import { code, markdown, SiteFixture } from "./site-fixture";

const root = resolve(__dirname, "..");
let made: SiteFixture;

beforeAll(async () => {
  made = await SiteFixture.make();
});

afterAll(() => {
  made.remove();
});

const html = (name: string): string => readFileSync(join(made.site, `${name}.html`), "utf8");

describe("exportSite", () => {
  test("exportSite() lists the pages with escaped titles and summaries", () => {
    expect(html("index")).toContain('<a href="90-first.html">90 A &lt;chapter&gt; &amp; its figure</a>');
    expect(html("index")).toContain("<p>A summary of one paragraph over two lines.</p>");
    expect(html("index").indexOf("90-first")).toBeLessThan(html("index").indexOf("91-second"));
  });

  test("exportSite() hides what a tag removes, and links to pages instead of notebooks", () => {
    const text = html("90-first");
    expect(text.includes("secretSetup")).toBe(false);
    expect(text.match(/<a [^>]*href="91-second[^>]*>[^<]*/g)).toEqual([
      '<a rel="next" href="91-second.html" class="next">Next: 91 Second',
      '<a href="91-second.html#91-Second">the next chapter',
      '<a rel="next" href="91-second.html" class="next">Next: 91 Second',
    ]);
  });

  test("exportSite() leaves nothing in a page that loads from another host", () => {
    expect(externalReferences(html("90-first"))).toEqual([]);
  });

  test("exportSite() refuses a page that would load from another host, and keeps the site as it was", async () => {
    const before = html("index");
    const image: Output = {
      output_type: "display_data",
      metadata: {},
      data: { "text/html": '<img src="https://example.invalid/x.png">', "text/plain": "image" },
    };
    made.write("92-bad", [markdown("# 92 Bad"), code("show();", [image])]);
    try {
      await expect(made.export()).rejects.toThrow(
        /92-bad\.html must load nothing from another host; got https:\/\/example\.invalid\/x\.png/,
      );
    } finally {
      rmSync(join(made.notebooks, "92-bad.ipynb"));
    }
    expect(html("index")).toBe(before);
  });

  test("exportSite() gives a linked file of the repository an address that holds on the page", () => {
    const { targets } = localReferences(html("90-first"));
    expect(targets).toContain("linked/LICENSE");
    expect(existsSync(join(made.site, "linked", "LICENSE"))).toBe(true);
  });

  test("exportSite() refuses pages that link to a file or a heading that is not there, and names each link", async () => {
    const dead = {
      "92-bad": '<a href="gone.html">x</a>',
      "93-bad": "[x](90-first.ipynb#No-such)",
      "94-bad": "[x](#No-such)",
    };
    for (const [name, link] of Object.entries(dead)) made.write(name, [markdown(`# Bad\n\n${link}`)]);
    try {
      await expect(made.export()).rejects.toThrow(
        "do not:\n92-bad.html: gone.html\n93-bad.html: 90-first.html#No-such\n94-bad.html: #No-such",
      );
    } finally {
      for (const name of Object.keys(dead)) rmSync(join(made.notebooks, `${name}.ipynb`));
    }
  });

  test("exportSite() refuses to replace a folder that it did not make", async () => {
    await expect(made.export(made.notebooks)).rejects.toThrow(/must be empty or an earlier export/);
  });

  test("npm run site --help says what it does", () => {
    const run = spawnSync(
      process.execPath,
      ["-r", "./tools/typescript.cjs", "tools/site/main.ts", "--help"],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    expect(run.stdout).toMatch(/^npm run site/);
    expect(run.status).toBe(0);
  });
});
