// Draws a page's figures. On a narrow page it breaks titles and captions into more lines and gives them and the legend room.
"use strict";

/** Below this width, in pixels, a figure is laid out anew; the library lays figures out for wider pages. */
const narrow = 640;
/** Rough width of a letter, as a part of the font's size. */
const letter = 0.56;
const line = 1.3;

/** A text's lines of at most `width` pixels. */
function wrap(text, width, size) {
  const most = Math.max(12, Math.floor(width / (letter * size)));
  const lines = [""];
  for (const word of text.replaceAll("<br>", " ").split(" ")) {
    const last = lines.length - 1;
    if (lines[last] === "") lines[last] = word;
    else if (lines[last].length + 1 + word.length <= most) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The caption is the annotation that hangs below the plot's lower left corner. */
const isCaption = ({ yref, y, yanchor, showarrow }) =>
  yref === "paper" && y === 0 && yanchor === "top" && showarrow === false;

/** A legend's entries stand one below the other where two do not fit side by side. */
const legendRows = (data) =>
  data.filter(({ name, showlegend = true }) => name !== undefined && showlegend).length;

/** The layout for a page of this width. */
function fitted(layout, data, width) {
  const { title, margin, height } = layout;
  if (width >= narrow || !title?.text || !margin || !height) return layout;
  // Names beside bars keep their room.
  const left = layout.yaxis?.type === "category" ? margin.l : Math.min(margin.l, 60);
  const size = 14;
  const titleLines = wrap(title.text, width - 16, size);
  const legend = layout.showlegend ? legendRows(data) * 20 : 0;
  const top = 24 + titleLines.length * size * line + legend;
  const xTitle = layout.xaxis?.title?.text;
  const xTitleLines = xTitle ? wrap(xTitle, width - left - 12, 13) : [];
  const xTitleGrowth = Math.max(0, xTitleLines.length - 1) * 13 * line;
  let below = margin.b + xTitleGrowth;
  const annotations = (layout.annotations ?? []).map((one) => {
    if (!isCaption(one)) return one;
    const lines = wrap(one.text, width - 32, one.font.size);
    below += (lines.length - one.text.split("<br>").length) * one.font.size * line;
    return { ...one, text: lines.join("<br>"), xshift: 8 - left, yshift: one.yshift - xTitleGrowth };
  });
  const { xaxis } = layout;
  return {
    ...layout,
    ...(xTitle && { xaxis: { ...xaxis, title: { ...xaxis.title, text: xTitleLines.join("<br>") } } }),
    // A legend beside the plot would leave the plot no room.
    legend: { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom", traceorder: "normal" },
    title: {
      ...title,
      text: titleLines.join("<br>"),
      font: { ...title.font, size },
      xref: "container",
      x: 8 / width,
    },
    annotations,
    margin: { ...margin, l: left, r: 12, t: top, b: below },
    height: height + (top - margin.t) + (below - margin.b),
  };
}

for (const place of document.querySelectorAll(".plotly-figure")) {
  const { data, layout = {}, config = {}, frames } = JSON.parse(place.querySelector("script").textContent);
  const figure = place.appendChild(document.createElement("div"));
  const settings = { responsive: true, displaylogo: false, ...config };
  Plotly.newPlot(figure, { data, layout: fitted(layout, data, place.clientWidth), frames, config: settings });
}
