// A learner's way: notebooks opened in the real JupyterLab in a real Chromium, and run, stopped, completed, restarted and opened again.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { findPython } from "../tools/notebooks/environment";
import { formatNotebook, parseNotebook, type Cell, type Notebook } from "../tools/notebooks/notebook";
import { claimTag } from "../tools/notebooks/predictions";
import { normalise } from "../tools/notebooks/normalise";
import { convert } from "../tools/notebooks/stale";
import { jupyterEnv } from "../tools/start/start";
import { browserTest, lightness } from "./browser";
import { startJupyterLab, type JupyterLab } from "./jupyterlab";
import { NotebookPage } from "./jupyterlab-page";
import { writeNotebook } from "./notebook-file";

const root = resolve(__dirname, "..");
const cache = join(root, "runs");
/** A short one that trains and draws, because what a browser adds is the same for all: that every chapter runs is what `course.test.ts` shows. */
const chapter = "00-start-here";
/** A browser on a busy machine. */
const patient = { timeout: 60_000 };
let folder: string;
let jupyter: JupyterLab;

const learning = [
  'import { data, nn, runtime, train } from "residual";\nawait runtime.ready();\n' +
    'const images = data.downsample(await data.load("fashion-mnist-sample", { split: "train" }), 2);\n' +
    'const network = nn.cifarResNet({ depth: 8, shortcut: "A", inputShape: images.imageShape, classes: 10, seed: 1 });',
  "let trained: train.FitResult | undefined;\n" +
    "trained = await train.fit(network, data.batches(images), { epochs: 10_000, seed: 1 });",
  "`stopped: ${trained!.stopped}, after some steps: ${trained!.steps > 0}`",
  "",
  "train.fit",
  "network",
];

const rich = [
  'import { nn, plot } from "residual";\n' +
    'plot.lines([{ name: "loss", y: [2.3, 1.1, 0.7] }], { title: "Loss by epoch", x: { title: "epoch" }, y: { title: "loss" } })',
  "for (const step of progress(40, { label: 'steps' })) await new Promise((resolve) => setTimeout(resolve, 20));",
  '[{ depth: 20, shortcut: "A", error: 8.75 }, { depth: 32, shortcut: "A", error: 7.51 }]',
  "plot.latex(String.raw`x_L = x_l + \\sum_{i=l}^{L-1} F(x_i)`)",
  'await plot.unitDiagram([{ title: "a unit", architecture: nn.cifarArchitecture({ depth: 20 }) }])',
];

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "jupyterlab-"));
  const turns = join(root, "notebooks", "turns");
  if (existsSync(turns)) cpSync(turns, join(folder, "turns"), { recursive: true });
  const sources = [
    join(root, "test", "fixtures", "notebooks", "90-fixture.ts"),
    join(root, "notebooks", `${chapter}.ts`),
  ];
  const notebooks = await convert(findPython(root), sources);
  for (const source of sources) {
    const { cells, ...rest } = normalise(notebooks.get(source)!, root);
    // A cell that was not run has no number yet.
    const fresh = cells.map((cell) =>
      cell.cell_type === "code" ? { ...cell, execution_count: null } : cell,
    );
    const name = `${basename(source, ".ts")}.ipynb`;
    writeFileSync(join(folder, name), formatNotebook({ ...rest, cells: fresh }));
  }
  writeNotebook(join(folder, "91-learning.ipynb"), learning);
  writeNotebook(join(folder, "92-rich.ipynb"), rich);
  jupyter = await startJupyterLab(folder, { RESIDUAL_SETTING: "ci" });
});

afterAll(async () => {
  await jupyter.stop();
  rmSync(folder, { recursive: true, force: true });
});

const read = (name: string): Notebook => parseNotebook(readFileSync(join(folder, name), "utf8"), name);
const codeOf = ({ cells }: Notebook): Cell[] => cells.filter((cell) => cell.cell_type === "code");
/** A cell that shows what an error looks like has one. */
const errorsOf = ({ outputs = [] }: Cell): string[] =>
  outputs.flatMap((one) => (one.output_type === "error" ? [`${one.ename!}: ${one.evalue!}`] : []));
