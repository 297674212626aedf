// A line that changes: how it is drawn. Where it goes is tested with what draws it, train/progress.test.ts.
import { expect, test } from "vitest";
import { htmlBar, textBar } from "./live-line.js";

test("htmlBar() escapes its text and bounds its value", () => {
  expect(htmlBar(`<script>alert("x")</script> & 'y'`, 1.5)).toBe(
    '<progress value="1.000" max="1" style="width: 12em; float: left; margin: 0.2em 0.7em 0 0"></progress>' +
      '<code style="display: block; overflow: hidden; white-space: normal">' +
      "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;</code>",
  );
});

test("htmlBar() draws one bar: that of characters, which a terminal needs, is left out at any fraction", () => {
  for (const fraction of [0, 0.024, 0.5, 1]) {
    const html = htmlBar(`run 1/6 ${textBar(fraction)} 12/78, loss 0.5 [unit]`, fraction);
    expect(html).toContain(">run 1/6 12/78, loss 0.5 [unit]</code>");
  }
});
