// A line that changes: how it is drawn. Where it goes is tested with what draws it, train/progress.test.ts.
import { expect, test } from "vitest";
import { htmlBar } from "./live-line.js";

test("htmlBar() escapes its text and bounds its value", () => {
  expect(htmlBar(`<script>alert("x")</script> & 'y'`, 1.5)).toBe(
    '<progress value="1.000" max="1" style="width: 12em; vertical-align: middle"></progress> ' +
      "<code>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;</code>",
  );
});