const hasFigure = ({ outputs = [] }: Cell): boolean =>
  outputs.some(({ data }) => data !== undefined && "application/vnd.plotly.v1+json" in data);

/** Keeps a picture of the page for whoever wants to look. */
const keep = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: join(tmpdir(), `residual-${name}.png`) });

/** A figure with its curve, as wide as a figure should be, that answers the mouse. */
async function expectLiveFigure(output: Locator): Promise<void> {
  const curve = output.locator(".js-plotly-plot .main-svg .scatterlayer .trace").first();
  await curve.waitFor({ state: "attached", timeout: 120_000 });
  expect((await output.locator(".main-svg").first().boundingBox())!.width).toBeGreaterThan(300);
}

/** What the figure of a notebook's first cell looks like from outside. */
interface Outline {
  readonly width: number;
  readonly height: number;
}

/** Makes a change, waits until the figure is as wide as its place again, and expects every text of it within it. */
async function looksWhole(
  notebook: NotebookPage,
  page: Page,
  change: string,
  make: () => Promise<void>,
): Promise<Outline> {
  await make();
  const outline = `(() => {
    const place = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-RenderedPlotly");
    const frame = place?.querySelector(".main-svg")?.getBoundingClientRect();
    if (!frame) return { missing: "the figure" };
    const inside = ({ left, right, top, bottom }) =>
      left >= frame.left - 1 && right <= frame.right + 1 && top >= frame.top - 1 && bottom <= frame.bottom + 1;
    const texts = [...place.querySelectorAll("text")].filter((text) => text.textContent !== "");
    return {
      width: Math.round(frame.width),
      height: Math.round(frame.height),
      place: place.clientWidth,
      around: place.clientHeight - Math.round(frame.height),
      outside: texts.filter((text) => !inside(text.getBoundingClientRect())).map((text) => text.textContent),
    };
  })()`;
  type Seen = Outline & { readonly place: number };
  const look = (): Promise<Seen> => page.evaluate<Seen>(outline);
  await notebook.output(0).locator(".main-svg").first().waitFor(patient);
  // Twice the same: nothing is being drawn any more.
  let last: Seen | undefined;
  await expect
    .poll(
      async () => {
        const before = last;
        last = await look();
        return last.width === last.place && JSON.stringify(last) === JSON.stringify(before);
      },
      { ...patient, interval: 250, message: change },
    )
    .toBe(true);
  expect(last, change).toMatchObject({ around: 0, outside: [] });
  return { width: last!.width, height: last!.height };
}

/** What a reader must see of `rich`, wherever it is opened. */
async function expectRichOutputs(output: (index: number) => Locator): Promise<void> {
  await output(1)
    .getByText(/40\/40/)
    .waitFor();
  expect(await output(1).innerText()).toMatch(/^\s*steps: 40\/40 after/);
  const table = output(2).locator("table");
  await table.waitFor();
  expect(await table.locator("th").allInnerTexts()).toEqual(["depth", "shortcut", "error"]);
  expect(await table.locator("tbody tr").count()).toBe(2);
  await output(3).locator("mjx-container").waitFor();
  const drawing = output(4).getByRole("img", { name: /^a unit: x 32×32×16/ });
  await drawing.waitFor();
  expect((await drawing.boundingBox())!.width).toBeGreaterThan(100);
}

