// What a page would fetch from another host is found; what only looks like it is not.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { deadLinks } from "./export";
import { externalReferences } from "./offline";

describe("externalReferences", () => {
  test.each([
    '<script src="https://a.example/x.js"></script>',
    "<script async src=https://a.example/x.js></script>",
    "<LINK rel=stylesheet HREF='//a.example/x.js'>",
    '<img alt="a > b" src="http://a.example/x.js">',
    '<img srcset="local.png 1x, https://a.example/x.js 2x">',
    '<p style="background: url(https://a.example/x.js)">',
    "<style>@font-face { src: url('https://a.example/x.js') }</style>",
    '<style>@import "https://a.example/x.js";</style>',
    '<object data="https://a.example/x.js"></object>',
    '<svg><use xlink:href="https://a.example/x.js"/></svg>',
    "<script>1</script><iframe src=https://a.example/x.js></iframe>",
  ])("externalReferences() finds the address in %s", (html) => {
    expect(externalReferences(html).join()).toContain("//a.example/x.js");
  });

  test.each([
    '<a href="https://a.example/">a link is followed, not fetched</a>',
    "<script>const page = '<img src=\"https://a.example/\">';</script>",
    '<!-- <script src="https://a.example/x.js"></script> -->',
    "<pre>&lt;img src=https://a.example/x&gt; url(https://a.example/)</pre>",
    '<img src="data:image/png;base64,AA//BB"><script src="assets/x.js"></script>',
    '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    "<style>/* url(https://a.example/) */ a { color: red }</style>",
  ])("externalReferences() finds nothing in %s", (html) => {
    expect(externalReferences(html)).toEqual([]);
  });
});

test("deadLinks() follows a link from the folder of its page, and names one that leads nowhere", () => {
  const site = mkdtempSync(join(tmpdir(), "residual-links-"));
  try {
    const pages = new Map([
      ["index.html", '<a href="api/index.html#fit">fit</a> <a href="api/gone.html">gone</a>'],
      ["api/index.html", '<a id="fit" href="functions/fit.html">fit</a> <a href="../index.html">up</a>'],
      ["api/functions/fit.html", '<a href="../index.html#fitted">back</a> <a href="fit.html">itself</a>'],
    ]);
    for (const [name, html] of pages) {
      mkdirSync(dirname(join(site, name)), { recursive: true });
      writeFileSync(join(site, name), html);
    }
    expect(deadLinks(site, pages)).toEqual([
      "index.html: api/gone.html",
      "api/functions/fit.html: ../index.html#fitted",
    ]);
  } finally {
    rmSync(site, { recursive: true });
  }
});
