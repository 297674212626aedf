// Draws one figure of each kind with plotly.js in a real Chromium, without a network, and looks at what was drawn.
import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireChromium } from "../tools/chromium";
import {
  imageGrid,
  jupyterDisplay,
  lines,
  moving,
  unitDiagram,
  type Figure,
} from "../lib/namespaces/plot.js";
import { drawGraph } from "../lib/plot/graph.js";
import { cifarArchitecture } from "../lib/nn/index.js";
import { samples } from "./plot-samples";

/** Set to a folder, this keeps a screenshot of each figure there. */
const screenshots = process.env["RESIDUAL_SCREENSHOTS"];
const fitting = readFileSync(
  join(__dirname, "../tools/start/jupyter/labextensions/residual-lab/static/figures.js"),
  "utf8",
);
const source = readFileSync(createRequire(import.meta.url).resolve("plotly.js-dist-min"), "utf8");

const mimeType = "application/vnd.plotly.v1+json";

/** What a page says of a figure that it has drawn. */
interface Drawn {
  readonly lines: number;
  readonly points: number;
  readonly bars: number;
  readonly errorBars: number;
  readonly images: { readonly width: number; readonly height: number }[];
  readonly texts: string[];
  readonly overflow: boolean;
  /** Whether an axis writes into the caption. */
  readonly covered: boolean;
}

/** Chromium's advice on speed to plotly.js, which measures the texts of a surface's axes on a canvas. */
const isHint = (text: string): boolean => text.startsWith("Canvas2D: Multiple readback operations");

/** Runs in the page: draws a figure and waits until its pictures have loaded. */
const draw = `async (bundle) => {
  const place = document.getElementById("figure");
  await Plotly.newPlot(place, bundle.data, bundle.layout, bundle.config);
  const count = (selector) => place.querySelectorAll(selector).length;
  const images = [...place.querySelectorAll(".imagelayer image")];
  for (const image of images) {
    const picture = new Image();
    picture.src = image.getAttribute("href") ?? image.getAttributeNS("http://www.w3.org/1999/xlink", "href");
    await picture.decode();
    image.natural = { width: picture.naturalWidth, height: picture.naturalHeight };
  }
  const frame = place.querySelector(".main-svg").getBoundingClientRect();
  const texts = [...place.querySelectorAll("text")].filter((text) => text.textContent !== "");
  return {
    lines: count(".scatterlayer path.js-line"),
    points: count(".scatterlayer path.point"),
    bars: count(".bars .point path"),
    errorBars: count("path.yerror, path.xerror"),
    images: images.map((image) => image.natural),
    texts: texts.map((text) => text.textContent),
    overflow: texts.some((text) => {
      const box = text.getBoundingClientRect();
      return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
    }),
    covered: [...place.querySelectorAll(".annotation text")].some((caption) => {
      const below = caption.getBoundingClientRect();
      return [...place.querySelectorAll(".xtick text, .xtitle")].some(
        (text) => text.getBoundingClientRect().bottom > below.top + 1,
      );
    }),
  };
}`;

/** Numbers beside the plot that push it to the right, and with it what hangs below. */
const longNumbers = lines([{ name: "the law", y: [120_000, 480_000, 720_000, 990_000] }], {
  title: "How much of the gradient reaches the first of 9 units",
  x: { title: "λ, the factor on every weight of the units" },
  y: { title: "norm at unit 1" },
  caption:
    "Small weights starve a product. The sum keeps what the shortcuts carry, however small they are, and whatever the layers between them do to the rest.",
});

/** Names that stand side by side in a notebook, and not on a page. */
const longLegend = lines(
  ["plain-20", "residual-20", "plain-56", "residual-56", "plain-20, 0.1 throughout"].map((name, i) => ({ name, y: [i, 1] })), // prettier-ignore
  { title: "Training loss", x: { title: "epoch" }, y: { title: "loss" } },
);