describe("JupyterLab", () => {
  browserTest(
    "JupyterLab runs every cell and shows text, figure, progress in place and a readable error",
    async ({ page }) => {
      const notebook = await NotebookPage.open(page, jupyter.open("90-fixture.ipynb"));
      await notebook.panel.getByRole("heading", { name: "90 Fixture" }).waitFor();
      expect(await notebook.panel.locator("mjx-container").count()).toBe(1);

      await notebook.runAll();
      const [text, figure, progress, failure] = [0, 1, 2, 3].map((index) => notebook.output(index));

      await failure!.getByText("RangeError", { exact: false }).first().waitFor({ timeout: 120_000 });
      expect((await text!.innerText()).trim()).toBe("the last loss is 0.7");
      await expectLiveFigure(figure!);

      expect(await progress!.locator(".jp-OutputArea-child").count()).toBe(2);
      expect(await progress!.innerText()).toMatch(/^step 5 of 5 after [\d.]+ ms\s+trained\s*$/);

      const shown = await failure!.innerText();
      expect(shown).toContain("RangeError: depth must be 6n+2; got 21");
      expect(shown).not.toMatch(/node_modules|evalmachine|\[\d+m/);

      await failure!.scrollIntoViewIfNeeded();
      await keep(page, "fixture");
    },
  );

  browserTest("JupyterLab runs a whole chapter, figures included", async ({ page }) => {
    const published = readFileSync(join(root, "notebooks", `${chapter}.ipynb`), "utf8");
    const expected = codeOf(parseNotebook(published, chapter));
    const notebook = await NotebookPage.open(page, jupyter.open(`${chapter}.ipynb`));
    await notebook.runAll();
    await notebook.ran(expected.length - 1, { timeout: 500_000 });
    await notebook.save();
    const cells = codeOf(read(`${chapter}.ipynb`));
    expect(cells.map(errorsOf)).toEqual(expected.map(errorsOf));
    expect(cells.map(({ execution_count }) => execution_count)).toEqual(expected.map((_, i) => i + 1));
    expect(cells.map(hasFigure)).toEqual(expected.map(hasFigure));
    const last = expected.findLastIndex(hasFigure);
    const figure = notebook.output(last).locator(".js-plotly-plot .main-svg").first();
    await figure.scrollIntoViewIfNeeded();
    await figure.waitFor();
    await keep(page, "chapter");
  });

  browserTest(
    "JupyterLab stops training with the stop button, completes with Tab, explains with Shift+Tab, restarts",
    async ({ page }) => {
      const notebook = await NotebookPage.open(page, jupyter.open("91-learning.ipynb"));
      await notebook.run(0);
      await notebook.run(1);
      await notebook.output(1).getByText(/loss/).first().waitFor({ timeout: 120_000 });
      await keep(page, "training");
      await notebook.interrupt();
      await notebook.ran(1);
      expect(await notebook.output(1).innerText()).toContain("KeyboardInterrupt");
      await keep(page, "stopped");
      await notebook.run(2);
      await notebook.ran(2);
      expect(await notebook.output(2).innerText()).toContain("stopped: true, after some steps: true");

      await notebook.focus(3);
      await page.keyboard.type("network.summ");
      await page.keyboard.press("Tab");
      const offered = page.locator(".jp-Completer-item .jp-Completer-match");
      await offered.first().waitFor();
      expect(await offered.allInnerTexts()).toEqual(["summary"]);
      await page.keyboard.press("Enter");
      await expect.poll(() => notebook.text(3), patient).toBe("network.summary");
      await page.keyboard.type("; Math.f");
      await page.keyboard.press("Tab");
      await offered.first().waitFor();
      await keep(page, "completion");
      expect(await offered.allInnerTexts()).toEqual(expect.arrayContaining(["floor", "fround"]));
      await page.keyboard.press("Escape");

      await notebook.focus(4);
      await page.keyboard.press("Shift+Tab");
      const tooltip = page.locator(".jp-Tooltip");
      await tooltip.waitFor();
      await keep(page, "inspection");
      expect(await tooltip.innerText()).toMatch(
        /^\s*function fit\([^]*FitResult[^]*Trains a classifier in place/,
      );
      await page.keyboard.press("Escape");

      await notebook.restart();
      await notebook.run(5);
      await notebook.ran(5);
      expect(await notebook.output(5).innerText()).toContain("Cannot find name 'network'");
      await keep(page, "restarted");
    },
  );

  browserTest(
    "JupyterLab shows figure, progress bar, table, formula and drawing, also in a notebook that it does not trust",
    async ({ page }) => {
      const notebook = await NotebookPage.open(page, jupyter.open("92-rich.ipynb"));
      await notebook.runAll();
      await notebook.ran(4);
      await expectLiveFigure(notebook.output(0));
      await expectRichOutputs((index) => notebook.output(index));
      await keep(page, "rich");
      await notebook.save();

      // A change that JupyterLab did not make itself takes its trust away.
      const saved = read("92-rich.ipynb");
      const changed = { ...saved, metadata: { ...saved.metadata, from: "somebody else" } };
      writeFileSync(join(folder, "93-untrusted.ipynb"), formatNotebook(changed));
      const other = await NotebookPage.open(page, jupyter.open("93-untrusted.ipynb"));
      await page.locator('[data-icon="ui-components:not-trusted"]').first().waitFor();
      await expectRichOutputs((index) => other.output(index));
      await expectLiveFigure(other.output(0));
      await keep(page, "untrusted");
    },
  );
});

describe("JupyterLab, once a figure stands", () => {
  browserTest(
    "a figure stays whole and as wide as its cell when that runs again, the tab is left, the sidebar opens, the window changes and the page is loaded anew",
    async ({ page }) => {
      const caption =
        "Three epochs of a small network, which a page shows in one line and a telephone in several; none is cut off.";
      writeNotebook(join(folder, "95-figure.ipynb"), [
        rich[0]!.replace(
          'title: "Loss by epoch"',
          `title: "Loss by epoch of a network that is trained three times", caption: "${caption}"`,
        ),
      ]);
      const notebook = await NotebookPage.open(page, jupyter.open("95-figure.ipynb"));
      const whole = await looksWhole(notebook, page, "first", async () => {
        await notebook.run(0);
        await notebook.ran(0);
        await expectLiveFigure(notebook.output(0));
      });
      expect(whole.height).toBeGreaterThan(400);
      const left = async (): Promise<void> => {
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+Shift+L");
        await page.locator(".jp-Launcher-body:visible").first().waitFor(patient);
        await page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", { hasText: "95-figure" }).click();
      };
      const changes: Record<string, () => Promise<void>> = {
        "run again": async () => {
          await notebook.run(0);
          await notebook.ran(0);
        },
        "tab left": left,
        "sidebar closed": () => page.keyboard.press("Control+B"),
      };
      for (const width of [700, 1400, 390, 1000, 700, 1280, 390, 1400, 700, 1280])
        changes[`${Object.keys(changes).length}: window ${width}`] = () =>
          page.setViewportSize({ width, height: 900 });
      changes["sidebar opened"] = () => page.keyboard.press("Control+B");
      changes["tab left again"] = left;
      const seen = new Map<number, number>();
      for (const [change, make] of Object.entries(changes)) {
        const { width, height } = await looksWhole(notebook, page, change, make);
        const before = seen.get(width) ?? height;
        expect(
          Math.abs(height - before),
          `${change}: ${height} pixels high, ${before} before`,
        ).toBeLessThanOrEqual(1);
        seen.set(width, before);
        if (/ (390|700)$/.test(change)) await keep(page, `figure-${change.slice(-3)}`);
      }
      expect(seen.size).toBeGreaterThanOrEqual(4);
      expect(seen.get(whole.width)).toBe(whole.height);
      await notebook.save();
      const again = await NotebookPage.open(page, jupyter.open("95-figure.ipynb"));
      const anew = await looksWhole(again, page, "loaded anew", () => Promise.resolve());
      expect(anew).toEqual(whole);
    },
  );

  browserTest(
    "opening a chapter and an exercise changes neither, and saving writes the same bytes",
    async ({ page }) => {
      const published = [
        join("notebooks", `${chapter}.ipynb`),
        join("exercises", "02-residual-block", "02-residual-block.ipynb"),
      ];
      for (const path of published) {
        const name = `published-${basename(path)}`;
        const before = readFileSync(join(root, path), "utf8");
        writeFileSync(join(folder, name), before);
        const notebook = await NotebookPage.open(page, jupyter.open(name));
        await page.waitForTimeout(2000);
        expect(
          await page.locator(".lm-DockPanel-tabBar .jp-mod-dirty").count(),
          `${name} counts as changed`,
        ).toBe(0);
        await notebook.save();
        expect(readFileSync(join(folder, name), "utf8") === before, `${name} was written otherwise`).toBe(
          true,
        );
      }
    },
  );
});

describe("JupyterLab, where a chapter asks for a prediction", () => {
  browserTest(
    "what follows is folded until its cell is run, the code of a claim until it is clicked, and what stands elsewhere lies open",
    async ({ page }) => {
      const cell = (source: string, text?: string): Cell => ({
        id: "",
        cell_type: text === undefined ? "markdown" : "code",
        metadata: {},
        source,
        ...(text !== undefined && {
          execution_count: 1,
          outputs: [{ output_type: "stream", name: "stdout", text }],
        }),
      });
      const cells = [
        cell('console.log("begun")', "begun"),
        cell("**Predict, then run.** What is it?"),
        cell("console.log(6 * 7)", "42"),
        { ...cell('if (6 * 7 !== 42) throw new Error("as claimed")', ""), metadata: { tags: [claimTag] } },
      ];
      const asks = normalise({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }, root);
      writeFileSync(join(folder, "98-predict.ipynb"), formatNotebook(asks));
      const notebook = await NotebookPage.open(page, jupyter.open("98-predict.ipynb"));
      const shown = (index: number): Locator =>
        notebook.output(index).locator(".jp-OutputArea-output").first();
      await shown(0).waitFor();
      await notebook.panel.locator(".jp-RenderedMarkdown em", { hasText: "Your prediction:" }).waitFor();
      expect(await shown(1).isVisible(), "the answer").toBe(false);
      // Nor does the fold tell its first line.
      expect(await notebook.panel.innerText()).toContain("begun");
      expect(await notebook.panel.innerText()).not.toMatch(/42|claimed/);
      await notebook.code(2).locator(".jp-InputPlaceholder").click();
      await notebook.code(2).getByText("as claimed").waitFor();
      await notebook.run(1);
      await shown(1).waitFor();
      expect(await shown(1).innerText()).toContain("42");
    },
  );
});

describe("JupyterLab as npm start gives it", () => {
  const nbgraderParts = (page: Page): Locator =>
    page
      .getByText("Validate", { exact: true })
      .or(page.getByText("Nbgrader", { exact: true }))
      .or(page.getByText("Create Assignment", { exact: true }));

  browserTest(
    "a learner is offered the course's kernel alone, sees no button of nbgrader's and a chapter once in the list of files, and is led to the passage",
    async ({ page }) => {
      writeFileSync(join(folder, "96-twin.ts"), "// %%\n");
      writeFileSync(join(folder, "own-module.ts"), "export const mine = 1;\n");
      writeNotebook(join(folder, "96-twin.ipynb"), [
        'import { check } from "residual";\n' +
          'const wrong = { id: "a", title: "a property", points: 1, finding: { mistake: "slip", message: "it slipped" } };\n' +
          'check.report([wrong], { read: "99-long.ipynb#The-passage" })',
      ]);
      const passages = Array.from({ length: 60 }, (_, i): Cell => ({
        id: "",
        cell_type: "markdown",
        metadata: {},
        source: `## ${i === 50 ? "The passage" : `Before and after ${i}`}\n\n${"A line.\n\n".repeat(8)}`,
      }));
      const long = normalise({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: passages }, root);
      writeFileSync(join(folder, "99-long.ipynb"), formatNotebook(long));
      const notebook = await NotebookPage.open(page, jupyter.open("96-twin.ipynb"));
      const files = page.locator(".jp-DirListing-itemText");
      await files.getByText("96-twin.ipynb").waitFor(patient);
      expect(await files.allInnerTexts()).toContain("own-module.ts");
      expect(await files.allInnerTexts()).not.toContain("96-twin.ts");
      expect(await nbgraderParts(page).count()).toBe(0);
      await page.keyboard.press("Control+Shift+L");
      const cards = page.locator(".jp-Launcher-body:visible .jp-LauncherCard-label");
      await cards.getByText("Terminal").waitFor(patient);
      expect((await cards.allInnerTexts()).map((label) => label.trim())).toEqual([
        "TypeScript (Residual)",
        "TypeScript (Residual)",
        "Terminal",
        "Text File",
        "Markdown File",
        "Show Contextual Help",
      ]);
      await page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", { hasText: "96-twin" }).click();
      await notebook.run(0);
      await notebook.output(0).getByRole("link", { name: "99-long, The passage" }).click();
      const passage = page.locator("h2", { hasText: "The passage" });
      await passage.waitFor(patient);
      // Within the window, which is 1,000 pixels high.
      await expect
        .poll(async () => (await passage.boundingBox())?.y, patient)
        .toSatisfy((y: number) => y > 0 && y < 900);
      await keep(page, "passage");
    },
  );

  browserTest(
    "figures and drawings are dark in the dark theme, and photographs and heat maps as they are",
    async ({ page }) => {
      writeNotebook(join(folder, "97-dark.ipynb"), [
        ...rich,
        'plot.imageGrid({ images: new Uint8Array(16).fill(255), imageShape: [4, 4, 1] } as never, { title: "a white image" })',
        'plot.heatMap({ x: [0, 1], y: [0, 1], values: [[1, 1], [1, 0]] }, { title: "a dark corner", x: { title: "x" }, y: { title: "y" }, value: { title: "v" } })',
      ]);
      const notebook = await NotebookPage.open(page, jupyter.open("97-dark.ipynb"));
      await notebook.runAll();
      await notebook.ran(6);
      const shades = async (): Promise<number[]> => {
        const shown = (
          [
            [0, ".js-plotly-plot"],
            [4, "img"],
            [5, ".imagelayer image"],
            [6, ".heatmaplayer image"],
            [6, ".cbfills"],
          ] as const
        ).map(([cell, selector]) => notebook.output(cell).locator(selector).first());
        const result = [];
        for (const one of shown) result.push(await lightness(page, one));
        return result;
      };
      const light = await shades();
      await page.getByRole("menuitem", { name: "Settings" }).click();
      for (const item of [/^Theme$/, /^JupyterLab Dark$/])
        await page.locator(".lm-Menu-itemLabel").filter({ hasText: item }).first().click();
      await expect.poll(async () => (await shades())[0], patient).toBeLessThan(0.3);
      const dark = await shades();
      await keep(page, "dark");
      expect(
        light.slice(0, 3).every((shade) => shade > 0.7),
        `light: ${light.join(", ")}`,
      ).toBe(true);
      expect(dark[1], "a drawing").toBeLessThan(0.4);
      expect(dark[2], "a photograph").toBeGreaterThan(0.9);
      // Turned round twice, its brightest colours lose some of their saturation.
      expect(Math.abs(dark[3]! - light[3]!), "a heat map").toBeLessThan(0.1);
      expect(Math.abs(dark[4]! - light[4]!), "a heat map's scale").toBeLessThan(0.1);
    },
  );

  browserTest("a teacher has nbgrader's menu and buttons", async ({ page }) => {
    const { JUPYTER_CONFIG_PATH } = jupyterEnv(root, { teacher: true });
    const teachers = await startJupyterLab(folder, { JUPYTER_CONFIG_PATH });
    try {
      await NotebookPage.open(page, teachers.open("92-rich.ipynb"));
      await expect.poll(() => nbgraderParts(page).count(), patient).toBeGreaterThanOrEqual(3);
    } finally {
      await teachers.stop();
    }
  });
});

describe("Notebook 7", () => {
  browserTest(
    "Notebook 7 runs every cell and shows figure, progress bar, table, formula and drawing",
    async ({ page }) => {
      writeNotebook(join(folder, "94-classic.ipynb"), rich);
      const notebook = await NotebookPage.open(page, jupyter.openInNotebook("94-classic.ipynb"));
      await notebook.runAll();
      await notebook.ran(4);
      await expectLiveFigure(notebook.output(0));
      await expectRichOutputs((index) => notebook.output(index));
      await keep(page, "notebook-7");
    },
  );
});
