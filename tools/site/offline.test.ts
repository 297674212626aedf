// What a page would fetch from another host is found; what only looks like it is not.
import { describe, expect, test } from "vitest";
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
