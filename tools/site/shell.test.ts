// What the shell mends of TypeDoc's pages: the heading of a fold is a button, and a button may hold no link.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pagesInside, withoutLinks, writeSite } from "./shell";

test("pagesInside() gives what has a page and parts its page as the first of them, at every depth", () => {
  const nn = { text: "nn", path: "nn.html", children: [{ text: "dense", path: "dense.html" }] };
  expect(pagesInside([{ text: "Reference", path: "modules.html", children: [nn] }, { text: "a", path: "a.html" }])).toEqual([
    {
      text: "Reference",
      children: [
        { text: "Overview", path: "modules.html" },
        { text: "nn", children: [{ text: "Overview", path: "nn.html" }, { text: "dense", path: "dense.html" }] },
      ],
    },
    { text: "a", path: "a.html" },
  ]); // prettier-ignore
});

test("withoutLinks() takes links out of a fold's heading and keeps its words", () => {
  expect(withoutLinks('<summary><h2>Functions<a href="#functions" class="x"><svg></svg></a></h2><a href="x">y</a></summary>')).toBe("<summary><h2>Functions</h2>y</summary>"); // prettier-ignore
});

test("writeSite() puts one shell around the course and the reference, each page at its address", async () => {
  const root = mkdtempSync(join(tmpdir(), "residual-shell-"));
  try {
    writeFileSync(join(root, "index.ts"), "/** Parts. */\nexport namespace nn {\n  /** One. */\n  export const one = 1;\n}\n"); // prettier-ignore
    writeFileSync(join(root, "tsconfig.json"), '{ "compilerOptions": { "noLib": true, "types": [] }, "files": ["index.ts"] }'); // prettier-ignore
    writeFileSync(join(root, "typedoc.json"), '{ "entryPoints": ["index.ts"], "tsconfig": "tsconfig.json", "skipErrorChecking": true, "disableSources": true }'); // prettier-ignore
    const site = join(root, "site");
    const page = { name: "01-a", title: "01 A & B", group: "Chapters", html: "<h1>A</h1>", headings: [], sections: [{ text: "A" }] }; // prettier-ignore
    await writeSite({ root, site, pages: [page], index: "<h1>First</h1>", api: true });
    const pages = readdirSync(site, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html")); // prettier-ignore
    expect(pages.sort()).toEqual(["01-a.html", "api/modules/nn.html", "api/variables/nn.one.html", "index.html", "modules.html"]); // prettier-ignore
    for (const name of pages) {
      const html = readFileSync(join(site, name), "utf8");
      expect(html, name).toMatch(/<script async data-src="[^"]*search\.js"/);
      for (const [summary] of html.matchAll(/<summary\b[^]*?<\/summary>/g)) expect(summary, name).not.toContain("<a "); // prettier-ignore
    }
    expect(readFileSync(join(site, "01-a.html"), "utf8")).toContain('<div class="course"><h1>A</h1></div>');
  } finally {
    rmSync(root, { recursive: true });
  }
});
