// A small site made of notebooks that hold what could go wrong on a page: markup in text, formulas, figures, errors.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { heatMap, jupyterDisplay, lines, unitDiagram } from "../lib/namespaces/plot";
import { cifarArchitecture } from "../lib/nn/index";
import { findPython } from "../tools/notebooks/environment";
import { formatNotebook, type Cell, type Output } from "../tools/notebooks/notebook";
import { normalise } from "../tools/notebooks/normalise";
import { evidencePage } from "../tools/site/evidence";
import { evidenceFixture } from "../tools/site/evidence.fixture";
import { exportSite } from "../tools/site/export";

const root = resolve(__dirname, "..");
const cache = join(root, "node_modules", ".cache", "residual");
mkdirSync(cache, { recursive: true });

/** A Markdown cell. */
export const markdown = (source: string): Cell => ({ id: "", cell_type: "markdown", metadata: {}, source });
/** A code cell with its outputs. */
export const code = (source: string, outputs: Output[], tags: string[] = []): Cell => ({
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
      layout: lines(
        [
          { name: "plain-20", y: [1] },
          { name: "plain-56", y: [1] },
        ],
        {
          title: "Loss by epoch of two networks, one of them as deep as a narrow page is long",
          x: { title: "epoch, counted from the first one to the last one of the training" },
          y: { title: "loss (nats)" },
          caption:
            "Lines are single runs of one seed each, and the deeper network is worse in every one of the epochs.",
        },
      ).layout,
    },
  },
};

/** Most of it has the darkest colour of the scale. */
const map = heatMap(
  { x: [0, 1], y: [0, 1], values: [[0, 0], [0, 1]] }, // prettier-ignore
  { title: "A map", x: { title: "x" }, y: { title: "y" }, value: { title: "value" } },
);

const architecture = cifarArchitecture({ depth: 8 });
const drawing = await unitDiagram(
  Array.from({ length: 8 }, (_, i) => ({ title: `unit ${i}`, architecture })),
);

const first = [
  markdown("# 90 A <chapter> & its figure\n\nA *summary* of `one` paragraph\nover two lines.\n\n## Next\n"),
  markdown(
    "Inline $x_L = x_l + \\sum_i F(x_i) < \\infty$, a price of \\$5, and\n\n" +
      "$$ \\frac{\\partial E}{\\partial x_l} = \\frac{\\partial E}{\\partial x_L}\\Bigl(1 + \\cdots\\Bigr) $$\n\n" +
      "$$ x_{l+3} = x_{l+2} + F(x_{l+2}) = x_{l+1} + F(x_{l+1}) + F(x_{l+2}) = x_l + F(x_l) + F(x_{l+1}) + F(x_{l+2}) $$\n\n" +
      "[the next chapter](91-second.ipynb#91-Second), [the licence](../../../../../LICENSE)",
  ),
  code('plot.curves(runs, { note: "<script src=https://example.invalid/x.js>" });', [figure]),
  code("console.log(1);", [{ output_type: "stream", name: "stdout", text: "printed $not$ <math>\n" }]),
  code("drawing;", [{ output_type: "display_data", metadata: {}, data: drawing[jupyterDisplay]() }]),
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

/** The notebooks and the site made from them, in a folder that `remove` deletes. */
export class SiteFixture {
  /** In the repository, because a page may link to the repository's files. */
  readonly folder = mkdtempSync(join(cache, "site-"));
  readonly notebooks = join(this.folder, "notebooks");
  readonly site = join(this.folder, "site");

  readonly places = { root, notebooks: this.notebooks, python: findPython(root) };

  /** Writes the notebooks and exports them. */
  static async make(): Promise<SiteFixture> {
    const made = new SiteFixture();
    mkdirSync(made.notebooks);
    made.write("90-first", first);
    made.write("91-second", [
      markdown("# 91 Second\n\nMore.\n"),
      code("map;", [{ output_type: "display_data", metadata: {}, data: map[jupyterDisplay]() }]),
    ]);
    await made.export();
    return made;
  }

  /** Adds a notebook. */
  write(name: string, cells: Cell[]): void {
    const notebook = normalise({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }, this.folder);
    writeFileSync(join(this.notebooks, `${name}.ipynb`), formatNotebook(notebook));
  }

  /** Exports the notebooks, to the fixture's own site unless told otherwise. */
  async export(site = this.site): Promise<void> {
    const made = evidenceFixture();
    // Its records are made up, so their links lead to the one that they are copies of.
    const record = "tools/records/record.fixture.json";
    const evidence = {
      page: (linked: (path: string) => string) => evidencePage(made, () => linked(record)),
      files: [record],
    };
    await exportSite({ ...this.places, site, evidence });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