/** Runs in the page: the texts that reach out of their figure, or lie under its toolbar or in its caption. */
const cut = `[...document.querySelectorAll(".plotly-figure")].flatMap((place, index) => {
  const box = (element) => element.getBoundingClientRect();
  const frame = box(place);
  const outside = ({ left, right, top, bottom }) =>
    left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 1 || bottom > frame.bottom + 1;
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const texts = [...place.querySelectorAll("text")].filter((text) => text.textContent !== "");
  const caption = place.querySelector(".annotation text");
  const hides = (text) =>
    [...place.querySelectorAll(".modebar-group")].some((group) => text.matches(".gtitle") && meet(box(group), box(text))) ||
    (text.matches(".gtitle") && [...place.querySelectorAll(".legendtext")].some((name) => meet(box(name), box(text)))) ||
    (text.matches(".xtick text, .xtitle") && caption && box(text).bottom > box(caption).top + 1);
  return texts.filter((text) => outside(box(text)) || hides(text)).map((text) => index + ": " + text.textContent);
})`;

describe("plotly.js draws the library's figures", () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: requireChromium(),
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    page = await browser.newPage({ viewport: { width: 900, height: 800 } });
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !isHint(message.text()))
        complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("data:")) complaints.push(`asked the network for ${request.url()}`);
    });
    await page.setContent('<!doctype html><meta charset="utf-8"><div id="figure"></div>');
    await page.addScriptTag({ content: source });
  });

  afterAll(async () => {
    await browser.close();
  });

  async function drawn(name: string): Promise<Drawn> {
    const bundle = samples[name]![jupyterDisplay]()[mimeType];
    const result = await page.evaluate<Drawn>(`(${draw})(${JSON.stringify(bundle)})`);
    if (screenshots !== undefined) {
      mkdirSync(screenshots, { recursive: true });
      writeFileSync(join(screenshots, `${name}.png`), await page.locator("#figure").screenshot());
    }
    expect(complaints).toEqual([]);
    expect(result.overflow, "a text reaches out of the figure").toBe(false);
    expect(result.covered, "an axis writes into the caption").toBe(false);
    return result;
  }

  it("trainingCurves() draws a line and a band's two edges a curve, and says what the axes are", async () => {
    const { lines, texts } = await drawn("trainingCurves");
    expect(lines).toBe(6);
    expect(texts).toEqual(expect.arrayContaining(["epoch", "mean training loss (nats)", "plain, 56 layers"]));
  });

  it("trainingCurves() draws bands on a logarithmic axis", async () => {
    expect((await drawn("logarithmicCurves")).lines).toBe(6);
  });

  it("bars() draws each bar with its whisker", async () => {
    expect(await drawn("bars")).toMatchObject({ bars: 4, errorBars: 4 });
  });

  it("bars() of long names lie, each name beside its bars and clear of the caption", async () => {
    // As wide as a notebook's figure beside JupyterLab's list of files: standing bars would have their names tilted into the caption.
    await page.setViewportSize({ width: 640, height: 800 });
    const { bars, errorBars, texts } = await drawn("namedBars");
    await page.setViewportSize({ width: 900, height: 800 });
    expect([bars, errorBars]).toEqual([10, 5]);
    expect(texts).toEqual(expect.arrayContaining(["dropout", "constant scalingof both"]));
  });

  it("lines() draws more series than there are colours", async () => {
    expect((await drawn("lines")).lines).toBe(8);
  });

  it("scatter() draws each point with its error bar", async () => {
    expect(await drawn("scatter")).toMatchObject({ points: 36, errorBars: 36 });
  });

  it("imageGrid() shows one picture that holds all images, and their classes", async () => {
    const { images, texts } = await drawn("imageGrid");
    expect(images).toHaveLength(1);
    expect(images[0]!.width).toBe(10 * 29 - 1);
    expect(texts.filter((text) => text === "ankle boot")).toHaveLength(4);
  });

  it("imageGrid() of many columns keeps the classes for the pointer", async () => {
    const { images, texts } = await drawn("smallImageGrid");
    expect(images).toEqual([{ width: 20 * 15 - 1, height: 5 * 15 - 1 }]);
    expect(texts).not.toContain("bag");
  });

  it("heatMap() draws its path over the colours, and says what they are", async () => {
    const { texts, points } = await drawn("heatMap");
    expect(points).toBe(4);
    expect(texts).toEqual(expect.arrayContaining(["first direction", "second direction", "loss (nats)"]));
  });

  describe("imageGrid() on a narrow page", () => {
    const pets = ["cat", "moose", "rocket", "coffee", "clock", "astronaut", "page"];
    const grid = (names: readonly string[], caption?: string) => {
      const images = Uint8Array.from({ length: names.length * 64 }, (_, i) => (7 * i) % 256);
      const set = { images, imageShape: [8, 8, 1] as const };
      return imageGrid(set, { title: "Pictures", columns: names.length, captions: names, ...(caption && { caption }) }); // prettier-ignore
    };
    /** The letters below the pictures and those of the caption, as a page of 390 pixels shows them. */
    const narrowed = async (figure: Figure, more = "") => {
      const { [mimeType]: bundle } = figure[jupyterDisplay]();
      const fresh = await browser.newPage({ viewport: { width: 390, height: 900 } });
      await fresh.setContent(`<!doctype html><meta charset="utf-8"><style>body { margin: 0 } ${more}</style><div class="plotly-figure photographs"><script type="application/json">${JSON.stringify(bundle)}</script></div>`); // prettier-ignore
      await fresh.addScriptTag({ content: source });
      await fresh.addScriptTag({ content: fitting });
      await fresh.locator(".imagelayer image").waitFor({ timeout: 20_000 });
      return fresh;
    };

    it("keeps the names of seven, in letters that stand side by side and within the page", async () => {
      const fresh = await narrowed(grid(pets));
      const names = fresh.locator(".textpoint text");
      expect(await names.allTextContents()).toEqual(pets);
      const boxes = await Promise.all((await names.all()).map(async (one) => (await one.boundingBox())!));
      boxes.slice(1).forEach(({ x }, i) => {
        expect(x, pets[i + 1]).toBeGreaterThanOrEqual(boxes[i]!.x + boxes[i]!.width - 0.5);
      });
      expect(boxes.at(-1)!.x + boxes.at(-1)!.width).toBeLessThanOrEqual(390);
      expect(await fresh.locator(".annotation").count()).toBe(0);
      expect(await fresh.evaluate(cut)).toEqual([]);
      await fresh.close();
    });

    it.each([undefined, "Each of its kind."])(
      "says names that have no room in its caption, which was %s",
      async (caption) => {
        const names = [...pets, "cat", "cat", "cat", "motorcycle", "motorcycle"];
        const fresh = await narrowed(grid(names, caption));
        expect(await fresh.locator(".textpoint text").count()).toBe(0);
        await fresh.locator(".annotation text").waitFor();
        const said = (await fresh.locator(".annotation tspan.line").allTextContents()).join(" ");
        expect(said).toBe(`${caption === undefined ? "" : `${caption} `}Row by row: ${pets.join(", ")}, 3 × cat, 2 × motorcycle.`); // prettier-ignore
        expect(await fresh.evaluate(cut)).toEqual([]);
        await fresh.close();
      },
    );

    it("stands on a dark page's own ground, in its ink, and leaves the pictures as they are", async () => {
      const css = readFileSync(join(__dirname, "../tools/site/site.css"), "utf8");
      const dark = ":root { --color-background: #15191e !important; --color-text: #e6edf3 !important }";
      const fresh = await narrowed(grid(pets, "Seven."), `${css} ${dark}`);
      await fresh.emulateMedia({ colorScheme: "dark" });
      const look = `(() => {
        const style = (selector) => getComputedStyle(document.querySelector(selector));
        const letters = [".gtitle", ".textpoint text", ".annotation text"].map((selector) => style(selector).fill);
        return { ground: style(".main-svg").backgroundColor, letters, turned: style(".plotly-figure").filter };
      })()`;
      expect(await fresh.evaluate(look)).toEqual({
        ground: "rgb(21, 25, 30)",
        letters: Array.from({ length: 3 }, () => "rgb(230, 237, 243)"),
        turned: "none",
      });
      await fresh.close();
    });
  });

  it("heatMap() of square cells is drawn so at any width of the page", async () => {
    const { [mimeType]: bundle } = samples["squareHeatMap"]![jupyterDisplay]();
    const fresh = await browser.newPage();
    await fresh.setContent(
      `<!doctype html><style>body { margin: 0 }</style><div class="plotly-figure"><script type="application/json">${JSON.stringify(bundle)}</script></div>`,
    );
    await fresh.addScriptTag({ content: source });
    await fresh.addScriptTag({ content: fitting });
    for (const width of [1400, 700, 390]) {
      await fresh.setViewportSize({ width, height: 800 });
      const plot = fresh.locator(".heatmaplayer image");
      await expect
        .poll(async () => (await fresh.locator(".main-svg").first().boundingBox())?.width, {
          timeout: 20_000,
        })
        .toBe(width);
      const box = (await plot.boundingBox())!;
      expect(box.width / box.height, `at ${width} pixels`).toBeCloseTo(1, 1);
      expect(box.height, `at ${width} pixels`).toBeGreaterThan(200);
      const scale = (await fresh.locator(".cbfills").boundingBox())!;
      expect(scale.x - (box.x + box.width), `its scale at ${width} pixels`).toBeLessThan(60);
    }
    await fresh.close();
  });

  it("moving() goes by pointer and by keyboard to the step that its slider names, on axes that stay, and a narrower page keeps it there", async () => {
    const { [mimeType]: bundle } = samples["moving"]![jupyterDisplay]();
    const fresh = await browser.newPage({ viewport: { width: 800, height: 900 } });
    await fresh.setContent(
      `<!doctype html><meta charset="utf-8"><style>body { margin: 0 }</style><div class="plotly-figure"><script type="application/json">${JSON.stringify(bundle)}</script></div>`,
    );
    await fresh.addScriptTag({ content: source });
    await fresh.addScriptTag({ content: fitting });
    const slider = fresh.getByRole("slider", { name: "factor by which each layer multiplies the gradient" });
    const state = async () => {
      const text = await slider.getAttribute("aria-valuetext");
      const last = `(() => { const { data, _fullLayout } = document.querySelector(".js-plotly-plot"); return { last: data[0].y.at(-1), range: _fullLayout.yaxis.range, width: _fullLayout.width }; })()`;
      return { text, ...(await fresh.evaluate<{ last: number; range: number[]; width: number }>(last)) };
    };
    await expect.poll(() => slider.getAttribute("aria-valuetext"), { timeout: 20_000 }).toBe("1");
    const first = await state();
    expect(first.last).toBe(1);
    await slider.focus();
    await fresh.keyboard.press("ArrowLeft");
    await expect.poll(state).toEqual({ ...first, text: "0.9", last: 0.9 ** 60 });
    await fresh.keyboard.press("End");
    await expect.poll(state).toEqual({ ...first, text: "1.2", last: 1.2 ** 60 });
    await fresh.setViewportSize({ width: 390, height: 900 });
    await expect.poll(async () => (await state()).width, { timeout: 20_000 }).toBe(390);
    expect(await state()).toMatchObject({ text: "1.2", last: 1.2 ** 60, range: first.range });
    // The left end of the rail, where a finger would put it.
    const rail = (await fresh.locator(".slider-rail-rect").boundingBox())!;
    await fresh.mouse.click(rail.x + 12, rail.y + rail.height / 2);
    await expect.poll(async () => (await state()).text).toBe("0.8");
    const texts = await fresh.evaluate(cut);
    expect(texts, "what the slider covers or the page cuts").toEqual([]);
    const [marks, caption] = [fresh.locator(".slider-labels"), fresh.locator(".annotation")];
    const bottom = (await marks.boundingBox())!;
    expect(bottom.y + bottom.height, "the slider's marks stand above the caption").toBeLessThanOrEqual((await caption.boundingBox())!.y + 1); // prettier-ignore
    expect((await fresh.locator(".xtitle").boundingBox())!.y).toBeLessThan((await fresh.locator(".slider-group > text").boundingBox())!.y); // prettier-ignore
    await fresh.close();
  });

  it("moving() keeps long marks at both ends of its slider within a page, and a legend of two rows has the room of two", async () => {
    const names = ["from -1.5", "from -1", "from -0.5", "from 0", "from 0.5", "from 1", "from 1.5"];
    const step = (label: string) => ({ label, figure: lines(names.map((name, i) => ({ name, x: [0, 1], y: [i, label.length] })), { title: "t", x: { title: "x" }, y: { title: "y" } }) }); // prettier-ignore
    const moved = moving(["0, before the very first layer", "1", "the last one, a goldfish in a bowl"].map(step), { slider: "step", shown: "1" }); // prettier-ignore
    const { [mimeType]: bundle } = moved[jupyterDisplay]();
    const fresh = await browser.newPage({ viewport: { width: 390, height: 900 } });
    await fresh.setContent(`<!doctype html><meta charset="utf-8"><style>body { margin: 0 }</style><div class="plotly-figure"><script type="application/json">${JSON.stringify(bundle)}</script></div>`); // prettier-ignore
    await fresh.addScriptTag({ content: source });
    await fresh.addScriptTag({ content: fitting });
    await fresh.getByRole("slider").waitFor({ timeout: 20_000 });
    expect(await fresh.evaluate(cut)).toEqual([]);
    await fresh.setViewportSize({ width: 700, height: 900 });
    await expect.poll(async () => (await fresh.locator(".main-svg").first().boundingBox())?.width, { timeout: 20_000 }).toBe(700); // prettier-ignore
    const box = async (part: string) => (await fresh.locator(part).first().boundingBox())!;
    const [title, legend, plot] = [await box(".gtitle"), await box(".legend"), await box(".nsewdrag")];
    expect(legend.height, "seven rows would be three times as high").toBeLessThan(60);
    expect(legend.y).toBeGreaterThanOrEqual(title.y + title.height);
    expect(plot.y).toBeGreaterThanOrEqual(legend.y + legend.height - 4);
    expect(plot.y - title.y - title.height, "room for the legend").toBeLessThan(legend.height + 40);
    await fresh.close();
  });

  it("moving() is whole at every step where plotly.js alone draws it, whose frames hold only what moves", async () => {
    const { [mimeType]: bundle } = samples["moving"]![jupyterDisplay]();
    const fresh = await browser.newPage({ viewport: { width: 800, height: 900 } });
    await fresh.setContent(`<!doctype html><meta charset="utf-8"><div id="place"></div>`);
    await fresh.addScriptTag({ content: source });
    const steps = `(async ({ data, layout, frames }) => {
      await Plotly.newPlot(place, { data, layout, frames });
      const at = async (name) => {
        await Plotly.animate(place, [name], { mode: "immediate", frame: { duration: 0, redraw: true }, transition: { duration: 0 } });
        const [{ name: series, mode, x, y }] = place.data;
        return { series, mode, count: x.length, last: y.at(-1), drawn: place.querySelector(".scatterlayer .js-line").getAttribute("d") };
      };
      return [await at("1"), await at("0.9"), await at("1")];
    })(${JSON.stringify(bundle)})`;
    type Step = { series: string; mode: string; count: number; last: number; drawn: string };
    const [first, second, again] = await fresh.evaluate<[Step, Step, Step]>(steps);
    expect(second).toEqual({ ...first, last: 0.9 ** 60, drawn: second.drawn });
    expect(second.drawn).not.toBe(first.drawn);
    expect(again).toEqual(first);
    await fresh.close();
  });

  it("moving() takes back whiskers that a step lacks, by the project's script and by plotly.js alone", async () => {
    const step = (value: number, errors?: readonly number[]) => ({
      label: String(value),
      figure: lines([{ name: "a", x: [0, 1], y: [value, 1], ...(errors && { errors }) }], { title: "t", x: { title: "x" }, y: { title: "y" } }), // prettier-ignore
    });
    const moved = moving([step(1, [1, 1]), step(2, [1, 1]), step(3)], { slider: "step", shown: "1" });
    const { [mimeType]: bundle } = moved[jupyterDisplay]();
    const whiskers = (page: Page) => page.locator("path.yerror").count();
    const own = await browser.newPage({ viewport: { width: 800, height: 900 } });
    await own.setContent(`<!doctype html><meta charset="utf-8"><div class="plotly-figure"><script type="application/json">${JSON.stringify(bundle)}</script></div>`); // prettier-ignore
    await own.addScriptTag({ content: source });
    await own.addScriptTag({ content: fitting });
    await own.getByRole("slider", { name: "step" }).focus();
    expect(await whiskers(own)).toBe(2);
    await own.keyboard.press("End");
    await expect.poll(() => whiskers(own)).toBe(0);
    await own.close();
    const alone = await browser.newPage({ viewport: { width: 800, height: 900 } });
    await alone.setContent(`<!doctype html><meta charset="utf-8"><div id="place"></div>`);
    await alone.addScriptTag({ content: source });
    const to = (name: string) =>
      alone.evaluate(`Plotly.animate(place, ["${name}"], { mode: "immediate", frame: { duration: 0, redraw: true }, transition: { duration: 0 } }).then(() => undefined)`); // prettier-ignore
    await alone.evaluate(`(({ data, layout, frames }) => Plotly.newPlot(place, { data, layout, frames }).then(() => undefined))(${JSON.stringify(bundle)})`); // prettier-ignore
    await to("2");
    expect(await whiskers(alone)).toBe(2);
    await to("3");
    expect(await whiskers(alone)).toBe(0);
    await to("1");
    expect(await whiskers(alone)).toBe(2);
    await alone.close();
  });

  it("other people's figures move as they did, without a slider or with frames of another kind", async () => {
    const trace = (y: number) => ({ type: "scatter", x: [1, 2], y: [y, y] });
    const foreign = [
      { data: [trace(0)], layout: {}, frames: [{ name: "a", data: [trace(1)] }, { name: "b", data: [trace(2)] }] },
      { data: [trace(0)], layout: { sliders: [{ steps: [{ label: "one", method: "skip", args: [] }] }] }, frames: [{ name: "a", data: [trace(1)] }, { name: "b", data: [trace(2)] }] },
    ]; // prettier-ignore
    const fresh = await browser.newPage({ viewport: { width: 700, height: 900 } });
    const mistakes: string[] = [];
    fresh.on("pageerror", (error) => mistakes.push(error.message));
    await fresh.setContent(`<!doctype html>${foreign.map((one) => `<div class="plotly-figure"><script type="application/json">${JSON.stringify(one)}</script></div>`).join("")}`); // prettier-ignore
    await fresh.addScriptTag({ content: source });
    await fresh.addScriptTag({ content: fitting });
    await expect.poll(() => fresh.locator(".js-plotly-plot .main-svg").count(), { timeout: 20_000 }).toBeGreaterThan(3); // prettier-ignore
    const moved = `(async () => { const [first] = document.querySelectorAll(".js-plotly-plot"); await Plotly.animate(first, ["b"], { mode: "immediate", frame: { duration: 0 }, transition: { duration: 0 } }); return first.data[0].y[0]; })()`;
    expect(await fresh.evaluate(moved)).toBe(2);
    expect(mistakes).toEqual([]);
    await fresh.close();
  });

  it("histogram() draws a bar for each bin of each sample", async () => {
    expect((await drawn("histogram")).bars).toBe(48);
  });

  it("gradientTerms() and shortcutShare() draw a line a term, and name them", async () => {
    const { lines, texts } = await drawn("gradientTerms");
    expect(lines).toBe(3);
    expect(texts).toEqual(expect.arrayContaining(["through F", "through the shortcut"]));
    expect((await drawn("shortcutShare")).lines).toBeGreaterThan(0);
  });

  it("every figure is whole at any width, as pages and JupyterLab draw it", async () => {
    const fresh = await browser.newPage();
    await fresh.setContent(
      `<!doctype html><meta charset="utf-8"><style>body { margin: 0 }</style>${[
        ...Object.values(samples),
        longLegend,
        longNumbers,
      ]
        .map((one) => one[jupyterDisplay]()[mimeType])
        .map(
          (one) =>
            `<div class="plotly-figure"><script type="application/json">${JSON.stringify(one).replaceAll("<", "\\u003c")}</script></div>`,
        )
        .join("")}`,
    );
    await fresh.addScriptTag({ content: source });
    await fresh.addScriptTag({ content: fitting });
    for (const width of [1400, 700, 390, 280]) {
      await fresh.setViewportSize({ width, height: 800 });
      await expect
        .poll(
          () =>
            fresh.evaluate<number[]>(
              `[...document.querySelectorAll(".plotly-figure .main-svg")].map((one) => one.clientWidth)`,
            ),
          { timeout: 20_000 },
        )
        .toSatisfy((widths: number[]) => widths.length > 0 && widths.every((one) => one === width));
      expect(await fresh.evaluate(cut), `cut off at ${width} pixels`).toEqual([]);
      const captionLines = await fresh.evaluate<number>(
        `[...document.querySelectorAll(".plotly-figure")].at(-1).querySelectorAll(".annotation text tspan.line").length`,
      );
      // A text of one line has none of its own.
      if (width === 1400) expect(captionLines, "a caption is broken where there is room").toBe(0);
      else expect(captionLines).toBeGreaterThan(1);
    }
    await fresh.close();
  });

  it("surface() draws in three dimensions", async () => {
    await drawn("surface");
    const size = await page.locator("#figure .gl-container canvas").first().boundingBox();
    expect(size!.width).toBeGreaterThan(300);
    expect(await page.locator("#figure").innerText()).not.toContain("WebGL is not supported");
  });

  it("drawings keep each text within its box, in a font as wide as DejaVu Sans", async () => {
    const long = "a box whose longest line is wider than W×W MatMul operations";
    const drawings = [
      await drawGraph(
        `digraph { node [shape=box]; a [label="short"]; b [label="${long}"]; a -> b; }`,
        "two boxes",
      ),
      await unitDiagram([{ title: "Figure 2's block", architecture: cifarArchitecture({ depth: 8 }) }]),
    ];
    for (const { svg } of drawings) {
      // The browser takes the font that is there; a reader's may be this one.
      const out = await page.evaluate(`(() => {
        document.getElementById("figure").innerHTML = ${JSON.stringify(svg.replaceAll("Helvetica, Arial, sans-serif", "DejaVu Sans"))};
        return [...document.querySelectorAll("#figure g.node")].flatMap((node) => {
          const shape = node.querySelector("polygon, path, ellipse");
          if (!shape) return [];
          const box = shape.getBoundingClientRect();
          return [...node.querySelectorAll("text")]
            .filter((text) => text.getBoundingClientRect().left < box.left || text.getBoundingClientRect().right > box.right)
            .map((text) => text.textContent);
        });
      })()`);
      expect(out, "texts that pass the edge of their box").toEqual([]);
      expect(await page.locator("#figure g.node text").count()).toBeGreaterThan(1);
    }
  });
});
