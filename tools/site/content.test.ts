// What a page's text becomes before the shell is put around it.
import { serialize } from "parse5";
import { describe, expect, test } from "vitest";
import { finish, mendAnchors, readContent, sectionsOf } from "./content";
import { glossaryHovers, linkTerms, referenceHovers, referencesOf, referencesPage } from "./hovers";
import { typesetter } from "./typeset";

const page = (name: string, html: string) => readContent(name, html);
const untouched = { typeset: () => (html: string) => html, mathml: (tex: string) => `<math>${tex}</math>`, style: "" }; // prettier-ignore

describe("readContent()", () => {
  test("gives headings without the mark that links to them, and every id", () => {
    const { headings, ids } = page("a", '<h1 id="A">A<a class="anchor-link" href="#A">¶</a></h1><p id="b">x</p><h2>no id</h2>'); // prettier-ignore
    expect(headings).toEqual([{ id: "A", level: 1, text: "A" }]);
    expect([...ids]).toEqual(["A", "b"]);
  });
});

describe("sectionsOf()", () => {
  test("cuts at second and third headings, reads code, and leaves outputs out", () => {
    const html =
      '<h1 id="A">A</h1><p>one</p><h2 id="B">B</h2><pre>code()</pre><div class="jp-Cell-outputWrapper">3.14</div><h4 id="C">C</h4><p>two</p>';
    expect(sectionsOf(page("a", html)).map(({ heading, text }) => [heading?.id, text])).toEqual([
      [undefined, "A one"],
      ["B", "B code() C two"],
    ]);
  });
});

describe("mendAnchors()", () => {
  test("leads GitHub's anchors to nbconvert's, on this page and another, and leaves what leads nowhere", () => {
    const other = page("b", '<h2 id="What-it-is?">What it is?</h2>');
    const own = page("a", '<h2 id="Two-Parts">Two Parts</h2><a href="#two-parts"></a><a href="b.html#what-it-is"></a><a href="#gone"></a>'); // prettier-ignore
    mendAnchors(own, new Map([["a", own], ["b", other]])); // prettier-ignore
    expect(serialize(own.tree).match(/href="[^"]*"/g)).toEqual(['href="#Two-Parts"', 'href="b.html#What-it-is%3F"', 'href="#gone"']); // prettier-ignore
  });
});

describe("finish()", () => {
  test("puts tables into boxes that scroll and says what a figure is before it is drawn", () => {
    const figure = '<div class="plotly-figure"><script type="application/json">{"data":[{"type":"image"}],"layout":{"title":{"text":"Ten <b>cats</b>"},"height":200}}</script></div>'; // prettier-ignore
    const html = finish(page("a", `<table></table>${figure}`), untouched);
    expect(html).toContain('<div class="wide"><table></table></div>');
    expect(html).toContain('class="plotly-figure photographs" role="figure" aria-label="Ten  cats " style="min-height: 200px"'); // prettier-ignore
  });
});

describe("finish()", () => {
  test("keeps of code's marks those that have a colour, and every letter of the code", () => {
    const html = finish(page("a", '<div class="highlight"><pre><span></span><span class="kd">const</span><span class="w"> </span><span class="nx">a<i>b</i></span>;</pre></div>'), untouched); // prettier-ignore
    expect(html).toBe('<div class="highlight"><pre><span class="kd">const</span> a<i>b</i>;</pre></div>');
  });
});

describe("typesetter()", () => {
  test("draws formulas of the text with the page's own glyphs, leaves code and what was printed, and names a formula that cannot be set", async () => {
    const setter = await typesetter();
    const html =
      '<p>A $x_1 &lt; y$ for \\$5, and $$ z $$</p><pre>$a$</pre><div class="jp-RenderedText">$b$ $</div>';
    const made = finish(page("a", html), setter);
    expect(made.match(/<mjx-container /g)).toHaveLength(2);
    expect(made).toContain("for $5, and");
    expect(made).toContain("<pre>$a$</pre>");
    expect(made).toContain(">$b$ $</div>");
    const [used, kept] = [/<use href="#([^"]*)"/g, /<path id="([^"]*)"/g].map((pattern) => new Set([...made.matchAll(pattern)].map(([, id]) => id))); // prettier-ignore
    expect(used).toEqual(kept);
    expect(() => finish(page("a", "<p>$\\fracc{1}{2}$</p>"), setter)).toThrow(/^a: a formula must be one that MathJax sets; got \\fracc/); // prettier-ignore
  });
});

describe("linkTerms()", () => {
  test("links the first use of a term, the longer of two, and none in code, links, formulas or where the page introduces it", () => {
    const own = page("02-a", "<p>$loss$ <code>loss</code> Losses, the loss and residual networks; a loss.</p><p>A <strong>batch</strong>: a batch. <a href='x'>seed</a></p>"); // prettier-ignore
    linkTerms(own, ["loss", "residual", "residual network", "batch", "seed"]);
    expect(serialize(own.tree).match(/<a class="term"[^>]*>[^<]*/g)).toEqual([
      '<a class="term" href="glossary.html#term-loss">loss',
      '<a class="term" href="glossary.html#term-residual-network">residual networks',
    ]);
  });
});

describe("glossaryHovers()", () => {
  test("gives each entry an anchor and what it says, formulas as MathML", () => {
    const glossary = page("glossary", '<ul><li><strong>dense layer</strong> (01, <a href="01.html">A</a>): One <strong>dense layer</strong> is $W &lt; x$.</li></ul>'); // prettier-ignore
    expect([...glossaryHovers(glossary, untouched)]).toEqual([["glossary.html#term-dense-layer", "<strong>dense layer</strong>: One <strong>dense layer</strong> is <math>W < x</math>."]]); // prettier-ignore
    expect(serialize(glossary.tree)).toContain('<li id="term-dense-layer">');
  });
});

describe("referencesOf()", () => {
  test("takes authors, title and year from the first place that names them, and every page that cites", () => {
    const link = '<a href="https://arxiv.org/abs/1512.03385">arXiv:1512.03385</a>';
    const pages = [
      page("01-a", `<p>The paper, ${link}.</p>`),
      page(
        "02-b",
        `<p><strong>Source.</strong> He, Zhang, Ren, Sun: <em>Deep\nResidual</em>, 2015, ${link}.</p>`,
      ),
    ];
    const references = referencesOf(pages);
    expect(references).toEqual([
      { id: "1512.03385", authors: "He, Zhang, Ren, Sun", title: "Deep Residual", year: "2015", pages: ["01-a", "02-b"] },
    ]); // prettier-ignore
    expect(referenceHovers(references).get("https://arxiv.org/abs/1512.03385")).toBe("He, Zhang, Ren, Sun: <em>Deep Residual</em>, 2015"); // prettier-ignore
    expect(referencesPage(references, (name) => name.toUpperCase())).toContain('Cited in <a href="01-a.html">01-A</a>, <a href="02-b.html">02-B</a>.'); // prettier-ignore
  });
});
