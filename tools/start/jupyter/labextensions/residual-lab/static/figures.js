// Draws figures as wide as the place they stand in, on exported pages and, as an extension, in JupyterLab and Notebook 7.
"use strict";

{
  const mimeType = "application/vnd.plotly.v1+json";
  /** Below this width, in pixels, a figure's margins are kept small. */
  const narrow = 640;
  /** A narrower place is scrolled: its axes alone would fill it. */
  const narrowest = 240;
  /** Plotly's distance of lines, and its size of an axis's title, by the font's size. */
  const line = 1.3;
  const axisTitle = 1.2;
  /** A scale of colours with its numbers and title, in pixels. */
  const colorBar = 110;
  /** What plotly's buttons need in the upper right corner. */
  const toolbar = { width: 270, height: 26 };
  const ink = document.createElement("canvas").getContext("2d");

  /** The tags that plotly.js obeys; it writes out any other. */
  const tags = /<\/?(?:a|b|br|em|i|s|span|sub|sup|u)(?:\s[^>]*)?>/gi;

  /** A text's width in pixels; of tags such as `<sub>` nothing is seen. */
  function widthOf(text, size, family) {
    ink.font = `${size}px ${family}`;
    return ink.measureText(text.replace(tags, "")).width;
  }

  /** A text's lines of at most `width` pixels; a longer word stands alone. */
  function wrap(text, width, size, family) {
    const lines = [""];
    for (const word of text.replaceAll("<br>", " ").split(" ")) {
      const longer = lines.at(-1) === "" ? word : `${lines.at(-1)} ${word}`;
      if (lines.at(-1) === "" || widthOf(longer, size, family) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  /** The caption is the annotation that hangs below the plot's lower left corner. */
  const isCaption = ({ yref, y, yanchor, showarrow }) =>
    yref === "paper" && y === 0 && yanchor === "top" && showarrow === false;

  /** The annotations, with an empty caption where there is none and something is to be said in it. */
  function withCaption({ annotations = [], margin }, said) {
    if (said === "" || annotations.some(isCaption)) return annotations;
    const place = { xref: "paper", x: 0, xanchor: "left", yref: "paper", y: 0, yanchor: "top" };
    const font = { size: 12, color: "#555555" };
    return [...annotations, { text: "", align: "left", showarrow: false, font, ...place, yshift: -margin.b }];
  }

  const isInLegend = ({ name, showlegend = true }) => name !== undefined && showlegend;

  /** Ticks of numbers stay level, since turned ones would reach into the caption, so there are no more of them than have room. */
  const lyingTicks = ({ type }, width) =>
    type === "category" ? {} : { tickangle: 0, nticks: Math.max(2, Math.floor(width / 56)) };

  /** The height that a plot needs whose axes have one scale, as an image grid's: as high as `width` makes it. Undefined for others. */
  function scaledHeight({ xaxis, yaxis }, width) {
    if (yaxis?.scaleanchor === undefined || !xaxis?.range || !yaxis.range) return undefined;
    const [across, along] = [xaxis, yaxis].map(({ range }) => Math.abs(range[1] - range[0]));
    return (width * along) / across;
  }

  /** The room beside a plot whose axes have one scale, so that its scale of colours stands at its side and not at the page's. */
  function besideScaled({ xaxis, yaxis }, right, width, height) {
    if (yaxis?.scaleanchor === undefined || !xaxis?.range || !yaxis.range) return right;
    const [across, along] = [xaxis, yaxis].map(({ range }) => Math.abs(range[1] - range[0]));
    return Math.max(right, width - (height * across) / along);
  }

  /** Letters of fewer pixels nobody could read below a picture. */
  const smallestText = 8;

  /**
   * The size, their own or a smaller one, at which a trace's texts, such as an image grid's classes, stand side by side in a plot of this width;
   * undefined where they do at none that can be read. Of other traces their own, whatever it is.
   */
  function textSize({ mode, x, text, textfont }, { xaxis, font }, width) {
    const own = textfont?.size ?? font.size;
    if (mode !== "text" || !xaxis?.range || x.length < 2) return own;
    const room = (width * Math.abs(x[1] - x[0])) / Math.abs(xaxis.range[1] - xaxis.range[0]);
    const longest = Math.max(...text.map((one) => widthOf(one, own, font.family)));
    const size = Math.min(own, Math.floor((2 * own * room) / longest) / 2);
    return size >= smallestText ? size : undefined;
  }

  /** Whether texts stand side by side in letters of their own size. */
  const textsFit = (trace, layout, width) =>
    textSize(trace, layout, width) === (trace.textfont?.size ?? layout.font.size);

  /** A trace with its texts in letters that fit, and hidden where none do. */
  function withTexts(trace, layout, width) {
    const size = textSize(trace, layout, width);
    if (size === undefined) return { ...trace, visible: false };
    return trace.mode === "text" ? { ...trace, textfont: { ...trace.textfont, size } } : trace;
  }

  /** What hidden texts say, for the caption: whoever has a finger for a pointer, or paper, would not see them; equal ones that follow each other are counted. */
  function hiddenTexts(data, layout, width) {
    const hidden = data.filter((trace) => textSize(trace, layout, width) === undefined);
    const runs = [];
    for (const text of hidden.flatMap((trace) => trace.text)) {
      if (runs.at(-1)?.text === text) runs.at(-1).count += 1;
      else runs.push({ text, count: 1 });
    }
    if (runs.length === 0) return "";
    const named = runs.map(({ text, count }) => (count === 1 ? text : `${count} × ${text}`));
    return `Row by row: ${named.join(", ")}.`;
  }

  /** What a legend's entry takes beside its name: its key, and the distance to the next one. */
  const legendKey = 46;

  /** Whether a legend above the plot has all its entries in one row of this width; plotly.js breaks a longer one into rows that reach into the title. */
  function legendFits(data, { showlegend, legend, font }, width) {
    if (!showlegend || legend?.orientation !== "h") return true;
    const entries = data.filter(isInLegend);
    return (
      entries.reduce((sum, { name }) => sum + legendKey + widthOf(name, font.size, font.family), 0) <= width
    );
  }

  /** What a slider says above itself, in letters of such a size that every step's fits into `room`; below 7 pixels nobody could read them. */
  function valueWithin({ currentvalue, steps }, room, family) {
    const { prefix = "", font } = currentvalue;
    const longest = Math.max(...steps.map(({ label }) => widthOf(prefix + label, font.size, family)));
    return { ...currentvalue, font: { ...font, size: Math.max(7, font.size * Math.min(1, room / longest)) } };
  }

  /** A slider whose first and last marks, which stand with their middle at its ends, reach over neither edge of the figure. */
  function markedWithin(slider, left, right, font) {
    const half = ({ label }) => widthOf(label, slider.font?.size ?? font.size, font.family) / 2 + 2;
    const { pad = {}, steps = [] } = slider;
    if (steps.length === 0) return slider;
    const l = Math.max(pad.l ?? 0, half(steps[0]) - left);
    const r = Math.max(pad.r ?? 0, half(steps.at(-1)) - right);
    return { ...slider, pad: { ...pad, l, r } };
  }

  /**
   * How many rows a legend of several rows has: plotly.js gives each entry the room of the longest. Names that were broken into lines stand one
   * below the other.
   */
  function legendRows(names, width, { size, family }) {
    const lines = names.reduce((sum, parts) => sum + parts.length, 0);
    if (lines > names.length || names.length === 0) return lines;
    const longest = Math.max(...names.map(([name]) => legendKey + 8 + widthOf(name, size, family)));
    return Math.ceil(names.length / Math.max(1, Math.floor(width / longest)));
  }

  /**
   * The figure for a place of this width. A title or a caption that is too long for it is broken into more lines, and the figure grows by
   * them, so the plot itself is as high at every width, but for images, which keep their shape. `atLeft` is what the numbers beside the plot
   * need, where that is known. Other people's figures get the width alone.
   */
  function fitted({ data, layout }, place, atLeft = 0) {
    const width = Math.max(place, narrowest);
    const { title, margin, height, font } = layout;
    // What was zoomed, turned or hidden stays so when the figure is drawn anew.
    const common = { ...layout, width, uirevision: "kept" };
    if (!title?.text || !margin || !height) return { data, layout: { height: 360, ...common } };
    const measured = (text, size) => widthOf(text, size, font.family);
    const linesOf = (text, room, size) => wrap(text, room, size, font.family);
    const titleWidth = measured(title.text, title.font.size);
    const plain = width - margin.l - margin.r;
    const plotHeight = height - margin.t - margin.b;
    const hasColorBar = data.some(({ colorbar }) => colorbar !== undefined);
    const plotFits =
      data.every((trace) => textsFit(trace, layout, plain)) &&
      legendFits(data, layout, plain) &&
      (scaledHeight(layout, plain - (hasColorBar ? colorBar : 0)) ?? Infinity) >= plotHeight;
    if (width >= narrow && plotFits && margin.l + titleWidth + toolbar.width <= width) {
      // The caption's lines were broken for no width that is known here.
      let b = margin.b;
      const annotations = (layout.annotations ?? []).map((one) => {
        if (!isCaption(one)) return one;
        const lines = linesOf(
          one.text,
          width - Math.max(margin.l, atLeft) - (one.xshift ?? 0) - 8,
          one.font.size,
        );
        b += (lines.length - one.text.split("<br>").length) * one.font.size * line;
        return { ...one, text: lines.join("<br>") };
      });
      const left = Math.max(margin.l, atLeft);
      const r = hasColorBar ? besideScaled(layout, margin.r, width - left, plotHeight) : margin.r;
      return {
        data,
        layout: {
          ...common,
          annotations,
          ...(layout.sliders && {
            sliders: layout.sliders.map((one) => markedWithin(one, left, r, font)),
          }),
          margin: { ...margin, r, b },
          height: height - margin.b + b,
        },
      };
    }

    // Names beside bars keep their room.
    const hasNames = layout.yaxis?.type === "category";
    const left = Math.max(atLeft, width >= narrow || hasNames ? margin.l : Math.min(margin.l, 60));
    const size = width >= narrow ? title.font.size : 14;
    const titleLines = linesOf(title.text, width - 16, size);
    const strip = 8 + measured(titleLines[0], size) + toolbar.width > width ? toolbar.height : 0;
    // A legend beside the plot would leave the plot no room; its entries stand one below the other where two do not fit side by side.
    const entries = layout.showlegend
      ? data.map((trace) =>
          isInLegend(trace) ? linesOf(trace.name, width - left - 60, font.size) : undefined,
        )
      : [];
    const named = entries.filter((lines) => lines !== undefined);
    const legend = legendRows(named, width - left - Math.min(margin.r, 12), font) * 20;
    const top = strip + 24 + titleLines.length * size * line + legend;
    const xTitle = layout.xaxis?.title?.text;
    const axisSize = font.size * axisTitle;
    const beside = hasColorBar ? colorBar : 12;
    const { xaxis } = layout;
    const isScaled = scaledHeight(layout, width) !== undefined;
    const inner = width - left - (isScaled && hasColorBar ? beside : Math.min(margin.r, 12));
    const xTitleLines = xTitle ? linesOf(xTitle, width - left - beside, axisSize) : [];
    const xTitleGrowth = Math.max(0, xTitleLines.length - 1) * axisSize * line;
    let below = margin.b + xTitleGrowth;
    const unseen = hiddenTexts(data, layout, inner);
    const annotations = withCaption(layout, unseen).map((one) => {
      if (!isCaption(one)) return one;
      const lines = linesOf([one.text, unseen].filter(Boolean).join(" "), width - 24, one.font.size);
      // An empty caption has no room yet, not even for one line and its distance from the edge.
      const had = one.text === "" ? -8 / (one.font.size * line) : one.text.split("<br>").length;
      below += (lines.length - had) * one.font.size * line;
      return { ...one, text: lines.join("<br>"), xshift: 8 - left, yshift: one.yshift - xTitleGrowth };
    });
    const plot = Math.min(plotHeight, scaledHeight(layout, inner) ?? plotHeight);
    const right = hasColorBar
      ? besideScaled(layout, Math.min(margin.r, 12), width - left, plot)
      : Math.min(margin.r, 12);
    return {
      data: data
        .map((trace, i) => (entries[i] ? { ...trace, name: entries[i].join("<br>") } : trace))
        .map((trace) => withTexts(trace, layout, inner)),
      layout: {
        ...common,
        ...(xaxis && {
          xaxis: {
            ...xaxis,
            ...lyingTicks(xaxis, inner - beside),
            ...(xTitle && { title: { ...xaxis.title, text: xTitleLines.join("<br>") } }),
          },
        }),
        legend: {
          orientation: "h",
          x: 0,
          xanchor: "left",
          y: 1.02,
          yanchor: "bottom",
          traceorder: "normal",
        },
        title: {
          ...title,
          text: titleLines.join("<br>"),
          font: { ...title.font, size },
          xref: "container",
          x: 8 / width,
          pad: { ...title.pad, t: (title.pad?.t ?? 0) + strip },
        },
        annotations,
        // A slider hangs between the axis's title and the caption.
        ...(layout.sliders && {
          sliders: layout.sliders.map((whole) => {
            const one = markedWithin(whole, left, right, font);
            return {
              ...one,
              pad: { ...one.pad, t: (one.pad?.t ?? 0) + xTitleGrowth },
              ...(one.currentvalue?.font && {
                currentvalue: valueWithin(one, width - left - 8, font.family),
              }),
            };
          }),
        }),
        margin: { ...margin, l: left, r: right, t: top, b: below },
        height: top + plot + below,
      },
    };
  }

  /** Whether a figure is the library's: one slider, with a frame for each of its steps. */
  const isMoving = ({ layout, frames }) =>
    frames !== undefined &&
    layout?.sliders?.length === 1 &&
    layout.sliders[0].steps?.length === frames.length &&
    frames.every(({ name }, i) => name === layout.sliders[0].steps[i].label);

  /** The figure as its slider shows it at this step, and each step's traces as the figure's own are fitted. */
  function atStep({ data, layout = {}, frames }, step, place, atLeft) {
    // Other people's figures may move by buttons, or by a slider that has steps and frames of its own.
    if (!isMoving({ layout, frames })) return { ...fitted({ data, layout }, place, atLeft), frames };
    /** All traces of a step: a frame holds those alone that move, and of them what moves. */
    const whole = ({ data: moved, traces = [...moved.keys()] }) =>
      data.map((trace, i) => (traces.includes(i) ? { ...trace, ...moved[traces.indexOf(i)] } : trace));
    const shown = { ...layout, sliders: [{ ...layout.sliders[0], active: step }] };
    const fittedTo = (frame) => fitted({ data: whole(frame), layout: shown }, place, atLeft);
    return {
      ...fittedTo(frames[step]),
      frames: frames.map((frame) => {
        const drawn = fittedTo(frame).data;
        return { ...frame, data: (frame.traces ?? [...frame.data.keys()]).map((i) => drawn[i]) };
      }),
    };
  }

  /** The keys of a slider, by how far they move it. */
  const strides = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -Infinity, End: Infinity };

  /** Makes a figure's slider, which plotly.js leaves to the pointer, one for the keyboard and for who cannot see it. */
  function operable(Plotly, element) {
    const group = element.querySelector(".slider-group");
    const slider = element.layout.sliders?.[0];
    if (!group || !slider) return;
    const { steps, currentvalue } = slider;
    const at = element._fullLayout.sliders[0].active;
    const attributes = {
      tabindex: "0",
      role: "slider",
      "aria-label": currentvalue?.prefix?.replace(/:\s*$/, "") ?? "step",
      "aria-valuemin": "0",
      "aria-valuemax": String(steps.length - 1),
      "aria-valuenow": String(at),
      "aria-valuetext": steps[at]?.label ?? "",
    };
    for (const [name, value] of Object.entries(attributes)) group.setAttribute(name, value);
    if (group.onkeydown) return;
    group.onkeydown = (event) => {
      const stride = strides[event.key];
      if (stride === undefined) return;
      // JupyterLab would go to the next cell, and a page would scroll.
      event.preventDefault();
      event.stopPropagation();
      const from = element._fullLayout.sliders[0].active;
      const to = Math.min(steps.length - 1, Math.max(0, from + stride));
      if (to !== from) void Plotly.animate(element, ...steps[to].args);
    };
  }

  /**
   * Draws a figure into an element that shows it at the width `drawn`, if any, and anew whenever the element's width changes; gives a
   * function that ends this. The height is always given: plotly.js would take it from the element, whose own height is the figure's and a scroll bar's that narrowing brings for a moment.
   */
  function show(Plotly, element, figure, drawn = 0) {
    const config = { displaylogo: false, ...figure.config, responsive: false };
    /** Where the reader has put the slider, which a drawing for another width keeps. */
    let step = figure.layout?.sliders?.[0]?.active ?? 0;
    const listen = () => {
      if (!isMoving(figure) || element.dataset.moves) return;
      element.dataset.moves = "true";
      element.on("plotly_animated", () => {
        step = element._fullLayout.sliders[0].active;
      });
      element.on("plotly_afterplot", () => operable(Plotly, element));
      operable(Plotly, element);
    };
    const react = (atLeft) =>
      Plotly.react(element, { ...atStep(figure, step, drawn, atLeft), config }).then(listen);
    /** Long numbers push the plot to the right, and with it all that hangs below; how far, only plotly.js knows, once they stand there. */
    const settle = () => {
      const { l } = element._fullLayout._size;
      if (l > element.layout.margin?.l + 1) void react(l);
      else listen();
    };
    const draw = () => {
      const width = element.clientWidth;
      if (width === 0 || width === drawn) return;
      drawn = width;
      void react().then(settle);
    };
    element.fit = draw;
    if (drawn > 0) settle();
    // At once where the element has its place, because paper does not wait.
    else draw();
    // One drawing for a window that is being pulled narrower, not one for each of its widths.
    let soon;
    const observer = new ResizeObserver(() => {
      clearTimeout(soon);
      if (drawn === 0) draw();
      else soon = setTimeout(draw, 100);
    });
    observer.observe(element);
    return () => {
      clearTimeout(soon);
      observer.disconnect();
    };
  }

  const { src, dataset } = document.currentScript;

  /** plotly.js, which an exported page loads when the first of its figures comes near: it is larger than all the rest of a page. */
  let loaded;
  const plotly = () =>
    (loaded ??=
      "Plotly" in window
        ? Promise.resolve(window.Plotly)
        : new Promise((resolve, reject) => {
            const script = document.createElement("script");
            script.src = dataset.plotly;
            script.onload = () => resolve(window.Plotly);
            script.onerror = () =>
              reject(new Error(`${script.src} must lie beside the page: it draws the figures`));
            document.head.append(script);
          }));

  function drawPlace(Plotly, place) {
    seen.unobserve(place);
    if (isDrawn(place)) return;
    const figure = document.createElement("div");
    const data = JSON.parse(place.querySelector("script").textContent);
    place.append(figure);
    show(Plotly, figure, data);
    place.style.minHeight = "";
  }

  const places = document.querySelectorAll(".plotly-figure");
  const isDrawn = (place) => place.lastElementChild.fit !== undefined;
  const seen = new IntersectionObserver(
    async (entries) => {
      const near = entries.filter(({ isIntersecting }) => isIntersecting);
      if (near.length === 0) return;
      const Plotly = await plotly();
      for (const { target } of near) drawPlace(Plotly, target);
    },
    { rootMargin: "400px" },
  );
  for (const place of places) seen.observe(place);

  /** Pixels of a figure on A4 between usual margins. */
  const paper = 660;

  /** plotly.js while everything waits; undefined in a page from a folder, which may read no other file so. */
  function plotlyNow() {
    if ("Plotly" in window || window.location.protocol === "file:") return window.Plotly;
    const request = new window.XMLHttpRequest();
    request.open("GET", dataset.plotly, false);
    request.send();
    const script = document.createElement("script");
    script.text = request.responseText;
    document.head.append(script);
    return window.Plotly;
  }

  // Paper shows figures that nobody has scrolled to, and has its own width. It takes what is there when this is through.
  window.addEventListener("beforeprint", () => {
    if (places.length === 0) return;
    const Plotly = plotlyNow();
    for (const place of places) {
      place.style.width = `${Math.min(paper, place.clientWidth)}px`;
      if (Plotly) drawPlace(Plotly, place);
      place.lastElementChild.fit?.();
    }
  });
  window.addEventListener("afterprint", () => {
    for (const place of places) {
      place.style.width = "";
      place.lastElementChild.fit?.();
    }
  });
  if (places.length > 0 && window.location.protocol === "file:")
    window.addEventListener("load", () => void plotly());

  /** The renderer of JupyterLab's plotly extension, which loads plotly.js, with the drawing above in place of its own. */
  async function renderer() {
    const { RenderedPlotly } = (await window._JUPYTERLAB["jupyterlab-plotly"].get("./mimeExtension"))();
    class FittedPlotly extends RenderedPlotly {
      renderModel({ data }) {
        this.#end?.();
        const { [mimeType]: figure } = data;
        const width = this.node.clientWidth;
        const first = atStep(figure, figure.layout?.sliders?.[0]?.active ?? 0, width || narrow);
        // It also makes a picture for when the graphics card drops a figure; the notebook's file is kept clear of it.
        const held = {
          data: { [mimeType]: { ...figure, ...first } },
          setData: (made) => Object.assign(held, made),
        };
        this._model = held;
        return this.createGraph(held).then(() => {
          if (!this.isDisposed) this.#end = show(RenderedPlotly.Plotly, this.node, figure, width);
        });
      }

      dispose() {
        this.#end?.();
        super.dispose();
      }

      onUpdateRequest() {
        // The element's own width says when to draw; what JupyterLab says of it comes too early, or without a change.
      }

      #end;
    }
    const rendererFactory = {
      safe: true,
      mimeTypes: [mimeType],
      createRenderer: (options) => new FittedPlotly(options),
    };
    const plugin = { id: "residual-lab:figures", rendererFactory, rank: 2, dataType: "json" };
    return { default: plugin };
  }

  // The extension's door: JupyterLab asks here for the modules that package.json names.
  const modules = { "./figures": renderer, "./links": async () => import(new URL("links.js", src)) };
  (window._JUPYTERLAB ??= {})["residual-lab"] = {
    init: () => undefined,
    get: async (name) => {
      const { default: plugin } = await modules[name]();
      return () => ({ __esModule: true, default: plugin });
    },
  };
}
