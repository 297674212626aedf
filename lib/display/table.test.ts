// Tables as text and as HTML.
import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "./display.js";
import { table } from "./table.js";

describe("table()", () => {
  const rows = [
    { network: "plain-20", error: 12.3456, parameters: 269722 },
    { network: "ResNet-110 <b>", error: 6.43, parameters: null },
  ];

  it("aligns text, numbers on the right with common decimals, and shows a dash for what is missing", () => {
    expect(table(rows, { title: "Errors" }).text).toBe(
      [
        "Errors",
        "network         error  parameters",
        "──────────────  ─────  ──────────",
        "plain-20        12.35     269,722",
        "ResNet-110 <b>   6.43           –",
      ].join("\n"),
    );
  });

  it("escapes what rows and title hold", () => {
    const { html } = table(rows, { title: "A & B", columns: ["network"] });
    expect(html).toContain("ResNet-110 &lt;b&gt;");
    expect(html).toContain("A &amp; B");
    expect(html).not.toContain("<b>");
  });

  it("takes columns with headings and formats of their own", () => {
    const shown = table(rows, {
      columns: [{ key: "error", title: "error (%)", format: (value) => value.toFixed(1) }],
    });
    expect(shown.text.split("\n")).toEqual(["error (%)", "─────────", "     12.3", "      6.4"]);
    expect(Object.keys(shown[jupyterDisplay]())).toEqual(["text/plain", "text/html"]);
  });

  it("refuses a column that no row has, and a table of nothing", () => {
    expect(() => table(rows, { columns: ["depth"] })).toThrow(
      `a table's columns are fields of its rows; got "depth" (there are: network, error, parameters)`,
    );
    expect(() => table([])).toThrow("a table needs a row, or the option columns; got neither");
  });
});
